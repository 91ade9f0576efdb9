export { Batcher, type BatcherOptions } from "./adapter/batcher.ts";
export { DamageReport, damagedRecord } from "./adapter/damage.ts";
export {
  causeOf,
  engineCode,
  type Fault,
  FaultTable,
  type FaultTableOptions,
} from "./adapter/faults.ts";
export { isHandle } from "./adapter/handle.ts";
export { KeyedQueue } from "./adapter/keyed-queue.ts";
export { LifeCycle } from "./adapter/life-cycle.ts";
export { isObject } from "./adapter/objects.ts";
export {
  aBoolean,
  anObject,
  checkOption,
  checkOptions,
  oneOf,
  type Rule,
  type Rules,
  text,
  wholeNumber,
  withMethods,
} from "./adapter/options.ts";
export { type PageOptions, pagesOf } from "./adapter/paging.ts";
export { Tick } from "./adapter/tick.ts";
