import { bulkInsert, type Reader, sql, type Transaction } from "@tributary/database";
import { everyPage } from "../every-page.ts";

/** The last versions, here and at the other end of a link, that are known to be in step. */
export interface LinkBase {
  readonly type: string;
  readonly id: string;
  readonly localVersion: number;
  readonly remoteVersion: number;
  /** Whether they differ all the same: the parent merged the local version, and it has been edited on here since. */
  readonly differs?: boolean;
  /** Whether the parent took it and does not tell it to this node, since it is none of its catchment's. */
  readonly isOutside?: boolean;
}

interface BaseRow {
  readonly type: string;
  readonly id: string;
  readonly local_version: number;
  readonly remote_version: number;
  readonly differs: 0 | 1;
  readonly is_outside: 0 | 1;
}

// SQLite keeps the order of a cross join: one look-up for each record asked for, never a scan of all bases.
const readSome = sql({
  sqlite: `
    select base.type, base.id, base.local_version, base.remote_version, base.differs, base.is_outside
    from json_each($2) as asked
    cross join link_bases as base on base.link = $1 and base.type = asked.value ->> 0 and base.id = asked.value ->> 1`,
  postgres: `
    select base.type, base.id, base.local_version, base.remote_version, base.differs, base.is_outside
    from json_array_elements($2::json) as asked (value)
    join link_bases as base on base.link = $1 and base.type = asked.value ->> 0 and base.id = asked.value ->> 1`,
});
const readPage = sql(`
  select type, id, local_version, remote_version, differs, is_outside
  from link_bases where link = $1 and (type, id) > ($2, $3) order by type, id limit $4`);
const putSome = bulkInsert(
  "link_bases",
  {
    link: "text",
    type: "text",
    id: "text",
    local_version: "bigint",
    remote_version: "bigint",
    differs: "integer",
    is_outside: "integer",
  },
  `on conflict (link, type, id) do update set
     local_version = excluded.local_version, remote_version = excluded.remote_version, differs = excluded.differs,
     is_outside = excluded.is_outside`,
);
const dropSome = sql({
  sqlite: `delete from link_bases where link = $1 and (type, id) in
    (select value ->> 0, value ->> 1 from json_each($2))`,
  postgres: `delete from link_bases where link = $1 and (type, id) in
    (select value ->> 0, value ->> 1 from json_array_elements($2::json))`,
});
const forgetRemote = sql("update link_bases set remote_version = 0 where link = $1");

type RecordName = Pick<LinkBase, "type" | "id">;

/** The bases of some records, by `Type/id`; those never synchronized over the link are absent. */
export async function readLinkBases(
  reader: Reader,
  link: string,
  records: readonly RecordName[],
): Promise<Map<string, LinkBase>> {
  const rows = await reader.all<BaseRow>(readSome, [link, namesOf(records)]);
  return new Map(rows.map((row) => [`${row.type}/${row.id}`, baseOf(row)]));
}

/** All bases of a link, by type and identifier, in pages of at most `limit`. */
export function everyLinkBase(reader: Reader, link: string, limit: number): AsyncGenerator<readonly LinkBase[]> {
  return everyPage<LinkBase>(limit, async (last) => {
    const rows = await reader.all<BaseRow>(readPage, [link, last?.type ?? "", last?.id ?? "", limit]);
    return rows.map(baseOf);
  });
}

/** Notes new bases, one per record, in the transaction that made both ends alike. */
export async function putLinkBases(tx: Transaction, link: string, bases: readonly LinkBase[]): Promise<void> {
  await putSome(
    tx,
    bases.map(({ type, id, localVersion, remoteVersion, differs, isOutside }) => [
      link,
      type,
      id,
      localVersion,
      remoteVersion,
      differs ? 1 : 0,
      isOutside ? 1 : 0,
    ]),
  );
}

/** Forgets the bases of some records: they count as never synchronized. */
export async function dropLinkBases(tx: Transaction, link: string, records: readonly RecordName[]): Promise<void> {
  if (records.length > 0) await tx.run(dropSome, [link, namesOf(records)]);
}

/**
 * Forgets which versions the other end has, whose history is another one now. What is here still counts as in step with
 * it, since it is no edit, and what is there is taken whatever its version.
 */
export async function forgetRemoteVersions(tx: Transaction, link: string): Promise<void> {
  await tx.run(forgetRemote, [link]);
}

function baseOf(row: BaseRow): LinkBase {
  return {
    type: row.type,
    id: row.id,
    localVersion: row.local_version,
    remoteVersion: row.remote_version,
    differs: row.differs === 1,
    isOutside: row.is_outside === 1,
  };
}

function namesOf(records: readonly RecordName[]): string {
  return JSON.stringify(records.map(({ type, id }) => [type, id]));
}
