/**
 * Lets a source make its next item while the last one is being used: the line is busy while the disk is. At most one
 * item waits, so a slow consumer holds a fast source back.
 */
export async function* ahead<Item>(items: AsyncIterable<Item>): AsyncGenerator<Item, void, undefined> {
  const iterator = items[Symbol.asyncIterator]();
  let next = iterator.next();
  try {
    for (;;) {
      const item = await next;
      if (item.done) return;
      next = iterator.next();
      // A failure must not go unheard of between two turns; it is thrown when its turn comes.
      next.catch(() => {});
      yield item.value;
    }
  } finally {
    await next.catch(() => {});
    await iterator.return?.();
  }
}
