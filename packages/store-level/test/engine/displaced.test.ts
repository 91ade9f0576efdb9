import {
  cpSync,
  mkdirSync,
  readdirSync,
  renameSync,
  rmSync,
  symlinkSync,
  unlinkSync,
} from "node:fs";
import { join } from "node:path";
import { expect, test } from "@jest/globals";
import { LevelStore } from "@sess/store-level";
import { collect, expectCode, handle, handles, record, scratch } from "@sess/test-support";

/** A directory under a path that leads through a link and through a directory that can be moved. */
function placed() {
  const base = scratch();
  const above = join(base, "above");
  const real = join(above, "sessions");
  const link = join(base, "link");
  mkdirSync(real, { recursive: true });
  symlinkSync(real, link);
  return { base, above, real, link };
}

type Placed = ReturnType<typeof placed>;

const testOnPosix = process.platform === "win32" ? test.skip : test;

const DISPLACEMENTS: [what: string, displace: (places: Placed) => void][] = [
  ["removed", ({ real }) => rmSync(real, { recursive: true })],
  ["renamed", ({ real }) => renameSync(real, `${real}.old`)],
  ["moved with what is above it", ({ above }) => renameSync(above, `${above}.old`)],
  [
    "replaced by an empty one",
    ({ real }) => {
      rmSync(real, { recursive: true });
      mkdirSync(real);
    },
  ],
  [
    "replaced by a copy",
    ({ real }) => {
      renameSync(real, `${real}.old`);
      cpSync(`${real}.old`, real, { recursive: true });
    },
  ],
  [
    "replaced by another one behind the link",
    ({ base, link }) => {
      unlinkSync(link);
      symlinkSync(scratch(), `${base}/next`);
      renameSync(`${base}/next`, link);
    },
  ],
  [
    "emptied",
    ({ real }) => {
      for (const name of readdirSync(real)) rmSync(join(real, name));
    },
  ],
];

for (const sync of [true, false]) {
  for (const [what, displace] of DISPLACEMENTS) {
    testOnPosix(
      `nothing is acknowledged once the directory was ${what} (sync: ${sync})`,
      async () => {
        const places = placed();
        const store = await LevelStore.open(places.link, { sync });
        const saved = record();
        await store.save(handle(1), saved);
        displace(places);
        const { message, cause } = await expectCode(
          store.save(handle(2), saved),
          "STORE_UNAVAILABLE",
        );
        expect(message).toContain(
          `the directory ${places.link} was removed, renamed, replaced or emptied`,
        );
        expect(cause).toBeUndefined();
        for (const each of handles(50, 3)) await expect(store.save(each, saved)).rejects.toThrow();
        await expect(store.touch(handle(1), saved.expiresAt + 1)).rejects.toThrow();
        await expect(store.delete(handle(1))).rejects.toThrow();
        await store.close();
      },
    );
  }
}

testOnPosix(
  "reads go on while the directory is elsewhere, and writes when it is back",
  async () => {
    const { real, link } = placed();
    const store = await LevelStore.open(link);
    await store.save(handle(1), record({ owner: "ada" }));
    renameSync(real, `${real}.old`);
    await expectCode(store.save(handle(2), record()), "STORE_UNAVAILABLE");
    const { message } = await expectCode(store.save(handle(3), record()), "STORE_UNAVAILABLE");
    expect(message).toContain("Nothing was written to LevelDB");
    expect(message).toContain("Reads go on.");
    expect(await store.load(handle(1))).toMatchObject({ owner: "ada" });
    expect(await collect(store.list("ada"))).toHaveLength(1);
    renameSync(`${real}.old`, real);
    expect(await store.save(handle(4), record())).toBe(true);
    // What was rejected may have happened, and what is decided next knows.
    const revision = ((await store.load(handle(2)))?.revision ?? 0) + 1;
    expect(await store.save(handle(2), record({ revision }))).toBe(true);
    expect(await store.load(handle(3))).toBeUndefined();
    await store.close();
    await using reopened = await LevelStore.open(link);
    expect(await collect(reopened.list())).toHaveLength(3);
  },
);

testOnPosix(
  "a directory that was renamed is still locked, and free once the store is closed",
  async () => {
    const { real } = placed();
    const store = await LevelStore.open(real);
    renameSync(real, `${real}.old`);
    await expectCode(LevelStore.open(`${real}.old`), "STORE_LOCKED");
    await store.close();
    await (await LevelStore.open(`${real}.old`)).close();
  },
);
