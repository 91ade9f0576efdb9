import { beforeAll, describe, test } from "@jest/globals";
import { testStore } from "@sess/core/conformance";
import { type PostgresClient, PostgresStore } from "@sess/store-postgres";
import { missingPostgres, openPostgres, orSkip } from "@sess/test-servers";
import { type Place, placeInProcess, placeOn, poolOf } from "./place.ts";
import { searchPath, setClock } from "./set-clock.ts";

type Names = ReturnType<Place["table"]>;

/** Where each store keeps its sessions, and who may write past it. */
const kept = new WeakMap<PostgresStore, { names: Names; db: PostgresClient }>();

function open(db: PostgresClient, names: Names): PostgresStore {
  const store = new PostgresStore(db, names);
  kept.set(store, { names, db });
  return store;
}

async function createStore({ db, table }: Place): Promise<PostgresStore> {
  const store = open(db, table());
  await store.createTable();
  return store;
}

function connect(store: PostgresStore, db: PostgresClient): PostgresStore {
  const found = kept.get(store);
  if (found === undefined) throw new Error("not a store of these tests");
  return open(db, found.names);
}

async function damage(store: PostgresStore, key: string): Promise<void> {
  const found = kept.get(store);
  const name = `"${found?.names.schema}"."${found?.names.table}"`;
  await found?.db.query(`UPDATE ${name} SET revision = -revision WHERE key = $1`, [key]);
}

/** The suite over the place that `begin` makes, which is there when the first test runs. */
function conformance(
  begin: () => Promise<Place & { readonly others: PostgresClient }>,
  failing: readonly string[] = [],
): void {
  let place: Awaited<ReturnType<typeof begin>>;
  let clock: Awaited<ReturnType<typeof setClock>>;

  beforeAll(async () => {
    place = await begin();
    clock = await setClock(place);
  });

  testStore({
    test: (name, run) => (failing.includes(name) ? test.failing : test)(name, run),
    createStore: () => createStore(place),
    connect: (store) => connect(store, place.others),
    damage,
    clock: {
      set: (now) => clock.set(now),
      advance: (ms) => clock.advance(ms),
    },
  });
}

describe("in this process", () => {
  // PGlite reads texts with a TextDecoder that takes a byte order mark at the beginning for none of
  // the text. Core's data never begins with one. These turn red when PGlite has mended it.
  const ofPglite = [
    "data: text of a byte order mark comes back unchanged",
    "owner: owners of a byte order mark are told apart",
  ];

  conformance(async () => {
    const place = await placeInProcess();
    await place.db.query(`SET search_path = ${searchPath(place)}`);
    return { ...place, others: place.db };
  }, ofPglite);
});

orSkip(describe, missingPostgres())("on a server", () => {
  conformance(async () => {
    const server = await openPostgres();
    const place = await placeOn(server.url);
    const path = searchPath(place).replaceAll(" ", "");
    // No power is lost here, and thousands of saves need not wait for the disk.
    const options = `-c search_path=${path} -c synchronous_commit=off`;
    return {
      ...place,
      db: poolOf(server.url, { options }),
      others: poolOf(server.url, { options }),
    };
  });
});
