import { jest } from "@jest/globals";

type Module = typeof import("../../src/contract/errors.ts");

/** A second copy of the module, as a program gets that loads both the ESM and the CommonJS build. */
export function otherCopy(): Module {
  let copy: Module | undefined;
  jest.isolateModules(() => {
    copy = jest.requireActual<Module>("../../src/contract/errors.ts");
  });
  if (copy === undefined) throw new Error("It was not loaded.");
  return copy;
}
