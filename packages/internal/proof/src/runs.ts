import { effort } from "./effort.ts";

/** So often; or, to have a failure again, the run of the seed and path that it was printed with. */
export function runs(everyRun: number, longRun: number) {
  const { SESS_SEED: seed, SESS_PATH: path } = process.env;
  return {
    numRuns: effort(everyRun, longRun),
    ...(seed !== undefined && { seed: Number(seed) }),
    ...(path !== undefined && { path }),
  };
}
