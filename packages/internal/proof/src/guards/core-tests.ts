/** Files by the beginning of their names. */
export function coreTests(...names: string[]): string[] {
  return names.map((name) => `packages/core/test/${name}`);
}
