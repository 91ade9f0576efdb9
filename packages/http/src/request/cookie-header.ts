const SEMICOLON = ";";

/**
 * The values of the cookies called `name` in a `Cookie` header, in order. Not a parser's: those keep one
 * of two cookies of a name, and which of them is not for us to rely on (RFC 6265bis, 4.2.2).
 */
export function cookieValues(header: string, name: string): readonly string[] {
  const values: string[] = [];
  for (let at = header.indexOf(name); at >= 0; at = header.indexOf(name, at + name.length)) {
    const value = startsPair(header, at) ? valueAfter(header, at + name.length) : undefined;
    if (value !== undefined) values.push(value);
  }
  return values;
}

/** Whether a pair begins here: `x__Host-session` is another cookie. */
function startsPair(header: string, at: number): boolean {
  const before = header.slice(0, at).trimEnd();
  return before === "" || before.endsWith(SEMICOLON);
}

/** What stands behind `=`; undefined if the name goes on. */
function valueAfter(header: string, at: number): string | undefined {
  const end = header.indexOf(SEMICOLON, at);
  const rest = header.slice(at, end < 0 ? undefined : end).trim();
  return rest.startsWith("=") ? rest.slice(1).trim() : undefined;
}
