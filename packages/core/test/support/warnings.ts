import { jest } from "@jest/globals";
import { afterTest } from "@sess/test-support";

export interface Warning {
  readonly message: unknown;
  /** The code in the options of `process.emitWarning`. */
  readonly code: unknown;
}

/** Collects what core warns of until the end of the test. */
export function watchWarnings(): readonly Warning[] {
  const warnings: Warning[] = [];
  const emit = jest.spyOn(process, "emitWarning").mockImplementation((message, options) => {
    const code = typeof options === "object" ? options.code : options;
    warnings.push({ message, code });
  });
  afterTest(() => emit.mockRestore());
  return warnings;
}
