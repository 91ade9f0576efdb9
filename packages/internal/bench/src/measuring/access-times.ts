import { Bench } from "tinybench";
import { Tokens } from "../accesses/tokens.ts";
import type { AccessJob, Load, Measured } from "./job.ts";
import type { Prepared } from "./prepared.ts";

type Access = () => Promise<unknown>;

const STRANGERS = 64;

/** Accesses of one lane in one sample, at most: so many that reading the clock does not count. */
const MOST_PER_SAMPLE = { alone: 16, together: 4 };

/** Measures each load in turn. */
export async function accessTimes(prepared: Prepared, job: AccessJob): Promise<Measured[]> {
  const loads = job.loads.flatMap((load) => {
    const access = accessOf(prepared, load);
    return access === undefined ? [] : [{ load, access }];
  });
  if (!prepared.isWarm) {
    // Collects what filling left behind. Not after the warm-up: a full collection may drop compiled code.
    globalThis.gc?.();
    // All loads before the first is measured, or the first would pay for compiling what they share.
    for (const { load, access } of loads) await warmUp(access, load, job);
    prepared.isWarm = true;
  }
  // The first load pays for caches that have gone cold: a short measurement that nobody sees.
  for (const { load, access } of loads.slice(0, 1)) await measure(access, load, job.time / 4);
  const measured: Measured[] = [];
  for (const { load, access } of loads) measured.push(...(await measure(access, load, job.time)));
  return measured;
}

async function warmUp(
  access: Access,
  { atOnce }: Load,
  { warmUp, time }: AccessJob,
): Promise<void> {
  const end = performance.now() + time * warmUp.times;
  for (let left = warmUp.calls; left > 0 && performance.now() < end; left -= atOnce) {
    await lanes(access, 1, atOnce);
  }
}

async function measure(access: Access, load: Load, time: number): Promise<Measured[]> {
  const { atOnce } = load;
  const length = await sampleLength(access, atOnce, time);
  const sample = atOnce === 1 ? () => lane(access, length) : () => lanes(access, length, atOnce);
  const bench = new Bench({ time, warmup: false, iterations: 2, throws: true });
  let cpu = process.cpuUsage();
  bench.add(load.access, sample, {
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
  if (result?.state !== "completed") throw new Error(`${load.access} was not measured.`);
  const { mean, samplesCount } = result.latency;
  const accesses = length * atOnce;
  return [
    { ...load, unit: "µs", value: (mean * 1000) / accesses },
    { ...load, unit: "CPU µs", value: (cpu.user + cpu.system) / (samplesCount * accesses) },
  ];
}

/** Accesses of one lane in one sample: fewer where one takes long. */
async function sampleLength(access: Access, atOnce: number, time: number): Promise<number> {
  const start = performance.now();
  await lanes(access, 1, atOnce);
  const most = atOnce === 1 ? MOST_PER_SAMPLE.alone : MOST_PER_SAMPLE.together;
  const fitting = Math.floor(time / 4 / (performance.now() - start));
  return Math.max(1, Math.min(most, fitting));
}

async function lane(access: Access, length: number): Promise<void> {
  for (let done = 0; done < length; done += 1) await access();
}

/** Lanes side by side, each with one access after another. */
async function lanes(access: Access, length: number, count: number): Promise<void> {
  await Promise.all(Array.from({ length: count }, () => lane(access, length)));
}

/** Undefined where the contender has no such access. */
function accessOf({ accesses, tokens }: Prepared, load: Load): Access | undefined {
  const { extend, bare } = accesses;
  const anyIndex = () => Math.floor(Math.random() * tokens.count);
  switch (load.access) {
    case "read":
      return () => accesses.read(tokens.at(anyIndex()));
    case "readAll":
      return () => accesses.readAll(tokens.at(anyIndex()));
    case "change":
      return () => {
        const index = anyIndex();
        return accesses.change(tokens.at(index), index);
      };
    case "create": {
      let index = tokens.count;
      return () => accesses.create(index++);
    }
    case "extend":
      return extend && (() => extend(tokens.at(anyIndex())));
    case "bare":
      return bare && (() => bare(tokens.at(anyIndex())));
    case "miss": {
      const strangers = new Tokens(STRANGERS);
      while (strangers.count < STRANGERS) strangers.add(accesses.strangerToken());
      let misses = 0;
      return () => accesses.read(strangers.at(misses++ % STRANGERS));
    }
  }
}
