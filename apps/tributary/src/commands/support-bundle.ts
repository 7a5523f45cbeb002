import { writeFile } from "node:fs/promises";
import { arch, cpus, platform, release, totalmem } from "node:os";
import { type Database, sql } from "@tributary/database";
import { systemClock } from "@tributary/kernel";
import { listAlerts, type NodeConfig, readNetworkChildren, readNodeStatus } from "@tributary/runtime";
import { countConflicts, listFailures } from "@tributary/sync";
import { settingsInForce } from "../http/admin/configuration.ts";
import type { Terminal } from "../terminal.ts";
import { version } from "../version.ts";
import { examine } from "./doctor.ts";
import { openDatabaseAt } from "./node-at.ts";

/** Failures and alerts that are told; helpers see a pattern in fewer. */
const toldMax = 200;

const readSchema = sql("select id from schema_migrations order by position");

/**
 * `tributary support-bundle`: writes one JSON file for those who help. It holds codes, numbers and the names of nodes, and
 * neither secrets nor a word or an identifier of any record.
 */
export async function writeSupportBundle(
  { dir, to }: { readonly dir: string; readonly to: string },
  terminal: Terminal,
): Promise<void> {
  const findings = await examine(dir, terminal);
  const { config, database } = await openDatabaseAt(dir, terminal);
  await using _ = database;
  const bundle = { ...(await tellNode(config, database)), doctor: findings };
  await writeFile(to, `${JSON.stringify(bundle, null, 2)}\n`, { flag: "wx", mode: 0o600 });
  terminal.note(`${to} can be sent to those who help: it holds no secrets and nothing of any record.`);
}

async function tellNode(config: NodeConfig, database: Database) {
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
