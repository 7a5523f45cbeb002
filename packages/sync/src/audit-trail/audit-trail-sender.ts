import { appendAudit, auditDraft, type ChainPlace, readOwnHash, sealAuditEntries } from "@tributary/audit";
import { type Database, isDatabaseTrouble, type Transaction } from "@tributary/database";
import { type Clock, type NodeId, TributaryError } from "@tributary/kernel";
import { batchBytesFirst, batchBytesMin, nextBatchBytes } from "../pull/batch-size.ts";
import type { ParentConnection } from "../pull/parent-connection.ts";
import { furtherChainAfter, nothingTold, putOwnMarker, putRelayMarker } from "./audit-markers.ts";
import { type NextSegments, type OwnTelling, type Relaying, readNextSegments } from "./next-segments.ts";
import { parseTrailAnswer, type SegmentAnswer, writeTrailMessage } from "./trail-message.ts";

/** How long one round may tell of the trail: records are more urgent, and the rest is told in the next round. */
const tellingMsMax = 20_000;
/** Further chains that one round begins: one is the rule, and a parent that refuses every one is not humoured for ever. */
const furtherChainsMax = 3;

export interface AuditTrailSenderOptions {
  readonly database: Database;
  readonly nodeId: NodeId;
  readonly clock: Clock;
}

/** What one round told the parent. */
export interface AuditTally {
  /** Entries that the parent has now, those of other nodes included. */
  told: number;
  /** Chains that the parent refused to go on with. */
  broken: number;
}

/** Tells a parent the audit trail, this node's own and what other nodes told it; the size of a request suits the line. */
export class AuditTrailSender {
  readonly #options: AuditTrailSenderOptions;
  #bytes = batchBytesFirst;

  constructor(options: AuditTrailSenderOptions) {
    this.#options = options;
  }

  /**
   * Tells what the parent does not have, until it has all of it or the round's time is over.
   *
   * It can be broken off anywhere: a marker moves when the parent has said that it is so far, and what is told twice
   * changes nothing. Throws what the line throws; the tally tells what was told until then.
   */
  async tell(
    { parent, connection }: { readonly parent: string; readonly connection: ParentConnection },
    tally: AuditTally,
    signal: AbortSignal,
  ): Promise<void> {
    const { database, clock } = this.#options;
    const startedAt = clock.now();
    while ((await sealAuditEntries(database)) > 0) signal.throwIfAborted();
    while (Math.abs(clock.now() - startedAt) < tellingMsMax && tally.broken < furtherChainsMax) {
      signal.throwIfAborted();
      const next = await database.snapshot((reader) => readNextSegments(reader, parent, this.#bytes));
      if (next.kind === "own-broken") {
        await database.transaction((tx) => this.#beginFurther(tx, parent, next.goOnAfter, next.position));
        tally.broken += 1;
        continue;
      }
      if (!next.own && next.relayed.length === 0) return;
      const answers = await this.#ask(next, connection, signal);
      if (answers) await database.transaction((tx) => this.#settle(tx, parent, next, answers, tally));
    }
  }

  /** Sends one request; `undefined` when it was too large and the next will be smaller. */
  async #ask(
    { own, relayed }: Extract<NextSegments, { readonly kind: "segments" }>,
    connection: ParentConnection,
    signal: AbortSignal,
  ): Promise<SegmentAnswer[] | undefined> {
    const segments = [...(own ? [own.segment] : []), ...relayed.map(({ segment }) => segment)];
    const sentAt = this.#options.clock.now();
    try {
      const body = writeTrailMessage(segments);
      const answer = await connection.ask("audit", { body }, "application/json", signal);
      const answers = parseTrailAnswer(new TextDecoder().decode(answer.body), segments.length);
      this.#bytes = nextBatchBytes(this.#bytes, { tookMs: Math.abs(this.#options.clock.now() - sentAt) });
      return answers;
    } catch (error) {
      if (isDatabaseTrouble(error) || !(error instanceof TributaryError) || signal.aborted) throw error;
      const canBeSmaller = this.#bytes > batchBytesMin;
      this.#bytes = nextBatchBytes(this.#bytes, "failed");
      if (error.code === "PAYLOAD_TOO_LARGE" && canBeSmaller) return undefined;
      throw error;
    }
  }

  async #settle(
    tx: Transaction,
    parent: string,
    { own, relayed }: Extract<NextSegments, { readonly kind: "segments" }>,
    answers: readonly SegmentAnswer[],
    tally: AuditTally,
  ): Promise<void> {
    const [first, ...rest] = own ? answers : [undefined, ...answers];
    if (own && first) await this.#settleOwn(tx, parent, own, first, tally);
    for (const [at, one] of relayed.entries()) await this.#settleRelayed(tx, parent, one, rest[at]!, tally);
  }

  async #settleOwn(
    tx: Transaction,
    parent: string,
    { segment, marker }: OwnTelling,
    answer: SegmentAnswer,
    tally: AuditTally,
  ): Promise<void> {
    const { chain, after, entries, hash } = segment;
    switch (answer.kind) {
      case "taken":
        tally.told += entries.length;
        await putOwnMarker(tx, parent, {
          ...marker,
          chain,
          told: { position: after.position + entries.length, hash },
        });
        return;
      case "behind": {
        // The parent was restored, or this is another one: it says how far it is, and is told from there.
        const head = answer.head ?? marker.begins;
        if (answer.head === null && after.position === marker.begins.position) throw nonsense();
        if (answer.head === null && marker.begins.position > 0) {
          // Of a further chain nothing is there: what it went on from may be lost with it.
          await putOwnMarker(tx, parent, nothingTold);
          return;
        }
        const ownHash =
          head.position > marker.begins.position ? await readOwnHash(tx, head.position) : marker.begins.hash;
        const isKnown = head.position >= marker.begins.position && ownHash === head.hash;
        if (isKnown) await putOwnMarker(tx, parent, { ...marker, chain, told: head });
        else await this.#break(tx, parent, after, head.position, tally);
        return;
      }
      case "broken": {
        const position = Math.max(answer.position - 1, after.position);
        const ownHash = position === after.position ? after.hash : await readOwnHash(tx, position);
        const place = ownHash === undefined ? after : { position, hash: ownHash };
        await this.#break(tx, parent, place, answer.position, tally);
        return;
      }
      case "refused":
        throw new TributaryError("REMOTE_REFUSED", `The parent refused: ${answer.reason}`);
    }
  }

  async #break(
    tx: Transaction,
    parent: string,
    goOnAfter: ChainPlace,
    position: number,
    tally: AuditTally,
  ): Promise<void> {
    tally.broken += 1;
    await this.#beginFurther(tx, parent, goOnAfter, position);
  }

  /** Both ends keep what they have; what this node goes on to tell stands in a chain of its own. */
  async #beginFurther(tx: Transaction, parent: string, after: ChainPlace, position: number): Promise<void> {
    await putOwnMarker(tx, parent, furtherChainAfter(after));
    await appendAudit(tx, this.#options.nodeId, [
      auditDraft({
        at: this.#options.clock.now(),
        actor: parent,
        operation: "audit",
        link: parent,
        operationId: String(position),
        outcome: "further-chain",
        error: "AUDIT_CHAIN_BROKEN",
      }),
    ]);
  }

  async #settleRelayed(
    tx: Transaction,
    parent: string,
    { segment, chain }: Relaying,
    answer: SegmentAnswer,
    tally: AuditTally,
  ): Promise<void> {
    const { after, entries } = segment;
    switch (answer.kind) {
      case "taken":
        tally.told += entries.length;
        await putRelayMarker(tx, parent, chain, { position: after.position + entries.length, refusedAtHead: null });
        return;
      case "behind": {
        const position = answer.head?.position ?? chain.begins.position;
        const refusedAtHead = position < after.position ? null : chain.head.position;
        await putRelayMarker(tx, parent, chain, { position: Math.max(position, chain.begins.position), refusedAtHead });
        return;
      }
      case "broken":
      case "refused":
        tally.broken += 1;
        await putRelayMarker(tx, parent, chain, { position: after.position, refusedAtHead: chain.head.position });
    }
  }
}

function nonsense(): TributaryError {
  return new TributaryError("REMOTE_NONSENSE", "The parent does not recognise the beginning of a trail.");
}
