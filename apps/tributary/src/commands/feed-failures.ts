import type { FeedFailure } from "@tributary/admin-api";
import { type AdminOptions, openAdmin } from "../admin-connection/open-admin.ts";
import type { Terminal } from "../terminal.ts";
import { losslessJson } from "./conflict-text.ts";
import { type ListOptions, listQueryOf, type SortOf, tellMore } from "./list-query.ts";
import { printable, textTable } from "./text-table.ts";

export interface FeedFailureOptions extends AdminOptions {
  readonly json?: boolean;
}

export interface ListFeedFailuresOptions extends FeedFailureOptions, ListOptions<SortOf<"GET /feeds/failures">> {
  readonly consumer?: string;
  readonly state?: FeedFailure["state"];
}

/** `tributary feed failures`: the events that consumers could not process, the oldest first; codes, no messages. */
export async function listFeedFailures(options: ListFeedFailuresOptions, terminal: Terminal): Promise<void> {
  const { consumer, state } = options;
  await using admin = await openAdmin(options, terminal);
  const filter = { ...(consumer === undefined ? {} : { consumer }), ...(state === undefined ? {} : { state }) };
  const page = await admin.ask("GET /feeds/failures", { query: { ...listQueryOf(options), ...filter } });
  if (options.json) return terminal.print(losslessJson(page));
  if (page.items.length === 0) return terminal.print("No event waits for a consumer.");
  const rows = page.items.map((one) => [
    one.failureId,
    one.consumer || "(no name)",
    one.eventId,
    one.state,
    String(one.retries),
    one.failedAt === null ? "" : new Date(one.failedAt).toISOString(),
  ]);
  terminal.print(textTable(["FAILURE", "CONSUMER", "EVENT", "STATE", "RETRIES", "FAILED AT"], rows));
  tellMore(page, terminal);
}

/** `tributary feed failure`: one of them, with what its consumer said each time, for who may read it. */
export async function showFeedFailure(id: string, options: FeedFailureOptions, terminal: Terminal): Promise<void> {
  await using admin = await openAdmin(options, terminal);
  const one = await admin.ask("GET /feeds/failures/:id", { path: { id } });
  if (options.json) return terminal.print(losslessJson(one));
  const { consumer, feed, eventId, state, retries, nextRetryAt, title, content } = one;
  const said = [{ at: one.failedAt, message: one.message }, ...(one.log ?? [])];
  const next = nextRetryAt === null ? "" : `, again at ${new Date(nextRetryAt).toISOString()}`;
  const lines = [
    `${eventId} at ${consumer || "(no name)"}, who reads ${feed}`,
    `${state}, ${retries} retries${next}`,
    ...(title === null ? [] : [`title: ${title}`]),
    ...(content === null ? [] : [`content: ${content}`]),
    ...said.map(({ at, message }) => `${at === null ? "?" : new Date(at).toISOString()} ${message ?? "(not told)"}`),
  ];
  terminal.print(lines.map(printable).join("\n"));
}

/** `tributary feed retry`: has an event tried again in its consumer's next run. */
export async function retryFeedFailure(id: string, options: FeedFailureOptions, terminal: Terminal): Promise<void> {
  await using admin = await openAdmin(options, terminal);
  const retried = await admin.ask("POST /feeds/failures/:id/retry", { path: { id } });
  if (options.json) return terminal.print(losslessJson(retried));
  terminal.print(`${id} is tried again in its consumer's next run.`);
}

/** `tributary feed discard`: gives an event up for its consumer. */
export async function discardFeedFailure(
  id: string,
  options: FeedFailureOptions & { readonly reason: string },
  terminal: Terminal,
): Promise<void> {
  await using admin = await openAdmin(options, terminal);
  const body = { reason: options.reason };
  const discarded = await admin.ask("POST /feeds/failures/:id/discard", { path: { id }, body });
  if (options.json) return terminal.print(losslessJson(discarded));
  terminal.print(`${id} is given up; its consumer does not get this event any more.`);
}
