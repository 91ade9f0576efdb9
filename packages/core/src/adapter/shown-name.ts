/** Longer names are cut. */
const LONGEST_SHOWN = 40;

const PLAIN_NAME = /^[A-Za-z_$][\w$-]*$/;

/**
 * A key, kind or property as messages show it: quoted unless it is a plain name, and cut. A client may
 * have chosen it.
 */
export function shownName(name: string): string {
  const isLong = name.length > LONGEST_SHOWN;
  if (!isLong && PLAIN_NAME.test(name)) return name;
  return JSON.stringify(isLong ? `${name.slice(0, LONGEST_SHOWN)}…` : name);
}
