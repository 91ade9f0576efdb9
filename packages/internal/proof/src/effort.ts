/** Set by the configuration of the long run. */
const isLong = process.env["SESS_EFFORT"] === "long";

/** How often something is tried: in every test run, and in the long one. */
export function effort(everyRun: number, longRun: number): number {
  return isLong ? longRun : everyRun;
}

/**
 * The same as fast-check's parameters. `SESS_SEED` and `SESS_PATH`, as fast-check prints them with a
 * failure, repeat that one run.
 */
export function runs(everyRun: number, longRun: number) {
  const { SESS_SEED: seed, SESS_PATH: path } = process.env;
  return {
    numRuns: effort(everyRun, longRun),
    ...(seed !== undefined && { seed: Number(seed) }),
    ...(path !== undefined && { path }),
  };
}
