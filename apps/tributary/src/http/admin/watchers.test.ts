import { systemClock } from "@tributary/kernel";
import { expect, it } from "vitest";
import { Watchers } from "./watchers.ts";

function aNode() {
  const state = { now: 0, looks: 0, seen: { network: "a", status: "a" } as Record<string, string> };
  const clock = {
    ...systemClock,
    now: () => state.now,
    sleep: async (ms: number) => {
      state.now += ms;
      await new Promise((resolve) => setImmediate(resolve));
    },
  };
  const watchers = new Watchers(async () => {
    state.looks += 1;
    return state.seen;
  }, clock);
  return { state, watchers };
}

async function next(events: AsyncIterator<string>): Promise<string> {
  return String((await events.next()).value);
}

it("tells a screen what there is at first, and then only what has changed", async () => {
  const { state, watchers } = aNode();
  const stop = new AbortController();
  const events = watchers.follow(stop.signal)[Symbol.asyncIterator]();

  const hello = await next(events);
  const first = await next(events);
  state.seen = { network: "b", status: "a" };
  const second = await next(events);

  expect(hello).toBe("retry: 5000\n\n");
  expect(first).toMatch(/^event: network\ndata: \{"at":0\}\n\nevent: status\n/);
  expect(second).toMatch(/^event: network\n/);
  expect(second).not.toContain("status");
});

it("tells a slow screen once of all that has changed meanwhile, and heaps nothing up", async () => {
  const { state, watchers } = aNode();
  const events = watchers.follow(new AbortController().signal)[Symbol.asyncIterator]();
  for (const _ of [1, 2]) await next(events);

  for (let change = 0; change < 1000; change++) state.seen = { network: String(change), status: "a" };
  const told = await next(events);
  const looks = state.looks;

  expect(told.match(/event:/g)).toHaveLength(1);
  expect(looks).toBeLessThan(4);
});

it("says now and then that it is still there", async () => {
  const { watchers } = aNode();
  const events = watchers.follow(new AbortController().signal)[Symbol.asyncIterator]();
  for (const _ of [1, 2]) await next(events);

  expect(await next(events)).toBe(": here\n\n");
});

it("looks once for all screens, ends with each, and refuses more than a hundred", async () => {
  const { state, watchers } = aNode();
  const stop = new AbortController();
  const screens = Array.from({ length: 100 }, () => watchers.follow(stop.signal)[Symbol.asyncIterator]());
  for (const one of screens) await one.next();
  await Promise.all(screens.map((one) => one.next()));

  expect(watchers.count).toBe(100);
  expect(state.looks).toBe(1);
  expect(() => watchers.follow(stop.signal)).toThrow("100 screens");
  stop.abort();
  await Promise.all(screens.map((one) => one.next()));
  expect(watchers.count).toBe(0);
});
