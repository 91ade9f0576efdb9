export type { FaultEffect } from "../conformance/faulty-store/effect.ts";
export type { Fault, InjectedFault, StoreMethod } from "../conformance/faulty-store/fault.ts";
export { FaultyStore } from "../conformance/faulty-store/faulty-store.ts";
export type { Clock } from "../conformance/harness/clock.ts";
export type { StoreTestOptions } from "../conformance/options.ts";
export {
  type AnotherProcessOptions,
  anotherProcess,
} from "../conformance/process/another-process.ts";
export { type ServeOptions, serveStore } from "../conformance/process/serve-store.ts";
export { testStore } from "../conformance/test-store.ts";
