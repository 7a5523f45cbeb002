import { readAuditOfRecord } from "@tributary/audit";
import { type Reader, sql } from "@tributary/database";
import { readParentLink } from "../enrolment/parent-link.ts";
import { readLinkBases } from "../pull/link-base.ts";
import { parseOperationName } from "../push/operation-name.ts";
import { readTierReach } from "./tier-reach.ts";

/** How far up this node's operations have come. */
export interface OwnReach {
  /** The number of the last operation that was made; some numbers are never used. */
  readonly made: number;
  /** For each tier above, the parent first: all operations up to `through` are there. */
  readonly tiers: readonly { readonly node: string; readonly through: number }[];
}

/** Which tiers have the current version of a record. */
export interface RecordReach {
  /** For each tier above, the parent first; `null` when this node cannot know, as of what it has not sent itself. */
  readonly tiers: readonly { readonly node: string; readonly has: boolean | null }[];
}

interface Marker {
  readonly incarnation: string;
  readonly next_counter: number;
  readonly unsettled: number | null;
}

const readMarker = sql(`
  select marker.incarnation, marker.next_counter,
    (select min(unit.counter) from push_units unit where unit.parent = marker.parent) as unsettled
  from push_markers marker where marker.parent = $1`);
/** Entries that are looked through for the one that tells of the last push. */
const auditEntriesMax = 100;

/** How far up this node's operations have come; a unit that the parent has refused holds the number at what is before it. */
export async function readOwnReach(reader: Reader, parent: string, self: string): Promise<OwnReach> {
  const marker = await reader.first<Marker>(readMarker, [parent]);
  if (!marker) return { made: 0, tiers: [] };
  const made = marker.next_counter - 1;
  const above = (await readTierReach(reader, self)).filter(({ incarnation }) => incarnation === marker.incarnation);
  const atParent = marker.unsettled === null ? made : marker.unsettled - 1;
  // What the parent passed over, since it refused it or had no room for it, cannot be further up either.
  const further = above.map(({ tier, counter }) => ({ node: tier, through: Math.min(counter, atParent) }));
  return { made, tiers: [{ node: parent, through: atParent }, ...further] };
}

/** Which tiers have the given version of a record; without tiers when this node has no parent. */
export async function readRecordReach(
  reader: Reader,
  self: string,
  { type, id, version }: { readonly type: string; readonly id: string; readonly version: number },
): Promise<RecordReach> {
  const link = await readParentLink(reader);
  if (!link) return { tiers: [] };
  const { parent } = link;
  const base = (await readLinkBases(reader, parent, [{ type, id }])).get(`${type}/${id}`);
  const isAtParent = base !== undefined && base.localVersion >= version;
  const sentAs = isAtParent ? await operationOf(reader, `${type}/${id}`, parent) : undefined;
  const above = await readTierReach(reader, self);
  return {
    tiers: [
      { node: parent, has: isAtParent },
      ...above.map(({ tier, incarnation, counter }) => ({
        node: tier,
        has: isAtParent ? (sentAs?.incarnation === incarnation ? sentAs.counter <= counter : null) : false,
      })),
    ],
  };
}

/** The operation that took the record up last, unless it has come down since. */
async function operationOf(reader: Reader, reference: string, parent: string) {
  const entries = await readAuditOfRecord(reader, reference, auditEntriesMax);
  const last = entries
    .filter(({ link, operation, versionAfter }) => {
      return link === parent && versionAfter !== null && (operation === "push" || operation === "pull");
    })
    .toSorted((a, b) => a.entryId - b.entryId)
    .at(-1);
  return last?.operation === "push" && last.operationId ? parseOperationName(last.operationId) : undefined;
}
