import type { AdminClient } from "@tributary/admin-api";
import { expect, it } from "vitest";
import type { Terminal } from "../terminal.ts";
import { followedFromAfar } from "./followed-from-afar.ts";

const node = "https://clinic.example.org";

/** A terminal that somebody watches or not, and what was drawn on it. */
function aTerminal(isWatched: boolean) {
  const drawn: string[] = [];
  const first = Promise.withResolvers<void>();
  const redraw = (text: string) => {
    drawn.push(text);
    first.resolve();
  };
  const terminal: Terminal = { environment: {}, isWatched, print() {}, async stream() {}, note() {}, redraw };
  return { terminal, drawn, drawnOnce: first.promise };
}

it("draws how far a running node is until its round has ended", async () => {
  const { terminal, drawn, drawnOnce } = aTerminal(true);
  const parent = { beginning: null, position: 7, head: 9 };
  const ask = (async () => ({ parent })) as unknown as AdminClient;

  const ended = await followedFromAfar({ node }, { ask }, terminal, async () => {
    await drawnOnce;
    return "ended";
  });

  expect([ended, drawn]).toEqual(["ended", ["At 7 of 9."]]);
});

it("tells of a snapshot that is being taken in, and lets a status that fails disturb nothing", async () => {
  const { terminal, drawn, drawnOnce } = aTerminal(true);
  const parent = {
    beginning: { records: 1_200, recordsTotal: 50_000, startedAt: 0, estimateMs: 150_000 },
    position: 0,
    head: 0,
  };
  const ask = (async () => ({ parent })) as unknown as AdminClient;
  const failing = (async () => {
    throw new Error("away");
  }) as unknown as AdminClient;

  await followedFromAfar({ node }, { ask }, terminal, () => drawnOnce);
  const refused = followedFromAfar({ node }, { ask: failing }, terminal, () => Promise.reject(new Error("refused")));

  await expect(refused).rejects.toThrow("refused");
  expect(drawn).toEqual(["Beginning: 1,200 of 50,000 records are here; about 3 min left."]);
});

it("asks nothing where nobody watches, and of a folder's node, whose round tells by itself", async () => {
  const asked: string[] = [];
  const ask = (async (name: string) => asked.push(name)) as unknown as AdminClient;

  await followedFromAfar({ node }, { ask }, aTerminal(false).terminal, async () => {});
  await followedFromAfar({}, { ask }, aTerminal(true).terminal, async () => {});

  expect(asked).toEqual([]);
});
