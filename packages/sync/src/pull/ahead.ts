/**
 * Lets a source make its next items while the last one is being used: the line is busy while the disk is. They are made
 * one after the other; at most `waitingMax` of them wait, so a slow consumer holds a fast source back.
 */
export async function* ahead<Item>(items: AsyncIterable<Item>, waitingMax = 1): AsyncGenerator<Item, void, undefined> {
  const iterator = items[Symbol.asyncIterator]();
  const coming: Promise<IteratorResult<Item, unknown>>[] = [];
  let isOver = false;
  const ask = (): void => {
    const before = coming.at(-1);
    const next = before ? before.then((item) => (isOver || item.done ? item : iterator.next())) : iterator.next();
    // A failure must not go unheard of between two turns; it is thrown when its turn comes.
    next.catch(() => {});
    coming.push(next);
  };
  try {
    for (;;) {
      if (coming.length === 0) ask();
      const item = await coming.shift()!;
      if (item.done) return;
      while (coming.length < waitingMax) ask();
      yield item.value;
    }
  } finally {
    isOver = true;
    await coming.at(-1)?.catch(() => {});
    await iterator.return?.();
  }
}
