/** Functions are objects, too. */
export function isObject(value: unknown): boolean {
  return Object(value) === value;
}
