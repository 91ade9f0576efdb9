const HANDLE = /^~[\w-]{43}$/;

/** Whether `value` has the shape of a handle. Core never asks a store for anything else. */
export function isHandle(value: unknown): value is string {
  return typeof value === "string" && HANDLE.test(value);
}
