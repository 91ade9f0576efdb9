/** Calls a method as JavaScript does, where no compiler checks the arguments. */
export function untypedCall(target: object, method: string, ...args: unknown[]): unknown {
  return Reflect.apply(Reflect.get(target, method), target, args);
}
