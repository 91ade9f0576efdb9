import { describe, expect, test } from "@jest/globals";
import { shippedDocuments, staysInPackage } from "../src/documents.ts";
import { published } from "../src/packages.ts";

const documents = published.flatMap(({ name, folder }) =>
  shippedDocuments(folder).map((document) => ({ name, folder, document, path: document.path })),
);

describe.each(documents)("$path of $name", ({ folder, document }) => {
  test("links only to what is in its tarball, or to the web", () => {
    const outside = document.links.filter((link) => !staysInPackage(folder, document, link));
    expect(outside).toEqual([]);
  });
});

test.each([
  ["../README.md", true],
  ["errors.md#store_locked", true],
  ["#values", true],
  ["https://redis.io", true],
  ["../src/index.ts", false],
  ["../../store-level", false],
  ["missing.md", false],
])("from core's docs, a link to %s stays in the package: %p", (link, stays) => {
  const core = published.find(({ name }) => name === "@sess/core");
  const document = { path: "docs/guide.md", links: [] };
  expect(staysInPackage(core?.folder ?? "", document, link)).toBe(stays);
});
