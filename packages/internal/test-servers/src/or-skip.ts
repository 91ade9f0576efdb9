/** A runner's `test` or `describe`. */
interface Skippable<Run> {
  readonly skip: Run;
}

/**
 * Whether this run may skip nothing, as the gate may not: `SESS_REQUIRE_ALL=1`. `CI` does not say so,
 * since many contributors' environments set it.
 */
export function requiresAll(): boolean {
  return process.env["SESS_REQUIRE_ALL"] === "1";
}

/**
 * `run`, or `run.skip` where something is `missing`. The reason is printed, because jest does not name
 * skipped tests in a run of many files.
 */
export function orSkip<Run>(run: Run & Skippable<Run>, missing: string | undefined): Run {
  if (missing === undefined || requiresAll()) return run;
  process.stderr.write(`skipped, ${missing}\n`);
  return run.skip;
}
