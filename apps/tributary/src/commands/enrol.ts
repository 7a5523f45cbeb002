import {
  systemClock as clock,
  type NodeId,
  parseNodeId,
  systemRandom as random,
  TributaryError,
} from "@tributary/kernel";
import { enrolWithParent, issueEnrolmentCode, openHttpExchange } from "@tributary/sync";
import type { Terminal } from "../terminal.ts";
import { requireCatchment } from "./catchment.ts";
import { openDatabaseAt } from "./node-at.ts";
import { operatorOf } from "./operator.ts";

export interface EnrolOptions {
  readonly dir: string;
  readonly new?: string;
  readonly hours: string;
  readonly catchment?: string;
  readonly parent?: string;
  readonly code?: string;
}

const hourMs = 3_600_000;
/** A month: long enough for any journey, short enough that a forgotten note is worthless. */
const hoursMax = 24 * 31;

/** `tributary enrol`: one half of it at the parent, the other at the child. */
export async function enrol(options: EnrolOptions, terminal: Terminal): Promise<void> {
  if (options.new !== undefined) await issueCode(options, options.new, terminal);
  else await useCode(options, terminal);
}

async function issueCode({ dir, hours, catchment }: EnrolOptions, name: string, terminal: Terminal): Promise<void> {
  const child = parseNodeId(name);
  if (!child) throw misuse("A node's name has 1 to 63 letters, digits, dots or hyphens, for example --new clinic-1.");
  const validForMs = Number(hours) * hourMs;
  if (!(validForMs > 0) || Number(hours) > hoursMax) {
    throw misuse(`--hours is a number above 0 and up to ${hoursMax}, for example --hours 24.`);
  }
  const { config, database } = await openDatabaseAt(dir, terminal);
  await using _ = database;
  if (config.node.role === "child")
    throw misuse(`The node ${config.node.id} is a child; codes are issued at its parent.`);
  const issuer = operatorOf(config.node.id, undefined, terminal);
  if (catchment !== undefined) await requireCatchment(database, catchment);
  const { code, expiresAt } = await issueEnrolmentCode(database, {
    node: child,
    validForMs,
    issuer,
    ...(catchment === undefined ? {} : { catchment }),
    clock,
    random,
  });
  const url = config.http.publicUrl ?? `http://${config.http.host}:${config.http.port}`;
  terminal.note(
    `With this code the node ${child} can enrol once, until ${new Date(expiresAt).toISOString()}. At the child run:\n` +
      `  tributary enrol --parent ${url} --code ${code}`,
  );
  terminal.print(code);
}

async function useCode({ dir, parent, code }: EnrolOptions, terminal: Terminal): Promise<void> {
  const { config, database } = await openDatabaseAt(dir, terminal);
  await using _ = database;
  const parentUrl = parent ?? config.parent.url;
  if (config.node.role === "parent")
    throw misuse(`The node ${config.node.id} is a parent; issue codes with --new NAME.`);
  if (!parentUrl || !code) throw misuse("At a child both are needed: --parent URL --code CODE.");
  if (!/^https?:$/.test(URL.parse(parentUrl)?.protocol ?? "")) {
    throw misuse("--parent is the address of the parent, for example --parent https://central.example.org.");
  }
  await using exchange = await openHttpExchange();
  const nodeId = config.node.id as NodeId;
  const link = await enrolWithParent({ database, parentUrl, code, nodeId, exchange, clock });
  terminal.note(`The node ${nodeId} is now a child of ${link.parent}. Next: tributary serve, or tributary pull.`);
}

function misuse(sentence: string): TributaryError {
  return new TributaryError("CONFIG_INVALID", sentence);
}
