/** The namespace of what our pages say beyond Atom; clients that do not know it pass over it. */
export const tributaryNamespace = "urn:tributary:feed:1";
/** The namespace of Feed Paging and Archiving (RFC 5005). */
export const feedHistoryNamespace = "http://purl.org/syndication/history/1.0";

/** Which log a page was made from; another epoch means that the log was restored or rebuilt. */
export interface LogExtension {
  readonly id: string;
  readonly epoch: string;
}

/** What the log knows of one event; a member that it does not know is not there. */
export interface EventExtension {
  /** The place in this feed, gapless from 1. */
  readonly position?: number;
  /** The place in the whole log, gapless from 1; only for comparison within one epoch. */
  readonly logPosition?: number;
  readonly eventType?: string;
  readonly entityType?: string;
  readonly entityId?: string;
  readonly version?: number;
  readonly operation?: string;
  /** SHA-256 of the stored body in hexadecimal. */
  readonly bodyHash?: string;
  readonly originNode?: string;
  readonly originOperation?: string;
  /** Events of one key must be processed in order. */
  readonly orderKey?: string;
  /** The event's number within its order key, gapless from 1: a jump is a loss, a repetition a duplicate. */
  readonly orderSequence?: number;
  /** Milliseconds; when the event was raised, while the entry's dates say when it was published. */
  readonly raisedAt?: number;
  readonly transactionId?: string;
  readonly transactionIndex?: number;
  readonly transactionSize?: number;
}

/** Writes an extension as the attributes of `trib:event`, in the order of the vocabulary. */
export function eventAttributes(event: EventExtension): [name: string, value: string][] {
  const attributes: [name: string, value: string][] = [];
  for (const [member, name, kind] of vocabulary) {
    const value = event[member];
    if (value === undefined) continue;
    attributes.push([name, kind === "moment" ? new Date(value as number).toISOString() : String(value)]);
  }
  return attributes;
}

/** Reads the attributes of `trib:event`; one that is missing or senseless is left out. */
export function readEventAttributes(attribute: (name: string) => string | undefined): EventExtension {
  const event: Record<string, string | number> = {};
  for (const [member, name, kind] of vocabulary) {
    const text = attribute(name);
    if (text === undefined) continue;
    const value = kind === "text" ? text : kind === "number" ? wholeNumber(text) : Date.parse(text);
    if (typeof value === "string" || Number.isSafeInteger(value)) event[member] = value;
  }
  return event as EventExtension;
}

const vocabulary: readonly (readonly [keyof EventExtension, string, "text" | "number" | "moment"])[] = [
  ["position", "position", "number"],
  ["logPosition", "log-position", "number"],
  ["eventType", "type", "text"],
  ["entityType", "entity-type", "text"],
  ["entityId", "entity-id", "text"],
  ["version", "version", "number"],
  ["operation", "operation", "text"],
  ["bodyHash", "body-hash", "text"],
  ["originNode", "origin-node", "text"],
  ["originOperation", "origin-operation", "text"],
  ["orderKey", "order-key", "text"],
  ["orderSequence", "order-sequence", "number"],
  ["raisedAt", "raised", "moment"],
  ["transactionId", "transaction", "text"],
  ["transactionIndex", "transaction-index", "number"],
  ["transactionSize", "transaction-size", "number"],
];

function wholeNumber(text: string): number {
  return /^\d{1,16}$/.test(text) ? Number(text) : Number.NaN;
}
