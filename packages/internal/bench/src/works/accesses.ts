import { Bench } from "tinybench";
import type { Sessions } from "../contender.ts";
import type { AccessJob, Load, Measured } from "../job.ts";
import type { Prepared } from "../prepared.ts";
import { Tokens } from "../tokens.ts";

type Access = () => Promise<unknown>;

/** What clients without a session send. */
const STRANGERS = 64;

/** The most accesses of one lane in one sample: enough that taking the time does not count. */
const MOST = { alone: 16, together: 4 };

/** Measures each load in turn. What adds sessions comes last. */
export async function accesses(prepared: Prepared, job: AccessJob): Promise<Measured[]> {
  const strangers = await strangersOf(prepared.sessions);
  const all = job.loads.flatMap((load) => {
    const access = accessOf(prepared, load, strangers);
    return access === undefined ? [] : [{ load, access }];
  });
  // What filling has left behind is collected at nobody's expense. Not later: it throws compiled code away.
  if (!prepared.isWarm) globalThis.gc?.();
  // All of them before the first is measured, or that one would pay for compiling what they share.
  if (!prepared.isWarm) for (const { load, access } of all) await warmUp(access, load, job);
  prepared.isWarm = true;
  const measured: Measured[] = [];
  // The first one pays for caches that have gone cold: a short one, for nobody.
  for (const { load, access } of all.slice(0, 1)) await measure(access, load, job.time / 4);
  for (const { load, access } of all) measured.push(...(await measure(access, load, job.time)));
  return measured;
}

/** Until the code is compiled, which takes calls and not time, or it takes too long. */
async function warmUp(access: Access, { atOnce }: Load, job: AccessJob): Promise<void> {
  const { calls, patience } = job.warmUp;
  const end = performance.now() + job.time * patience;
  for (let left = calls; left > 0 && performance.now() < end; left -= atOnce) {
    await lanes(access, 1, atOnce);
  }
}

async function measure(access: Access, load: Load, time: number): Promise<Measured[]> {
  const { atOnce } = load;
  const length = await lengthOf(access, atOnce, time);
  const sample = atOnce === 1 ? () => lane(access, length) : () => lanes(access, length, atOnce);
  const bench = new Bench({ time, warmup: false, iterations: 2, throws: true });
  let cpu = process.cpuUsage();
  bench.add(load.work, sample, {
    async: true,
    beforeAll: () => {
      cpu = process.cpuUsage();
    },
    afterAll: () => {
      cpu = process.cpuUsage(cpu);
    },
  });
  const [task] = await bench.run();
  const result = task?.result;
  if (result?.state !== "completed") throw new Error(`${load.work} was not measured.`);
  const { mean, samplesCount } = result.latency;
  const count = length * atOnce;
  return [
    { ...load, unit: "µs", value: (mean * 1000) / count },
    { ...load, unit: "CPU µs", value: (cpu.user + cpu.system) / (samplesCount * count) },
  ];
}

/** How many accesses a lane makes in one sample: fewer where one takes long. */
async function lengthOf(access: Access, atOnce: number, time: number): Promise<number> {
  const start = performance.now();
  await lanes(access, 1, atOnce);
  const most = atOnce === 1 ? MOST.alone : MOST.together;
  const fitting = Math.floor(time / 4 / (performance.now() - start));
  return Math.max(1, Math.min(most, fitting));
}

async function lane(access: Access, length: number): Promise<void> {
  for (let done = 0; done < length; done += 1) await access();
}

/** Side by side, each one access after the other. */
async function lanes(access: Access, length: number, count: number): Promise<void> {
  await Promise.all(Array.from({ length: count }, () => lane(access, length)));
}

function accessOf(prepared: Prepared, { work }: Load, strangers: Tokens): Access | undefined {
  const { sessions, tokens } = prepared;
  const { extend, bare } = sessions;
  const next = randomBelow(tokens.count);
  switch (work) {
    case "read":
      return () => sessions.read(tokens.at(next()));
    case "readAll":
      return () => sessions.readAll(tokens.at(next()));
    case "change":
      return () => {
        const index = next();
        return sessions.change(tokens.at(index), index);
      };
    case "create": {
      let index = tokens.count;
      return () => sessions.create(index++);
    }
    case "extend":
      return extend && (() => extend.call(sessions, tokens.at(next())));
    case "bare":
      return bare && (() => bare.call(sessions, tokens.at(next())));
    case "miss": {
      const nobody = randomBelow(strangers.count);
      return () => sessions.read(strangers.at(nobody()));
    }
  }
}

async function strangersOf(sessions: Sessions): Promise<Tokens> {
  const strangers = new Tokens(STRANGERS);
  while (strangers.count < STRANGERS) strangers.add(await sessions.stranger());
  return strangers;
}

/** A sequence without a pattern that caches could learn, the same in every process (xorshift). */
function randomBelow(limit: number): () => number {
  let state = 0x9e3779b9;
  return () => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) % limit;
  };
}
