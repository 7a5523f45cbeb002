import { arch, cpus, platform, release, totalmem } from "node:os";
import { type Database, sql } from "@tributary/database";
import { systemClock } from "@tributary/kernel";
import {
  cleanLogLine,
  listAlerts,
  type NodeConfig,
  readNetworkChildren,
  readNodeStatus,
  readSettings,
} from "@tributary/runtime";
import { countConflicts, listFailures } from "@tributary/sync";
import { settingsInForce } from "../http/admin/configuration.ts";
import { version } from "../version.ts";

/** Failures and alerts that are told; helpers see a pattern in fewer. */
const toldMax = 200;
/** Lines of the log that are told, the last ones. */
const linesMax = 500;

const readSchema = sql("select id from schema_migrations order by position");

/** Tells of a node what helpers need to know: codes, numbers and the names of nodes. */
export async function describeNode(config: NodeConfig, database: Database): Promise<Readonly<Record<string, unknown>>> {
  const now = systemClock.now();
  const silentAfterMs = config.alerts.silentMinutes * 60_000;
  const failures = await listFailures(database, { limit: toldMax });
  return {
    madeAt: new Date(now).toISOString(),
    version,
    machine: {
      node: process.versions.node,
      platform: `${platform()} ${release()} ${arch()}`,
      processors: cpus().length,
      memoryMegabytes: Math.round(totalmem() / 1e6),
    },
    configuration: settingsInForce(config).map(({ key, value, isDefault }) => ({ key, value, isDefault })),
    settings: (await readSettings(database))?.settings ?? {},
    schema: (await database.all<{ id: string }>(readSchema)).map(({ id }) => id),
    status: withoutReasons(await readNodeStatus(database, config)),
    children: await readNetworkChildren(database, { now, silentAfterMs }),
    alerts: await listAlerts(database, { limit: toldMax }),
    // How many records, of which types, failed how: whose they are concerns nobody else.
    failures: failures.map(({ references, missing, dependants, failureId: _, detail: __, ...codes }) => ({
      ...codes,
      types: references.map(typeOf),
      missing: missing.map(typeOf),
      dependants: dependants.length,
    })),
    conflicts: await countConflicts(database),
  };
}

/** The last lines of a log, cleaned of what helpers need not know. */
export function describeLog(lines: readonly string[]) {
  return lines.slice(-linesMax).flatMap((line) => cleanLogLine(line) ?? []);
}

function withoutReasons(status: Awaited<ReturnType<typeof readNodeStatus>>) {
  const { parent, ...rest } = status;
  if (!parent) return rest;
  const pauses = parent.pauses.map(({ direction, pausedAt }) => ({ direction, pausedAt }));
  const lastError = parent.lastError === null ? null : (/^[A-Z_]+/.exec(parent.lastError)?.[0] ?? "withheld");
  return { ...rest, parent: { ...parent, pauses, lastError } };
}

function typeOf(reference: string): string {
  return reference.split("/")[0] ?? "";
}
