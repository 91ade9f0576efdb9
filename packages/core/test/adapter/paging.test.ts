import { expect, test } from "@jest/globals";
import { pagesOf } from "@sess/core/adapter";
import { collect } from "@sess/test-support";

/** Reads `items`, which are in order, two at a time, and notes from where. */
function paged(items: string[], pageSize?: number) {
  const reads: string[] = [];
  const pages = pagesOf({
    from: "",
    read: async (after) => {
      reads.push(after);
      return items.filter((item) => item > after).slice(0, 2);
    },
    cursorOf: (item) => item,
    ...(pageSize !== undefined && { pageSize }),
  });
  return { reads, pages };
}

test("a list is read page by page, from the last item of the page before", async () => {
  const { reads, pages } = paged(["a", "b", "c", "d", "e"]);
  expect(await collect(pages)).toEqual([["a", "b"], ["c", "d"], ["e"]]);
  expect(reads).toEqual(["", "b", "d", "e"]);
});

test("a page that is shorter than pageSize is the last", async () => {
  const { reads, pages } = paged(["a", "b", "c"], 2);
  expect(await collect(pages)).toEqual([["a", "b"], ["c"]]);
  expect(reads).toEqual(["", "b"]);
});

test("an empty list has no page", async () => {
  const { reads, pages } = paged([], 2);
  expect(await collect(pages)).toEqual([]);
  expect(reads).toEqual([""]);
});

test("items that come and go between two pages shift no other item", async () => {
  const items = ["a", "b", "c", "d"];
  const { pages } = paged(items);
  const seen: string[] = [];
  for await (const page of pages) {
    seen.push(...page);
    if (seen.length === 2) items.splice(0, 2, "aa", "bb");
  }
  expect(seen).toEqual(["a", "b", "bb", "c", "d"]);
});

test("the next page is read only when it is asked for", async () => {
  const { reads, pages } = paged(["a", "b", "c"]);
  for await (const _ of pages) break;
  expect(reads).toEqual([""]);
});
