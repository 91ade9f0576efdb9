const { TestEnvironment } = require("jest-environment-node");

/** The mutant that was killed last. */
let killed;

/**
 * Runs the tests that Stryker asks for and no others, up to the first that fails: that is enough to kill
 * a mutant.
 */
module.exports = class FailFastEnvironment extends TestEnvironment {
  #wanted;

  constructor(config, context) {
    super(config, context);
    this.#wanted = namesIn(config.globalConfig.testNamePattern);
    this.global.wantedTests = this.#wanted;
    this.global.isKilled = isKilled();
  }

  handleTestEvent({ name, test }, state) {
    if (name === "run_start" && this.#wanted !== undefined) {
      // Matching a thousand names takes a second; looking them up takes none.
      state.testNamePattern = { test: (each) => this.#wanted.has(each) };
    }
    if (name === "test_done" && test.errors.length > 0) killed = activeMutant();
    if (name === "test_start" && isKilled()) test.mode = "skip";
  }
};

function isKilled() {
  return killed !== undefined && killed === activeMutant();
}

function activeMutant() {
  return process.env.__STRYKER_ACTIVE_MUTANT__;
}

/** The names of tests in a pattern of Stryker's, `(one)|(another)`; undefined if all tests are meant. */
function namesIn(pattern) {
  if (!pattern) return undefined;
  const escaped = pattern.slice(1, -1).split(")|(");
  return new Set(escaped.map((name) => name.replaceAll(/\\(.)/g, "$1")));
}
