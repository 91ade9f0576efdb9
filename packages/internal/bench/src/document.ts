/** Puts each section between its two marks; a document without the marks of one is an error. */
export function redrawn(document: string, sections: Record<string, string>): string {
  return Object.entries(sections).reduce((text, [name, section]) => {
    const [begin, end] = [`<!-- bench:${name} -->\n`, `<!-- /bench:${name} -->`];
    const [start, stop] = [text.indexOf(begin), text.indexOf(end)];
    if (start < 0 || stop < 0) throw new Error(`The document has no marks for ${name}.`);
    return `${text.slice(0, start + begin.length)}\n${section}\n\n${text.slice(stop)}`;
  }, document);
}
