import { FieldsFormat } from "../format/fields-format.ts";
import { RecordFormat } from "../format/record-format.ts";
import { ValueEncoding } from "../format/value-encoding.ts";
import { LifetimePolicy } from "../policy/lifetime-policy.ts";
import { RandomSource } from "../policy/random-source.ts";
import { GuardedStore } from "./guarded-store.ts";
import type { ManagerSettings } from "./manager-options.ts";
import { Tracer } from "./tracer.ts";

/** What all sessions of one manager share. */
export interface Environment {
  readonly store: GuardedStore;
  readonly encoding: ValueEncoding;
  readonly fields: FieldsFormat;
  readonly format: RecordFormat;
  readonly lifetimes: LifetimePolicy;
  readonly random: RandomSource;
  readonly tracer: Tracer;
}

/** Builds what the sessions share from checked settings. */
export function environmentOf(settings: ManagerSettings): Environment {
  const { store, codec, encrypt, maxBytes, touchAfter } = settings;
  const random = new RandomSource();
  const encoding = new ValueEncoding(codec);
  const lifetimes = new LifetimePolicy(settings, touchAfter);
  const format = new RecordFormat({ codecKind: encoding.kind, encrypt, maxBytes, random });
  return {
    store: new GuardedStore(store, format, lifetimes),
    encoding,
    fields: new FieldsFormat(),
    format,
    lifetimes,
    random,
    tracer: new Tracer(),
  };
}
