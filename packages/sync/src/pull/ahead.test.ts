import { describe, expect, it } from "vitest";
import { ahead } from "./ahead.ts";

/** Numbers from 1, with a note of which have been begun and whether it was ended. */
function counting(fails = Number.POSITIVE_INFINITY) {
  const begun: number[] = [];
  const seen = { begun, ended: 0 };
  async function* numbers(): AsyncGenerator<number> {
    try {
      for (let number = 1; number <= 9; number++) {
        begun.push(number);
        await aTurn();
        if (number === fails) throw new Error(`no ${number}`);
        yield number;
      }
    } finally {
      seen.ended += 1;
    }
  }
  return { seen, numbers };
}

const aTurn = () => new Promise((resolve) => setImmediate(resolve));

/** More than the numbers take that may be made meanwhile. */
async function turns(): Promise<void> {
  for (let turn = 0; turn < 20; turn++) await aTurn();
}

describe("what is made while the last of it is used", () => {
  it.each([1, 2, 3])("[S220] is %d items further at most, in their order", async (waitingMax) => {
    const { seen, numbers } = counting();
    const used: number[] = [];

    for await (const number of ahead(numbers(), waitingMax)) {
      used.push(number);
      await turns();
      expect(seen.begun.length).toBe(Math.min(9, number + waitingMax));
    }

    expect(used).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9]);
    expect(seen.ended).toBe(1);
  });

  it("[S220] fails when its turn comes, after all that came before has been used", async () => {
    const used: number[] = [];

    const using = async () => {
      for await (const number of ahead(counting(3).numbers(), 2)) {
        await turns();
        used.push(number);
      }
    };

    await expect(using()).rejects.toThrow("no 3");
    expect(used).toEqual([1, 2]);
  });

  it("[S220] is begun no more once its user is gone", async () => {
    const { seen, numbers } = counting();

    for await (const _ of ahead(numbers(), 3)) break;
    await turns();

    expect(seen).toEqual({ begun: [1, 2], ended: 1 });
  });
});
