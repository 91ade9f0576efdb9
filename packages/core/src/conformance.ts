export type { StoreTestOptions } from "./conformance/options.ts";
export { testStore } from "./conformance/test-store.ts";
export type { Clock } from "./conformance/time.ts";
