import { type Reader, sql, type Transaction } from "@tributary/database";
import type { JWK } from "jose";

/** What a child knows of its parent, its own private key included. */
export interface ParentLink {
  readonly parent: string;
  /** Where the parent's sync interface begins, ending in a slash. */
  readonly url: string;
  readonly stream: string;
  readonly privateKey: JWK;
  /** What to add to the local clock to get the parent's. */
  readonly clockOffsetMs: number;
  readonly enrolledAt: number;
  readonly lastPullAt: number | null;
  readonly lastOutcome: string | null;
  readonly lastError: string | null;
}

interface LinkRow {
  readonly parent: string;
  readonly url: string;
  readonly stream: string;
  readonly private_key: string;
  readonly clock_offset_ms: number;
  readonly enrolled_at: number;
  readonly last_pull_at: number | null;
  readonly last_outcome: string | null;
  readonly last_error: string | null;
}

const readLinks = sql(`
  select parent, url, stream, private_key, clock_offset_ms, enrolled_at, last_pull_at, last_outcome, last_error
  from parent_links order by enrolled_at desc limit 1`);
const putLink = sql(`
  insert into parent_links (parent, url, stream, private_key, clock_offset_ms, enrolled_at) values ($1, $2, $3, $4, $5, $6)
  on conflict (parent) do update set
    url = excluded.url, stream = excluded.stream, private_key = excluded.private_key,
    clock_offset_ms = excluded.clock_offset_ms, enrolled_at = excluded.enrolled_at`);
const setOffset = sql("update parent_links set clock_offset_ms = $2 where parent = $1");
const setOutcome = sql(
  "update parent_links set last_pull_at = $2, last_outcome = $3, last_error = $4 where parent = $1",
);

/** The link to this node's parent, or `undefined` as long as it has not enrolled. */
export async function readParentLink(reader: Reader): Promise<ParentLink | undefined> {
  const row = await reader.first<LinkRow>(readLinks);
  return (
    row && {
      parent: row.parent,
      url: row.url,
      stream: row.stream,
      privateKey: JSON.parse(row.private_key) as JWK,
      clockOffsetMs: row.clock_offset_ms,
      enrolledAt: row.enrolled_at,
      lastPullAt: row.last_pull_at,
      lastOutcome: row.last_outcome,
      lastError: row.last_error,
    }
  );
}

/** Keeps a link; enrolling again with the same parent keeps the marker and all that was pulled. */
export async function putParentLink(
  tx: Transaction,
  link: Pick<ParentLink, "parent" | "url" | "stream" | "privateKey" | "clockOffsetMs" | "enrolledAt">,
): Promise<void> {
  const key = JSON.stringify(link.privateKey);
  await tx.run(putLink, [link.parent, link.url, link.stream, key, link.clockOffsetMs, link.enrolledAt]);
}

export async function putClockOffset(tx: Transaction, parent: string, offsetMs: number): Promise<void> {
  await tx.run(setOffset, [parent, offsetMs]);
}

/** Keeps how the last pull ended, for people to see. */
export async function putPullOutcome(
  tx: Transaction,
  parent: string,
  outcome: { readonly at: number; readonly status: string; readonly error: string | null },
): Promise<void> {
  await tx.run(setOutcome, [parent, outcome.at, outcome.status, outcome.error]);
}
