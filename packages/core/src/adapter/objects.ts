/** Whether `value` has properties; functions have, too. What they hold is still unknown. */
export function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return (typeof value === "object" && value !== null) || typeof value === "function";
}
