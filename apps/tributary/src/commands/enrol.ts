import { systemClock as clock, type NodeId, TributaryError } from "@tributary/kernel";
import { enrolWithParent, openHttpExchange } from "@tributary/sync";
import { type AdminOptions, openAdmin } from "../admin-connection/open-admin.ts";
import type { Terminal } from "../terminal.ts";
import { losslessJson } from "./conflict-text.ts";
import { openDatabaseAt } from "./node-at.ts";

export interface EnrolOptions extends AdminOptions {
  readonly new?: string;
  readonly hours: string;
  readonly catchment?: string;
  readonly parent?: string;
  readonly code?: string;
  readonly json?: boolean;
}

/** A month: long enough for any journey, short enough that a forgotten note is worthless. */
const hoursMax = 24 * 31;

/** `tributary enrol`: one half of it at the parent, the other at the child, whose keys never leave its folder. */
export async function enrol(options: EnrolOptions, terminal: Terminal): Promise<void> {
  if (options.new !== undefined) await issueCode(options, options.new, terminal);
  else await useCode(options, terminal);
}

async function issueCode(options: EnrolOptions, name: string, terminal: Terminal): Promise<void> {
  const { catchment } = options;
  const hours = Number(options.hours);
  if (!(hours > 0 && hours <= hoursMax)) {
    throw misuse(`--hours is a number above 0 and up to ${hoursMax}, for example --hours 24.`);
  }
  await using admin = await openAdmin(options, terminal);
  const body = { node: name, hours, ...(catchment === undefined ? {} : { catchment }) };
  const issued = await admin.ask("POST /children", { body });
  const { node, code, expiresAt, url } = issued;
  if (options.json) return terminal.print(losslessJson(issued));
  terminal.note(
    `With this code the node ${node} can enrol once, until ${new Date(expiresAt).toISOString()}. At the child run:\n` +
      `  tributary enrol --parent ${url} --code ${code}`,
  );
  terminal.print(code);
}

async function useCode({ dir, node, parent, code }: EnrolOptions, terminal: Terminal): Promise<void> {
  if (node) throw misuse("A child enrols in its own folder: leave --node out, or issue a code with --new NAME.");
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
