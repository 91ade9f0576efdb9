export {
  type Around,
  bare,
  pause,
  ReferenceStore,
  type ReferenceStoreOptions,
  type StoreCall,
} from "./reference-store.ts";
