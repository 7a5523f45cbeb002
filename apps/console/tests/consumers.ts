import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import type { NodeForBrowser } from "./node-for-browser.ts";

/** Entries of every feed are named so, before the id of their event. */
const entryPrefix = "tag:atomfeed.ict4h.org:";

/**
 * Puts two consumers of the node's own feed of patients beside it, as programs that share its database do: `laboratory`
 * has read the first two entries and failed on the second, `billing` has read nothing.
 */
export function addConsumers({ folder, url }: Pick<NodeForBrowser, "folder" | "url">): void {
  const database = new DatabaseSync(join(folder, "node.db"));
  const feed = `${url}/feed/patient/recent`;
  const ids = database
    .prepare("select uuid from event_records where category = 'patient' order by id limit 2")
    .all()
    .map(({ uuid }) => entryPrefix + String(uuid));
  const putMarker = database.prepare("insert into markers (feed_uri, consumer, last_read_entry_id) values (?, ?, ?)");
  const putRead = database.prepare(
    "insert into read_entries (consumer, feed_uri, entry_id, read_at) values (?, ?, ?, ?)",
  );
  const putFailed = database.prepare(`
    insert into failed_events (consumer, feed_uri, event_id, state, error_message, failed_at, retries, title, event_content)
    values (?, ?, ?, 'retrying', 'The laboratory has no such ward.', ?, 2, 'Patient', '/fhir/Patient/p2')`);
  const [first = "", second = ""] = ids;
  const now = Date.now();
  putMarker.run(feed, "laboratory", second);
  for (const id of ids) putRead.run("laboratory", feed, id, now);
  putFailed.run("laboratory", feed, second, new Date(now).toISOString().replace("T", " ").replace("Z", ""));
  putMarker.run(feed, "billing", null);
  database.close();
  if (first === "") throw new Error("The node has announced no patient yet.");
}
