import { compiled } from "./compiled.ts";

export interface DiskFaults {
  /** Only files whose path holds this text. */
  readonly files?: string;
  /** The first call of fdatasync that fails, counted from 1. */
  readonly from?: number;
  /** The last one that fails. */
  readonly to?: number;
  /** A file for which each call waits until it is there. */
  readonly gate?: string;
  /** A file that grows by one byte with each call. */
  readonly count?: string;
}

/** Compiles the library that makes fdatasync fail or wait in a process into which it is preloaded. */
export function compileDiskFaults(): string {
  return compiled("disk-faults.c", "-shared", "-fPIC", "-ldl");
}

/** The environment of a process in which fdatasync does so. */
export function withFaults(
  library: string,
  { files, from = 0, to = 0, gate, count }: DiskFaults,
): NodeJS.ProcessEnv {
  return {
    ...process.env,
    LD_PRELOAD: library,
    FAULT_FROM: String(from),
    FAULT_TO: String(to),
    ...(files !== undefined && { FAULT_FILES: files }),
    ...(gate !== undefined && { FAULT_GATE: gate }),
    ...(count !== undefined && { FAULT_COUNT: count }),
  };
}
