import { bulkInsert, type Reader, sql, type Transaction } from "@tributary/database";

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

/** The bases of some records, by `Type/id`; those never synchronized over the link are absent. */
export async function readLinkBases(
  reader: Reader,
  link: string,
  records: readonly { readonly type: string; readonly id: string }[],
): Promise<Map<string, LinkBase>> {
  const asked = JSON.stringify(records.map(({ type, id }) => [type, id]));
  const rows = await reader.all<BaseRow>(readSome, [link, asked]);
  return new Map(
    rows.map((row) => [
      `${row.type}/${row.id}`,
      {
        type: row.type,
        id: row.id,
        localVersion: row.local_version,
        remoteVersion: row.remote_version,
        differs: row.differs === 1,
        isOutside: row.is_outside === 1,
      },
    ]),
  );
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
