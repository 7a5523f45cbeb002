import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describeOnEachDatabase } from "@tributary/database/testing";
import { type Clock, systemClock } from "@tributary/kernel";
import { readNodeStatus } from "@tributary/runtime";
import { afterEach, beforeEach, expect, it } from "vitest";
import { openPair, save } from "../../testing/open-pair.ts";
import type { Terminal } from "../terminal.ts";
import { status } from "./status.ts";

const evening = Date.parse("2026-03-01T18:00:00Z");
const night = Date.parse("2026-03-01T23:00:00Z");
/** Shorter waits are those for a lock of the database, and end by themselves. */
const lockWaitMaxMs = 1_000;

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "tributary-night-"));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** A clock that stands still until it is set on, and knows until when somebody waits. */
class ClockByHand implements Clock {
  #now = evening;
  readonly #waiting = new Map<() => void, number>();

  now(): number {
    return this.#now;
  }

  async sleep(durationMs: number, signal?: AbortSignal): Promise<void> {
    if (signal?.aborted) return;
    if (durationMs < lockWaitMaxMs) return systemClock.sleep(durationMs, signal);
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#waiting.set(resolve, this.#now + durationMs);
    signal?.addEventListener("abort", () => resolve(), { once: true });
    await promise;
    this.#waiting.delete(resolve);
  }

  isWaitedFor(time: number): boolean {
    return [...this.#waiting.values()].includes(time);
  }

  setTo(time: number): void {
    this.#now = time;
    for (const [wake, until] of this.#waiting) if (until <= time) wake();
  }
}

async function printed(dir: string): Promise<string> {
  let text = "";
  const print = (line: string) => {
    text += `${line}\n`;
  };
  const terminal: Terminal = { environment: {}, print, async stream() {}, note() {}, isWatched: false, redraw() {} };
  await status({ dir }, terminal);
  return text;
}

describeOnEachDatabase("a running child", (_, dialect) => {
  it("[S194] compares its records with its parent's at the hour that is configured, and tells when they were alike", async () => {
    const clock = new ClockByHand();
    const childEnvironment = { TRIBUTARY_VERIFY_CRON: "0 2 * * *", TRIBUTARY_NODE_TIME_ZONE: "Africa/Nairobi" };
    await using pair = await openPair(dialect, folder, { clock, childEnvironment });
    const { parent, child } = pair;
    await save(parent, { resourceType: "Patient", id: "p1" });
    writeFileSync(
      join(folder, "tributary.yaml"),
      `node: { id: clinic, role: child }\ndatabase: "${child.config.database}"\n`,
    );
    const verified = async () => (await readNodeStatus(child.database, child.config)).parent?.verified;

    await child.startWorkers();
    clock.setTo(night - 61_003);
    await expect.poll(() => clock.isWaitedFor(night), { timeout: 60_000 }).toBe(true);
    const before = await verified();
    clock.setTo(night);

    await expect.poll(verified, { timeout: 60_000 }).toMatchObject({ outcome: "identical", records: 1 });
    expect(before).toBeNull();
    expect(await printed(folder)).toContain("verified identical at 2026-03-01T23:00:00.000Z\n");
  });
});
