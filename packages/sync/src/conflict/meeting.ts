import { type Reader, sql, type Transaction } from "@tributary/database";
import type { ResourceKey, ResourceStore } from "@tributary/fhir";

/** Who wrote one side of a merge, as far as it is known where the merge was done. */
export interface Hand {
  readonly node: string;
  readonly author: string | null;
  /** The version of the record at that side: mine at the node that merged, theirs at the one that pushed. */
  readonly version: number | null;
  readonly at: number | null;
}

/** A whole body as text; `null` for a deletion, `undefined` when it is not known. */
export type WholeBody = string | null | undefined;

/** One merge that left conflicts: who wrote each side, and the three whole bodies. */
export interface Meeting {
  readonly meetingId: string;
  readonly baseVersion: number | null;
  readonly mine: Hand;
  readonly theirs: Hand;
  /** Copies; of a meeting on this node a body that its history has is absent. */
  readonly bodies: { readonly base: WholeBody; readonly mine: WholeBody; readonly theirs: WholeBody };
}

interface MeetingRow {
  readonly meeting_id: string;
  readonly base_version: number | null;
  readonly base_body: string | null;
  readonly mine_node: string;
  readonly mine_author: string | null;
  readonly mine_version: number | null;
  readonly mine_at: number | null;
  readonly mine_body: string | null;
  readonly theirs_node: string;
  readonly theirs_author: string | null;
  readonly theirs_version: number | null;
  readonly theirs_at: number | null;
  readonly theirs_body: string | null;
}

const columns = `meeting_id, base_version, base_body, mine_node, mine_author, mine_version, mine_at, mine_body,
  theirs_node, theirs_author, theirs_version, theirs_at, theirs_body`;
const putOne = sql(`
  insert into conflict_meetings (${columns}) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)
  on conflict (meeting_id) do nothing`);
const readOne = sql(`select ${columns} from conflict_meetings where meeting_id = $1`);

/** Keeps what met, in the transaction of the merge or of its arrival; one that is here stays as it is. */
export async function putMeeting(tx: Transaction, meeting: Meeting): Promise<void> {
  const { mine, theirs, bodies } = meeting;
  await tx.run(putOne, [
    meeting.meetingId,
    meeting.baseVersion,
    copyOf(bodies.base),
    ...handValues(mine),
    copyOf(bodies.mine),
    ...handValues(theirs),
    copyOf(bodies.theirs),
  ]);
}

/**
 * What met in a merge, with whole bodies: the copies, and for a merge on this node (`isOwn`) also what its history has
 * under the versions that were kept.
 */
export async function readMeeting(
  reader: Reader,
  store: ResourceStore,
  meetingId: string,
  key: ResourceKey,
  isOwn: boolean,
): Promise<Meeting | undefined> {
  const row = await reader.first<MeetingRow>(readOne, [meetingId]);
  if (!row) return undefined;
  const bodyAt = async (copy: string | null, version: number | null): Promise<WholeBody> => {
    if (copy !== null) return copy || null;
    if (!isOwn || version === null) return undefined;
    const stored = await store.readVersion(reader, key, version);
    return stored && (stored.body ?? null);
  };
  return {
    meetingId,
    baseVersion: row.base_version,
    mine: { node: row.mine_node, author: row.mine_author, version: row.mine_version, at: row.mine_at },
    theirs: { node: row.theirs_node, author: row.theirs_author, version: row.theirs_version, at: row.theirs_at },
    bodies: {
      base: await bodyAt(row.base_body, row.base_version),
      mine: await bodyAt(row.mine_body, row.mine_version),
      theirs: await bodyAt(row.theirs_body, null),
    },
  };
}

function handValues({ node, author, version, at }: Hand): (string | number | null)[] {
  return [node, author, version, at];
}

function copyOf(body: WholeBody): string | null {
  return body === undefined ? null : (body ?? "");
}
