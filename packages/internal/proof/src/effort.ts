/** Set by the configuration of `npm run test:long`. */
const isLong = process.env["SESS_EFFORT"] === "long";

/** How often something is tried: in every test run, and in `npm run test:long`. */
export function effort(everyRun: number, longRun: number): number {
  return isLong ? longRun : everyRun;
}
