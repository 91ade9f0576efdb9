export type { Fault, FaultEffect, InjectedFault, StoreMethod } from "./conformance/fault.ts";
export { FaultyStore } from "./conformance/faulty-store.ts";
export type { StoreTestOptions } from "./conformance/options.ts";
export { testStore } from "./conformance/test-store.ts";
export type { Clock } from "./conformance/time.ts";
