import { jest } from "@jest/globals";
import type { Codec } from "@sess/core";

type Errors = typeof import("../../src/contract/errors.ts");
type LooseJson = typeof import("../../src/format/loose-json.ts");

/** A second copy of the module, as a program gets that loads both the ESM and the CommonJS build. */
export function otherCopy(): Errors {
  return isolated(() => jest.requireActual<Errors>("../../src/contract/errors.ts"));
}

/** `looseJson` of a second copy. */
export function otherLooseJson(): Codec {
  const path = "../../src/format/loose-json.ts";
  return isolated(() => jest.requireActual<LooseJson>(path)).looseJson;
}

function isolated<Module>(load: () => Module): Module {
  let copy: Module | undefined;
  jest.isolateModules(() => {
    copy = load();
  });
  if (copy === undefined) throw new Error("It was not loaded.");
  return copy;
}
