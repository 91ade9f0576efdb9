/** Longer names are cut. */
const LONGEST_SHOWN = 40;

const PLAIN_NAME = /^[A-Za-z_$][\w$-]*$/;

/** What a log or a terminal could take for more than text: control, format and separator characters. */
const UNPRINTABLE = /[\p{C}\p{Zl}\p{Zp}]/gu;

/**
 * A key, kind, class or property as messages show it: quoted unless it is a plain name, and cut. A client
 * may have chosen it.
 */
export function shownName(name: string): string {
  const isLong = name.length > LONGEST_SHOWN;
  if (!isLong && PLAIN_NAME.test(name)) return name;
  return quotedText(isLong ? `${name.slice(0, LONGEST_SHOWN)}…` : name);
}

/** Text in quotes, on one line, with everything escaped that does not print. */
export function quotedText(text: string): string {
  return JSON.stringify(text).replace(UNPRINTABLE, escaped);
}

function escaped(character: string): string {
  return `\\u{${character.codePointAt(0)?.toString(16)}}`;
}
