import { TributaryError } from "@tributary/kernel";
import { followEvent, listFeedConsumers, type MarkerMove, moveConsumerMarker } from "@tributary/runtime";
import type { Terminal } from "../terminal.ts";
import { openNodeAt } from "./node-at.ts";
import { operatorOf } from "./operator.ts";
import { textTable } from "./text-table.ts";

export interface FeedOptions {
  readonly dir: string;
  readonly json?: boolean;
}

export interface MoveMarkerOptions extends FeedOptions {
  readonly consumer: string;
  readonly to: string;
  readonly reason: string;
  readonly as?: string;
}

/** A feed of another system that has to be walked back may take minutes; longer nobody waits. */
const walkWithinMs = 600_000;

/** `tributary feed consumers`: who keeps a marker here, how far behind, and how many events failed there. */
export async function showConsumers({ dir, json }: FeedOptions, terminal: Terminal): Promise<void> {
  await using node = await openNodeAt(dir, terminal);
  const consumers = await listFeedConsumers(node);
  if (json) return terminal.print(JSON.stringify(consumers));
  if (consumers.length === 0) return terminal.print("No consumer keeps its marker here.");
  const rows = consumers.map(({ consumer, feedUri, behind, failed, lastEntryId }) => [
    consumer || "(no name)",
    feedUri,
    behind === null ? "?" : String(behind),
    String(failed),
    lastEntryId ?? "beginning",
  ]);
  terminal.print(textTable(["CONSUMER", "FEED", "BEHIND", "FAILED", "MARKER"], rows));
}

/** `tributary feed follow`: what became of one event at everybody who reads it; codes and times, no messages. */
export async function showFollowed(event: string, { dir, json }: FeedOptions, terminal: Terminal): Promise<void> {
  await using node = await openNodeAt(dir, terminal);
  const followed = await followEvent(node, event);
  if (!followed) throw new TributaryError("CONFIG_INVALID", "This node has no such event; a feed's entry names it.");
  if (json) return terminal.print(JSON.stringify(followed));
  if (followed.consumers.length === 0)
    return terminal.print("Nobody reads it: no consumer and no child is known here.");
  const rows = followed.consumers.map(({ consumer, kind, feed, state, at, behind }) => [
    consumer || "(no name)",
    kind,
    feed,
    behind === null ? state : `${state}, ${behind} before it`,
    at === null ? "" : new Date(at).toISOString(),
  ]);
  terminal.print(textTable(["CONSUMER", "KIND", "FEED", "STATE", "AT"], rows));
}

/** `tributary feed move-marker`: puts a consumer's marker somewhere else, audited. */
export async function moveMarker(feedUri: string, options: MoveMarkerOptions, terminal: Terminal): Promise<void> {
  await using node = await openNodeAt(options.dir, terminal);
  const { consumer, reason, to } = options;
  const { author } = operatorOf(node.id, options.as, terminal);
  const target: MarkerMove["to"] = to === "beginning" || to === "now" ? to : { entry: to };
  const move = { consumer, feedUri, to: target, reason };
  const moved = await moveConsumerMarker(node, move, author, { fetch, signal: AbortSignal.timeout(walkWithinMs) });
  if (options.json) return terminal.print(JSON.stringify(moved));
  const name = (entry: string | null) => entry ?? "the beginning";
  terminal.print(
    `The marker of ${consumer || "(no name)"} stood at ${name(moved.before)}; it stands at ${name(moved.after)}.`,
  );
}
