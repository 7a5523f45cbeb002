import type { EventAtConsumer } from "@tributary/admin-api";
import { type AdminOptions, openAdmin } from "../admin-connection/open-admin.ts";
import type { Terminal } from "../terminal.ts";
import { losslessJson } from "./conflict-text.ts";
import { type ListOptions, listQueryOf, type SortOf, tellMore } from "./list-query.ts";
import { textTable } from "./text-table.ts";

export interface FeedOptions extends AdminOptions {
  readonly json?: boolean;
}

export interface ListConsumersOptions extends FeedOptions, ListOptions<"consumer" | "feed" | "failed"> {
  readonly category?: string;
}

export interface FollowOptions extends FeedOptions, ListOptions<SortOf<"GET /events/:id/consumers">> {
  readonly state?: EventAtConsumer["state"];
}

export interface MoveMarkerOptions extends FeedOptions {
  readonly consumer: string;
  readonly to: string;
  readonly reason: string;
}

/** A feed of another system that has to be walked back may take minutes; longer nobody waits. */
const walkWithinMs = 600_000;

/** `tributary feed consumers`: who keeps a marker here, how far behind, and how many events failed there. */
export async function showConsumers(options: ListConsumersOptions, terminal: Terminal): Promise<void> {
  const { category } = options;
  await using admin = await openAdmin(options, terminal);
  const query = { ...listQueryOf(options), ...(category === undefined ? {} : { category }) };
  const page = await admin.ask("GET /feeds/consumers", { query });
  if (options.json) return terminal.print(losslessJson(page));
  if (page.items.length === 0) return terminal.print("No consumer keeps its marker here.");
  const rows = page.items.map(({ consumer, feed, behind, failed, lastEntryId }) => [
    nameOf(consumer),
    feed,
    behind === null ? "?" : String(behind),
    String(failed),
    lastEntryId ?? "beginning",
  ]);
  terminal.print(textTable(["CONSUMER", "FEED", "BEHIND", "FAILED", "MARKER"], rows));
  tellMore(page, terminal);
}

/** `tributary feed follow`: what became of one event at everybody who reads it; codes and times, no messages. */
export async function showFollowed(id: string, options: FollowOptions, terminal: Terminal): Promise<void> {
  const { state } = options;
  await using admin = await openAdmin(options, terminal);
  const query = { ...listQueryOf(options), ...(state === undefined ? {} : { state }) };
  const followed = await admin.ask("GET /events/:id/consumers", { path: { id }, query });
  if (options.json) return terminal.print(losslessJson(followed));
  if (followed.items.length === 0) return terminal.print("Nobody reads it: no consumer and no child is known here.");
  const rows = followed.items.map(({ consumer, kind, feed, state, at, behind }) => [
    nameOf(consumer),
    kind,
    feed,
    behind === null ? state : `${state}, ${behind} before it`,
    at === null ? "" : new Date(at).toISOString(),
  ]);
  terminal.print(textTable(["CONSUMER", "KIND", "FEED", "STATE", "AT"], rows));
  tellMore(followed, terminal);
}

/** `tributary feed move-marker`: puts a consumer's marker somewhere else, audited. */
export async function moveMarker(feed: string, options: MoveMarkerOptions, terminal: Terminal): Promise<void> {
  const { consumer, reason, to } = options;
  const target = to === "beginning" || to === "now" ? to : { entry: to };
  const body = { consumer, feed, to: target, reason } as const;
  await using admin = await openAdmin(options, terminal);
  const moved = await admin.ask("POST /feeds/consumers/marker", { body, signal: AbortSignal.timeout(walkWithinMs) });
  if (options.json) return terminal.print(losslessJson(moved));
  const place = (entry: string | null) => entry ?? "the beginning";
  terminal.print(
    `The marker of ${nameOf(consumer)} stood at ${place(moved.before)}; it stands at ${place(moved.after)}.`,
  );
}

function nameOf(consumer: string): string {
  return consumer || "(no name)";
}
