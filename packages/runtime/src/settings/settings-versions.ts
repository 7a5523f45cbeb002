import { type Reader, sql, type Transaction } from "@tributary/database";
import type { NodeSettings, SettingKey } from "./node-settings.ts";

/** What was set at one time: the whole of it, never altered after. */
export interface SettingsVersion {
  /** Counts from 1. */
  readonly version: number;
  /** Milliseconds since 1970. */
  readonly setAt: number;
  readonly setBy: string;
  readonly reason: string;
  readonly settings: NodeSettings;
  /** The version in which each was last set to what it is here. */
  readonly setIn: Readonly<Partial<Record<SettingKey, number>>>;
}

interface VersionRow {
  readonly version: number;
  readonly set_at: number;
  readonly set_by: string;
  readonly reason: string;
  readonly settings: string;
  readonly set_in: string;
}

const columns = "version, set_at, set_by, reason, settings, set_in";
const readLast = sql(`select ${columns} from settings_versions order by version desc limit 1`);
const readLastNumber = sql("select max(version) as version from settings_versions");
const countAll = sql("select count(*) as total from settings_versions");
const readLatest = sql(`
  select ${columns} from settings_versions where version < $1 order by version desc limit $2`);
const readEarliest = sql(`
  select ${columns} from settings_versions where version > $1 order by version limit $2`);
const addOne = sql(`insert into settings_versions (${columns}) values ($1, $2, $3, $4, $5, $6)`);

/** The version that is in force; `undefined` where nothing was ever set. */
export async function readSettings(reader: Reader): Promise<SettingsVersion | undefined> {
  const row = await reader.first<VersionRow>(readLast, []);
  return row && versionOf(row);
}

/** The number of the version that is in force; 0 where nothing was ever set. */
export async function readSettingsNumber(reader: Reader): Promise<number> {
  return (await reader.first<{ version: number | null }>(readLastNumber, []))?.version ?? 0;
}

/** How many versions there are. */
export async function countSettingsVersions(reader: Reader): Promise<number> {
  return (await reader.first<{ total: number }>(countAll, []))?.total ?? 0;
}

/** The versions behind one, the latest first or the other way round. */
export async function listSettingsVersions(
  reader: Reader,
  page: { readonly order: "asc" | "desc"; readonly after?: number | undefined; readonly limit: number },
): Promise<SettingsVersion[]> {
  const { order, limit } = page;
  const rows =
    order === "asc"
      ? await reader.all<VersionRow>(readEarliest, [page.after ?? 0, limit])
      : await reader.all<VersionRow>(readLatest, [page.after ?? Number.MAX_SAFE_INTEGER, limit]);
  return rows.map(versionOf);
}

/** Adds a version. Fails by the key when there is one of that number already. */
export async function addSettingsVersion(tx: Transaction, added: SettingsVersion): Promise<void> {
  const { version, setAt, setBy, reason, settings, setIn } = added;
  await tx.run(addOne, [version, setAt, setBy, reason, JSON.stringify(settings), JSON.stringify(setIn)]);
}

function versionOf(row: VersionRow): SettingsVersion {
  return {
    version: row.version,
    setAt: row.set_at,
    setBy: row.set_by,
    reason: row.reason,
    settings: JSON.parse(row.settings) as NodeSettings,
    setIn: JSON.parse(row.set_in) as SettingsVersion["setIn"],
  };
}
