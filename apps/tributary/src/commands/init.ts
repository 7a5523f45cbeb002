import { existsSync } from "node:fs";
import { mkdir, rename, rm, writeFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import { openDatabase } from "@tributary/database";
import {
  systemClock as clock,
  type NodeId,
  type Random,
  systemRandom as random,
  TributaryError,
} from "@tributary/kernel";
import {
  claimDatabase,
  configFileName,
  createApiToken,
  listApiTokens,
  migrateNode,
  parseConfig,
} from "@tributary/runtime";
import type { Terminal } from "../terminal.ts";
import { type InitialSettings, writeInitialConfig } from "./initial-config.ts";
import { operatorOf } from "./operator.ts";

export interface InitOptions {
  readonly role: "parent" | "child" | "hub";
  readonly dir: string;
  readonly id?: string;
  readonly port?: string;
  readonly database?: string;
}

/** A child stands beside its parent on one machine without further ado. */
const defaultPorts = { parent: 8080, hub: 8080, child: 8081 } as const;
const firstTokenName = "first";

/**
 * `tributary init`: makes a node that is ready to serve. The configuration is put in its place as the last step, so an
 * attempt that fails can be made again.
 */
export async function init(options: InitOptions, terminal: Terminal): Promise<void> {
  const folder = resolve(options.dir);
  const file = join(folder, configFileName);
  if (existsSync(file)) {
    throw new TributaryError(
      "ALREADY_INITIALISED",
      `There is a node in ${folder} already; name another folder with --dir.`,
    );
  }
  const settings = settingsFrom(options);
  const text = writeInitialConfig(settings);
  const config = await parseConfig(text, { where: "the command line", folder, environment: terminal.environment });
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const draft = `${file}.new`;
  await writeFile(draft, text, { mode: 0o600 });
  let token: string | undefined;
  try {
    await using database = await openDatabase({ address: config.database });
    await migrateNode(database);
    await claimDatabase(database, config.node.id as NodeId, clock);
    const isFresh = (await listApiTokens(database)).length === 0;
    if (options.role !== "child" && isFresh)
      token = await createApiToken(database, {
        name: firstTokenName,
        clock,
        random,
        by: operatorOf(config.node.id, undefined, terminal),
      });
    await rename(draft, file);
  } catch (error) {
    await rm(draft, { force: true });
    throw error;
  }
  terminal.note(farewell(settings, folder, token !== undefined));
  if (token) terminal.print(token);
}

function settingsFrom({ role, id, port, database }: InitOptions): InitialSettings {
  return {
    id: id ?? `${role}-${randomLetters(random)}`,
    role,
    port: port === undefined ? defaultPorts[role] : /^\d+$/.test(port) ? Number(port) : port,
    database,
  };
}

function randomLetters(source: Random): string {
  return Array.from(source.bytes(5), (byte) => "abcdefghjkmnpqrstuvwxyz"[byte % 23]).join("");
}

function farewell({ role, id }: InitialSettings, folder: string, hasToken: boolean): string {
  const at = `--dir ${folder}`;
  const next =
    role === "child"
      ? `Next: ask the parent's operator for a code (tributary enrol --new ${id}), then\n  tributary enrol ${at} --parent URL --code CODE\n  tributary serve ${at}`
      : `Next:\n  tributary serve ${at}\n  tributary enrol ${at} --new NAME    (a code for each child)`;
  const token = hasToken ? "\nThis is its first API token; it is shown this once:" : "";
  return `The ${role} ${id} is ready in ${folder}.\n${next}${token}`;
}
