import { type AdminClient, type AdminReader, adminClient, adminReader } from "@tributary/admin-api";
import { type JsonValue, parseLossless, stringifyLossless } from "@tributary/fhir";
import { TributaryError } from "@tributary/kernel";
import type { SyncListeners } from "@tributary/runtime";
import type { Terminal } from "../terminal.ts";
import type { AdminWay } from "./admin-way.ts";
import { type Explain, explainLocal, explainRemote } from "./explain-refusal.ts";

/** Which node a command asks, and in whose name. */
export interface AdminOptions {
  /** The folder of a node on this machine. */
  readonly dir: string;
  /** The address of a running node, which is asked instead of the one in the folder. */
  readonly node?: string;
  /** Where the token for that node stands; without it in TRIBUTARY_TOKEN. */
  readonly tokenFile?: string;
  /** Who acts at the node of the folder; at a running node the token's name says it. */
  readonly as?: string;
}

/**
 * The admin API of a node, as the commands use it. Whoever can read the folder of a node may do everything there, in the
 * name that they give; at a node behind an address, a token says who it is and what they may.
 *
 * Both throw a `TributaryError` that tells whoever typed the command what to do. Decimals keep their digits both ways.
 */
export interface AdminConnection extends AsyncDisposable {
  readonly ask: AdminClient;
  readonly read: AdminReader;
}

/** How the node of a folder is opened: who follows its rounds, and whether what is set there has to be usable. */
export interface LocalWay extends SyncListeners {
  readonly settings?: "even-if-unusable";
}

/**
 * Opens the admin API of the node that a command line names: in process for a folder, where nothing runs by itself and
 * nothing is logged, and over HTTP for an address.
 */
export async function openAdmin(
  options: AdminOptions,
  terminal: Terminal,
  local: LocalWay = {},
): Promise<AdminConnection> {
  const { node } = options;
  if (!node) {
    const { openLocalNode } = await import("./local-node.ts");
    return connectionOver(await openLocalNode(options, terminal, local), explainLocal);
  }
  if (options.as !== undefined) {
    throw new TributaryError(
      "CONFIG_INVALID",
      "At a running node the name of the token stands in the audit trail; leave --as out.",
    );
  }
  const { openRemoteNode } = await import("./remote-node.ts");
  const way = await openRemoteNode({ address: node, tokenFile: options.tokenFile }, terminal);
  return connectionOver(way, explainRemote(node, way));
}

function connectionOver(way: AdminWay, explain: Explain): AdminConnection {
  const options = { fetch: way.fetch, base: way.base, json: lossless };
  const client = adminClient(options);
  const reader = adminReader(options);
  return {
    ask: async (name, ...inputs) => {
      try {
        return await client(name, ...inputs);
      } catch (thrown) {
        return explain(thrown, name);
      }
    },
    read: async function* read(name, ...inputs) {
      try {
        yield* reader(name, ...inputs);
      } catch (thrown) {
        await explain(thrown, name);
      }
    },
    [Symbol.asyncDispose]: () => way[Symbol.asyncDispose](),
  };
}

const lossless = { parse: parseLossless, stringify: (value: unknown) => stringifyLossless(value as JsonValue) };
