import { type Reader, sql, type Transaction } from "@tributary/database";
import { countRuleChange } from "./catchment-state.ts";
import type { CatchmentRule } from "./rule/catchment-rule.ts";

/** A named rule that says whose records a child holds. */
export interface Catchment {
  readonly name: string;
  /** Counts the rules that it has had. */
  readonly version: number;
  readonly rule: CatchmentRule;
}

/** One rule that a catchment has or had. */
export interface RuleVersion extends Catchment {
  readonly setAt: number;
  readonly setBy: string;
  readonly reason: string | null;
}

interface CatchmentRow {
  readonly name: string;
  readonly version: number;
  readonly rule: string;
}

interface RuleRow extends CatchmentRow {
  readonly set_at: number;
  readonly set_by: string;
  readonly reason: string | null;
}

const readAll = sql("select name, version, rule from catchments order by name");
const readOne = sql("select name, version, rule from catchments where name = $1");
const readRules = sql(
  "select name, version, rule, set_at, set_by, reason from catchment_rules where name = $1 order by version desc limit $2",
);
const putOne = sql(`
  insert into catchments (name, version, rule) values ($1, $2, $3)
  on conflict (name) do update set version = excluded.version, rule = excluded.rule`);
const addRule = sql(
  "insert into catchment_rules (name, version, rule, set_at, set_by, reason) values ($1, $2, $3, $4, $5, $6)",
);

/** Every catchment with a rule, by name. */
export async function listCatchments(reader: Reader): Promise<Catchment[]> {
  return (await reader.all<CatchmentRow>(readAll)).map(catchmentOf);
}

/** Reads a catchment by name. */
export async function readCatchment(reader: Reader, name: string): Promise<Catchment | undefined> {
  const row = await reader.first<CatchmentRow>(readOne, [name]);
  return row && catchmentOf(row);
}

/** The rules that a catchment has had, the present one first. */
export async function listRuleVersions(reader: Reader, name: string, limit: number): Promise<RuleVersion[]> {
  const rows = await reader.all<RuleRow>(readRules, [name, limit]);
  return rows.map((row) => ({ ...catchmentOf(row), setAt: row.set_at, setBy: row.set_by, reason: row.reason }));
}

/** Keeps a rule as the catchment's next version, and the ones before it. Whom it holds is found out by a pass. */
export async function putCatchment(
  tx: Transaction,
  { name, rule }: Pick<Catchment, "name" | "rule">,
  by: { readonly at: number; readonly author: string; readonly reason: string | null },
): Promise<number> {
  const version = ((await readCatchment(tx, name))?.version ?? 0) + 1;
  const text = JSON.stringify(rule);
  await tx.run(putOne, [name, version, text]);
  await tx.run(addRule, [name, version, text, by.at, by.author, by.reason]);
  await countRuleChange(tx);
  return version;
}

function catchmentOf({ name, version, rule }: CatchmentRow): Catchment {
  return { name, version, rule: JSON.parse(rule) as CatchmentRule };
}
