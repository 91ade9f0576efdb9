/** How a list is read page by page. */
export interface PageOptions<Item> {
  /** Where reading begins: less than any item's cursor. */
  readonly from: string;
  /** Reads the items whose cursors come after `after`, in their order. */
  read(after: string): Promise<readonly Item[]>;
  /** An item's place in the order. */
  cursorOf(item: Item): string;
  /** The length of a full page: a shorter one is the last. @default 1 */
  readonly pageSize?: number;
}

/**
 * Reads a list page by page by the place of the last item seen (keyset paging), so that nothing is held
 * open between pages and what comes and goes meanwhile shifts nothing.
 */
export async function* pagesOf<Item>(
  options: PageOptions<Item>,
): AsyncGenerator<readonly Item[], void> {
  const { from, cursorOf, pageSize = 1 } = options;
  for (let after = from; ; ) {
    const page = await options.read(after);
    const last = page.at(-1);
    if (last === undefined) return;
    after = cursorOf(last);
    yield page;
    if (page.length < pageSize) return;
  }
}
