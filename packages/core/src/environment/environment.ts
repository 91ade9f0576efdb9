import type { Codec } from "../contract/codec.ts";
import { FieldsFormat } from "../format/fields-format.ts";
import { isLooseJson } from "../format/loose-json.ts";
import { type CodecMode, RecordFormat } from "../format/record-format.ts";
import { JsonEncoding, MixedEncoding, type ValueEncoding } from "../format/value-encoding.ts";
import { LifetimePolicy } from "../policy/lifetime-policy.ts";
import { RandomSource } from "../policy/random-source.ts";
import { FirstSavesInDoubt } from "./first-saves-in-doubt.ts";
import { GuardedStore } from "./guarded-store.ts";
import type { ManagerSettings } from "./manager-options.ts";
import { Operations } from "./operations.ts";
import { RunningChanges } from "./running-changes.ts";
import { Tracer } from "./tracer.ts";
import { UnitWarning } from "./unit-warning.ts";
import { UpdateTurns } from "./update-turns.ts";

/** What all sessions of one manager share. */
export interface Environment {
  readonly store: GuardedStore;
  readonly encoding: ValueEncoding;
  readonly fields: FieldsFormat;
  readonly format: RecordFormat;
  readonly lifetimes: LifetimePolicy;
  readonly random: RandomSource;
  readonly tracer: Tracer;
  readonly operations: Operations;
  readonly firstSaves: FirstSavesInDoubt;
  readonly updates: UpdateTurns;
  readonly runningChanges: RunningChanges;
  readonly unitWarning: UnitWarning;
}

/** Builds what the sessions share from checked settings. */
export function environmentOf(settings: ManagerSettings): Environment {
  const { encrypt, maxBytes } = settings;
  const random = new RandomSource();
  const lifetimes = new LifetimePolicy(settings, settings.touchAfter);
  const operations = new Operations();
  const format = new RecordFormat({ codecMode: codecModeOf(settings), encrypt, maxBytes, random });
  const firstSaves = new FirstSavesInDoubt();
  return {
    store: new GuardedStore(settings.store, { format, lifetimes, operations, firstSaves }),
    encoding: encodingOf(settings),
    fields: new FieldsFormat(),
    format,
    lifetimes,
    random,
    tracer: new Tracer(),
    operations,
    firstSaves,
    updates: new UpdateTurns(),
    runningChanges: new RunningChanges(),
    unitWarning: new UnitWarning(),
  };
}

function codecModeOf({ codec, reads }: ManagerSettings): CodecMode {
  if (isCustom(codec)) return "codec";
  return isCustom(reads) ? "reads" : "json";
}

function encodingOf({ codec, reads, maxBytes }: ManagerSettings): ValueEncoding {
  const json = new JsonEncoding({ isStrict: codec === undefined, maxBytes });
  if (isCustom(codec)) return new MixedEncoding(codec);
  return isCustom(reads) ? new MixedEncoding(reads, json) : json;
}

/** Whether a codec has records of its own. */
function isCustom(codec: Codec | undefined): codec is Codec {
  return codec !== undefined && !isLooseJson(codec);
}
