import { afterAll, afterEach, beforeEach } from "@jest/globals";

type Undo = () => unknown;

const undoAfterTest: Undo[] = [];
const undoAfterTests: Undo[] = [];
let isInTest = false;

beforeEach(() => {
  isInTest = true;
});

afterEach(() => {
  isInTest = false;
  return run(undoAfterTest);
});

afterAll(() => run(undoAfterTests));

/**
 * Runs `undo` after the test that is running now; when `beforeAll` calls this, after all tests of the
 * file. The file's own `afterEach` comes later.
 */
export function afterTest(undo: Undo): void {
  (isInTest ? undoAfterTest : undoAfterTests).push(undo);
}

/** Runs `undo` after all tests of the file. Of several, the one added last runs first. */
export function afterTests(undo: Undo): void {
  undoAfterTests.push(undo);
}

/** Runs all of them, whatever fails, and then throws the first failure. */
async function run(undos: Undo[]): Promise<void> {
  const failures: unknown[] = [];
  for (const undo of undos.splice(0).reverse()) {
    try {
      await undo();
    } catch (error) {
      failures.push(error);
    }
  }
  if (failures.length > 0) throw failures[0];
}
