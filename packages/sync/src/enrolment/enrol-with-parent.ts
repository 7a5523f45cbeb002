import { appendAudit, auditDraft } from "@tributary/audit";
import { type Database, sql, type Transaction } from "@tributary/database";
import { type Clock, type NodeId, parseNodeId, TributaryError } from "@tributary/kernel";
import type { Exchange } from "../line/exchange.ts";
import { jsonObjectIn } from "../line/json-object.ts";
import { protocolVersion, timeHeader } from "../line/protocol.ts";
import { childKeyToTell, putParentKeys } from "./carry-keys.ts";
import { newNodeKey } from "./node-key.ts";
import { type ParentLink, putParentLink } from "./parent-link.ts";
import { pendingKeyFor } from "./pending-key.ts";

/** What a node needs to become a child: the parent's address, a code, and a line. */
export interface EnrolOptions {
  readonly database: Database;
  /** Where the parent is reached, such as `https://centre.example.org`. */
  readonly parentUrl: string;
  readonly code: string;
  readonly nodeId: NodeId;
  readonly exchange: Exchange;
  readonly clock: Clock;
  readonly signal?: AbortSignal;
}

/**
 * Makes this node a child of a parent: says the code and a fresh public key, and keeps the link.
 *
 * Safe to repeat: the key is kept before it is sent, so a lost answer is asked for again with the same one. Throws
 * `ENROLMENT_REFUSED` with the parent's reason, `REMOTE_UNAVAILABLE`, or `REMOTE_NONSENSE`.
 */
export async function enrolWithParent(options: EnrolOptions): Promise<ParentLink> {
  const { database, clock, nodeId } = options;
  const url = syncUrlOf(options.parentUrl);
  const key = await pendingKeyFor(database, url.href, options.code, newNodeKey);
  const sealingKey = JSON.parse(await database.transaction((tx) => childKeyToTell(tx, url.href))) as unknown;
  const sentAt = clock.now();
  const answer = await options.exchange(
    {
      method: "POST",
      url: new URL("enrol", url),
      headers: { "content-type": "application/json" },
      body: JSON.stringify({
        code: options.code,
        node: nodeId,
        publicKey: key.publicKey,
        sealingKey,
        protocol: protocolVersion,
      }),
    },
    options.signal ?? new AbortController().signal,
  );
  const told = jsonObjectIn(answer.body) ?? {};
  if (answer.status !== 201) {
    if (told.code !== "ENROLMENT_REFUSED") throw strange(url, answer.status);
    throw new TributaryError("ENROLMENT_REFUSED", `The parent refused: ${String(told.message)}`);
  }
  const parent = typeof told.parent === "string" ? parseNodeId(told.parent) : undefined;
  if (!parent || typeof told.stream !== "string") throw strange(url, answer.status);
  const parentTime = Number(answer.headers[timeHeader]);
  const link = {
    parent,
    url: url.href,
    stream: told.stream,
    privateKey: key.privateKey,
    clockOffsetMs: Number.isFinite(parentTime) ? Math.round(parentTime - (sentAt + clock.now()) / 2) : 0,
    enrolledAt: clock.now(),
  };
  await database.transaction((tx) => keepEnrolment(tx, nodeId, link, told.keys));
  return { ...link, lastPullAt: null, lastOutcome: null, lastError: null };
}

/** Keeps what a parent has told at enrolment, whichever way it came. */
export async function keepEnrolment(
  tx: Transaction,
  nodeId: NodeId,
  link: Parameters<typeof putParentLink>[1],
  keys: unknown,
): Promise<void> {
  await putParentLink(tx, link);
  await putParentKeys(tx, link.parent, keys, link.enrolledAt);
  await tx.run(forgetPending);
  await appendAudit(tx, nodeId, [
    auditDraft({
      at: link.enrolledAt,
      actor: nodeId,
      operation: "enrol",
      link: link.parent,
      outcome: "applied",
    }),
  ]);
}

const forgetPending = sql("delete from pending_enrolments");

/** Where a parent's sync interface begins, from the address that people give. */
export function syncUrlOf(parentUrl: string): URL {
  const base = URL.canParse(parentUrl) ? new URL(parentUrl) : undefined;
  if (!base || !/^https?:$/.test(base.protocol)) {
    throw new TributaryError(
      "CONFIG_INVALID",
      "The parent's address is no URL; write it like https://centre.example.org.",
    );
  }
  const path = base.pathname.replace(/\/+$/, "");
  return new URL(path.endsWith("/sync/v1") ? `${path}/` : `${path}/sync/v1/`, base.origin);
}

function strange(url: URL, status: number): TributaryError {
  return new TributaryError(
    "REMOTE_NONSENSE",
    `${url.origin} answered ${status}, but not as a Tributary parent does. Check the address.`,
  );
}
