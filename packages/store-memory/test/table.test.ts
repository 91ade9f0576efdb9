import { expect, test } from "@jest/globals";
import type { SessionRecord } from "@sess/core";
import fc from "fast-check";
import { Table } from "../src/table.ts";

const record = (revision: number): SessionRecord => ({
  revision,
  createdAt: revision + 0.5,
  expiresAt: 2 ** 42 + revision,
  ...(revision % 2 === 0 && { owner: `owner ${revision}` }),
  data: `data ${revision}`,
});

function contents(table: Table): [key: string, record: SessionRecord][] {
  return Array.from({ length: table.size }, (_, place) => [table.key(place), table.record(place)]);
}

const byKey = ([a]: [string, unknown], [b]: [string, unknown]) => (a < b ? -1 : 1);

test("holds what was put in, and finds it, after any sequence of changes", () => {
  // Many at once, so that blocks are filled and given back.
  const step = fc.record({
    call: fc.constantFrom("add", "remove", "replace", "extend"),
    from: fc.nat(900),
    count: fc.integer({ min: 1, max: 600 }),
  });
  fc.assert(
    fc.property(fc.array(step, { maxLength: 12 }), (steps) => {
      const table = new Table();
      const model = new Map<string, SessionRecord>();
      let revision = 0;
      for (const { call, from, count } of steps) {
        for (let number = from; number < from + count; number += 1) {
          const key = String(number);
          const place = table.find(key);
          const known = model.get(key);
          if ((place === undefined) !== (known === undefined)) throw new Error(`lost ${key}`);
          revision += 1;
          if (place === undefined || known === undefined) {
            if (call !== "add") continue;
            table.add(key, record(revision));
            model.set(key, record(revision));
          } else if (call === "remove") {
            table.remove(place);
            model.delete(key);
          } else if (call === "replace") {
            table.replace(place, record(revision));
            model.set(key, record(revision));
          } else if (call === "extend") {
            table.extend(place, revision);
            model.set(key, { ...known, expiresAt: revision });
          }
        }
      }
      expect(JSON.stringify(contents(table).sort(byKey))).toBe(
        JSON.stringify([...model].sort(byKey)),
      );
      for (const [key, known] of model) {
        const place = table.find(key) ?? -1;
        const [owner, revision] = [table.owner(place), table.revision(place)];
        const isRight = table.key(place) === key && table.expiresAt(place) === known.expiresAt;
        if (isRight && owner === known.owner && revision === known.revision) continue;
        throw new Error(`${key} is not what was put in`);
      }
    }),
    { numRuns: 50 },
  );
});

test("a revision is kept exactly, however large", () => {
  const table = new Table();
  const large = { ...record(1), revision: Number.MAX_SAFE_INTEGER };
  table.add("a", large);
  table.add("b", record(1));
  expect(table.record(0)).toEqual(large);
  expect(table.record(1)).toEqual(record(1));
});

test("a record moves towards the beginning only", () => {
  const table = new Table();
  for (let number = 0; number < 600; number += 1) table.add(String(number), record(number));
  for (const gone of ["5", "599", "300", "0"]) {
    const before = new Map(contents(table).map(([key], place) => [key, place]));
    table.remove(table.find(gone) ?? -1);
    for (const [place, [key]] of contents(table).entries()) {
      expect(place).toBeLessThanOrEqual(before.get(key) ?? -1);
    }
  }
});

test("an empty table holds nothing", () => {
  const table = new Table();
  table.add("a", record(1));
  table.clear();
  expect([table.size, table.find("a")]).toEqual([0, undefined]);
  expect(() => table.record(0)).toThrow(RangeError);
});
