import { readFeedHead, streamFeed } from "@tributary/events";
import { readParentLink } from "@tributary/sync";
import type { DemoNode } from "./demo-node.ts";
import { drawLiveTable, type LiveRow } from "./live-table.ts";
import type { Stage } from "./stage.ts";

/** How often one looks how far the children are. */
const watchMs = 200;
/** When nothing has moved for so long, the round is given up as not converged. */
const stallMs = 60_000;

/**
 * Waits until every child has sent what it has and taken in all that the parent has announced, or nothing moves any more.
 * What was edited at a child just now is certain to have been looked at once the child has pulled `pullsAtLeast` = 2 times:
 * the first pull may belong to a round that had pushed before. A child that has read all entries goes on to fetch the
 * records of who came and to purge those of who left; it has done so when one more pull has ended.
 */
export async function untilInStep(stage: Stage, pullsAtLeast = 0): Promise<void> {
  const { parent, children, plan } = stage;
  const { clock, terminal, signal } = plan;
  const since = clock.now();
  const pulls = new Map(children.map(({ name }) => [name, new Set<number>()]));
  const readUpAt = new Map<string, number>();
  let lastMove = { at: since, sum: -1 };
  while (true) {
    signal.throwIfAborted();
    for (const node of [parent, ...children]) node.requireRunning();
    const rows = await rowsOf(stage);
    const { queued } = await parent.status();
    let isSettled = queued === 0;
    for (const { name, behind } of rows) {
      if (behind === undefined) continue;
      if (behind > 0) readUpAt.delete(name);
      else if (!readUpAt.has(name)) readUpAt.set(name, clock.now());
    }
    for (const child of children) {
      const { parent: link, queued: unannounced } = await child.status();
      const seen = pulls.get(child.name)!;
      if (link?.lastPullAt && link.lastPullAt > since && link.lastOutcome !== "interrupted") seen.add(link.lastPullAt);
      const isRead =
        link?.lastOutcome === "complete" && (link.lastPullAt ?? 0) > (readUpAt.get(child.name) ?? Infinity);
      isSettled &&= isRead && seen.size >= pullsAtLeast && unannounced === 0 && (link?.unsent ?? 0) === 0;
    }
    if (isSettled) return;
    const sum = rows.reduce((total, { records, behind }) => total + records + (behind ?? 0) * 1e-6, 0);
    if (sum !== lastMove.sum) lastMove = { at: clock.now(), sum };
    if (clock.now() - lastMove.at > stallMs) return;
    terminal.redraw(drawLiveTable(rows));
    await clock.sleep(watchMs, signal);
  }
}

/** How far every node is, for the live table. */
export async function rowsOf({ parent, children, plan }: Stage): Promise<LiveRow[]> {
  const above = await parent.status();
  const now = plan.clock.now();
  const below = await Promise.all(
    children.map(async (child): Promise<LiveRow> => {
      const { records, parent: link } = await child.status();
      return {
        name: child.name,
        role: "child",
        records,
        behind: Math.max(0, (await headFor(child, parent)) - (link?.position ?? 0)) + (link?.waiting ?? 0),
        lastPullAgoMs: link?.lastPullAt ? Math.max(0, now - link.lastPullAt) : undefined,
        ...child.traffic,
      };
    }),
  );
  const nothing = { behind: undefined, lastPullAgoMs: undefined, requests: undefined, bytesDown: undefined };
  return [{ name: parent.name, role: "parent", records: above.records, ...nothing }, ...below];
}

/** The end of the stream that the child reads. */
async function headFor(child: DemoNode, parent: DemoNode): Promise<number> {
  const link = await readParentLink(await child.database());
  return link ? readFeedHead(await parent.database(), streamFeed(link.stream)) : 0;
}
