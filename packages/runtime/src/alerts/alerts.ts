import { type Database, type Reader, type Sql, sql, type Transaction } from "@tributary/database";
import type { Finding } from "./alert-rules.ts";

/** Closed alerts are kept for so long, to see what keeps coming back. */
const keepClosedMs = 90 * 24 * 60 * 60_000;
/** Alerts that are open at one moment at the most; with more than that it is one thing that is wrong. */
const openMax = 5_000;

/** Something that is or was wrong. */
export interface Alert extends Finding {
  readonly alertId: string;
  readonly state: "open" | "closed";
  readonly openedAt: number;
  readonly closedAt: number | null;
}

interface AlertRow {
  readonly alert_id: number;
  readonly rule: Finding["rule"];
  readonly subject: string;
  readonly state: Alert["state"];
  readonly severity: Finding["severity"];
  readonly opened_at: number;
  readonly closed_at: number | null;
  readonly value: number;
  readonly limit_value: number;
  readonly sentence: string;
}

const columns = "alert_id, rule, subject, state, severity, opened_at, closed_at, value, limit_value, sentence";
const readOpen = sql(`select ${columns} from alerts where state = 'open' order by alert_id limit ${openMax}`);
const lists: Readonly<Record<AlertSort, Readonly<Record<"asc" | "desc", Sql>>>> = {
  openedAt: bothWays("openedAt"),
  rule: bothWays("rule"),
  subject: bothWays("subject"),
  severity: bothWays("severity"),
};
const readUntold = sql(`
  select ${columns} from alerts where told_state is null or told_state <> state order by alert_id limit $1`);
// What closed before anybody was told of it needs no message, nor what is only less bad than before.
const readUnmailed = sql(`
  select ${columns} from alerts
  where (state = 'open' and (mailed_as is null or (mailed_as = 'warning' and severity = 'critical')))
    or (state = 'closed' and mailed_as in ('warning', 'critical'))
  order by alert_id limit $1`);
const noteMailed = sql("update alerts set mailed_as = $2 where alert_id = $1");
const openOne = sql(`
  insert into alerts (rule, subject, state, severity, opened_at, value, limit_value, sentence)
  values ($1, $2, 'open', $3, $4, $5, $6, $7)`);
const changeOne = sql(
  "update alerts set severity = $2, value = $3, limit_value = $4, sentence = $5 where alert_id = $1",
);
const closeOne = sql("update alerts set state = 'closed', closed_at = $2 where alert_id = $1 and state = 'open'");
const noteTold = sql("update alerts set told_state = $2 where alert_id = $1");
const dropOld = sql("delete from alerts where state = 'closed' and closed_at < $1");

/**
 * Brings the table to what is wrong now: what is new opens an alert, what is no more closes its one, and what goes on
 * keeps its one with the latest value. Returns how many were opened and closed.
 */
export async function settleAlerts(
  tx: Transaction,
  findings: readonly Finding[],
  now: number,
): Promise<{ readonly opened: number; readonly closed: number }> {
  const open = new Map((await tx.all<AlertRow>(readOpen)).map((row) => [keyOf(row), row]));
  let opened = 0;
  for (const finding of findings.slice(0, openMax)) {
    const { rule, subject, severity, value, limit, sentence } = finding;
    const row = open.get(keyOf(finding));
    open.delete(keyOf(finding));
    if (!row) {
      await tx.run(openOne, [rule, subject, severity, now, value, limit, sentence]);
      opened += 1;
    } else if (row.value !== value || row.severity !== severity) {
      await tx.run(changeOne, [row.alert_id, severity, value, limit, sentence]);
    }
  }
  for (const { alert_id } of open.values()) await tx.run(closeOne, [alert_id, now]);
  await tx.run(dropOld, [now - keepClosedMs]);
  return { opened, closed: open.size };
}

/** By what alerts can be sorted: by when each opened, or by one of these and then by that. */
export type AlertSort = "openedAt" | "rule" | "subject" | "severity";

/** Which alerts are asked for, in which order, and where the page begins; what is left out is not asked about. */
export interface AlertQuery {
  readonly state?: Alert["state"] | undefined;
  readonly rule?: string | undefined;
  readonly severity?: Finding["severity"] | undefined;
  /** A part of what it is about. */
  readonly text?: string | undefined;
  readonly sort?: AlertSort;
  /** The latest first when left out. */
  readonly order?: "asc" | "desc";
  /** The last alert of the page before, with what it is sorted by where that is not when it opened. */
  readonly after?: { readonly alertId: number; readonly value?: string } | undefined;
  readonly limit: number;
}

/** A page of the alerts; those that are alike in the order in which they opened. */
export async function listAlerts(reader: Reader, query: AlertQuery): Promise<Alert[]> {
  const { state, rule, severity, text, sort = "openedAt", order = "desc", after, limit } = query;
  const rows = await reader.all<AlertRow>(lists[sort][order], [
    after?.alertId ?? (order === "asc" ? -1 : Number.MAX_SAFE_INTEGER),
    state ?? null,
    rule ?? null,
    severity ?? null,
    text === undefined ? null : `%${text.toLowerCase().replace(/[!%_]/g, "!$&")}%`,
    limit,
    ...(sort === "openedAt" ? [] : [after?.value ?? null]),
  ]);
  return rows.map(alertOf);
}

/** Alerts whose present state the webhook has not been told. */
export async function listUntoldAlerts(reader: Reader, limit: number): Promise<Alert[]> {
  return (await reader.all<AlertRow>(readUntold, [limit])).map(alertOf);
}

/** Notes that the webhook was told of an alert's state. */
export async function noteAlertTold(database: Database, { alertId, state }: Alert): Promise<void> {
  await database.transaction((tx) => tx.run(noteTold, [Number(alertId), state]));
}

/** Alerts whose present state nobody has been sent by e-mail. */
export async function listUnmailedAlerts(reader: Reader, limit: number): Promise<Alert[]> {
  return (await reader.all<AlertRow>(readUnmailed, [limit])).map(alertOf);
}

/** Notes that alerts were sent by e-mail as they are. */
export async function noteAlertMailed(tx: Transaction, alerts: readonly Alert[]): Promise<void> {
  for (const { alertId, state, severity } of alerts) {
    await tx.run(noteMailed, [Number(alertId), state === "closed" ? "over" : severity]);
  }
}

function bothWays(sort: AlertSort): Readonly<Record<"asc" | "desc", Sql>> {
  return { asc: listed(sort, "asc", ">"), desc: listed(sort, "desc", "<") };
}

function listed(sort: AlertSort, order: "asc" | "desc", behind: ">" | "<"): Sql {
  const page = (value: string) => `
    select ${columns} from alerts
    where ${sort === "openedAt" ? `alert_id ${behind} $1` : `(cast($7 as text) is null or (${value}, alert_id) ${behind} ($7, $1))`}
      and (cast($2 as text) is null or state = $2)
      and (cast($3 as text) is null or rule = $3)
      and (cast($4 as text) is null or severity = $4)
      and (cast($5 as text) is null or lower(subject) like $5 escape '!')
    order by ${sort === "openedAt" ? "" : `${value} ${order}, `}alert_id ${order} limit $6`;
  return sql({ sqlite: page(sort), postgres: page(`${sort} collate "C"`) });
}

function keyOf({ rule, subject }: { readonly rule: string; readonly subject: string }): string {
  return `${rule} ${subject}`;
}

function alertOf(row: AlertRow): Alert {
  return {
    alertId: String(row.alert_id),
    rule: row.rule,
    subject: row.subject,
    state: row.state,
    severity: row.severity,
    openedAt: row.opened_at,
    closedAt: row.closed_at,
    value: row.value,
    limit: row.limit_value,
    sentence: row.sentence,
  };
}
