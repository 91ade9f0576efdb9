/** Whether `value` has properties; functions do too. What they hold is still unknown. */
export function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return (typeof value === "object" && value !== null) || typeof value === "function";
}
