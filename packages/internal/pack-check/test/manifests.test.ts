import { expect, test } from "@jest/globals";
import { satisfies } from "semver";
import { published, workspaces } from "../src/packages.ts";

const versions = new Map(workspaces.map(({ name, version }) => [name, version]));

const ranges = workspaces.flatMap(({ name, dependencies, devDependencies, peerDependencies }) =>
  Object.entries({ dependencies, devDependencies, peerDependencies }).flatMap(([kind, of = {}]) =>
    Object.entries(of)
      .filter(([needed]) => versions.has(needed))
      .map(([needed, range]) => ({ name, kind, needed, range })),
  ),
);

test.each(ranges)("the $kind of $name admit the current $needed", ({ needed, range }) => {
  expect(satisfies(versions.get(needed) ?? "", range)).toBe(true);
});

const stores = published.filter(({ name }) => name.startsWith("@sess/store-"));

test.each(stores)("$name leaves core to its user, as a peer", (store) => {
  const range = store.peerDependencies?.["@sess/core"];
  expect(range).toBeDefined();
  expect(store.devDependencies?.["@sess/core"]).toBe(range);
  expect(store.dependencies ?? {}).not.toHaveProperty("@sess/core");
});

test("core depends on nothing", () => {
  const core = published.find(({ name }) => name === "@sess/core");
  expect({ ...core?.dependencies, ...core?.peerDependencies }).toEqual({});
});
