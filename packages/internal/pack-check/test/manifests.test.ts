import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "@jest/globals";
import { inc, satisfies } from "semver";
import { published, ROOT, workspaces } from "../src/packages.ts";

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

describe.each(stores)("$name", ({ dependencies, peerDependencies, devDependencies }) => {
  const range = peerDependencies?.["@sess/core"] ?? "";

  test("leaves core to its user, as a peer", () => {
    expect(range).not.toBe("");
    expect(devDependencies).toHaveProperty(["@sess/core"]);
    expect(dependencies ?? {}).not.toHaveProperty(["@sess/core"]);
  });

  test("works with the next minor of core, and not with the next major", () => {
    const core = versions.get("@sess/core") ?? "";
    expect(satisfies(inc(core, "minor") ?? "", range)).toBe(true);
    expect(satisfies(inc(core, "major") ?? "", range)).toBe(false);
  });
});

test("core depends on nothing", () => {
  const core = published.find(({ name }) => name === "@sess/core");
  expect({ ...core?.dependencies, ...core?.peerDependencies }).toEqual({});
});

test("all packages share the version of lerna.json", () => {
  const lerna: unknown = JSON.parse(readFileSync(join(ROOT, "lerna.json"), "utf8"));
  expect(new Set(versions.values()).size).toBe(1);
  expect(lerna).toHaveProperty("version", [...versions.values()][0]);
});

test.each(published)("$name says what npm shows and tools need", (workspace) => {
  expect(workspace).toMatchObject({
    description: expect.stringMatching(/.{20}/),
    license: "MIT",
    sideEffects: false,
    exports: expect.objectContaining({ "./package.json": "./package.json" }),
  });
  expect(workspace.keywords).toEqual(expect.arrayContaining(["session", "session-store"]));
  const docs = existsSync(join(workspace.folder, "docs")) ? ["docs"] : [];
  expect(workspace.files).toEqual(["dist", ...docs, "CHANGELOG.md"]);
});
