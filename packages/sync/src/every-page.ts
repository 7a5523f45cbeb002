/**
 * Reads a list to its end, page by page, none of them empty: `read` is given the last item of the page before. It must give
 * as many as `limit` as long as there are so many, since a shorter page is the last one.
 */
export async function* everyPage<Item>(
  limit: number,
  read: (last: Item | undefined) => Promise<readonly Item[]>,
): AsyncGenerator<readonly Item[]> {
  for (let last: Item | undefined; ; ) {
    const page = await read(last);
    if (page.length > 0) yield page;
    if (page.length < limit) return;
    last = page.at(-1);
  }
}
