import { openDatabase } from "@tributary/database";
import { makeTestDatabase } from "@tributary/database/testing";
import { saving } from "@tributary/fhir/testing";
import { type Clock, type NodeId, systemClock, systemRandom } from "@tributary/kernel";
import { claimDatabase, createApiToken, migrateNode, type Node, openNode, parseConfig } from "@tributary/runtime";
import { enrolWithParent, issueEnrolmentCode } from "@tributary/sync";
import { exchangeOver, moveAll } from "@tributary/sync/testing";
import { createNodeServer } from "../src/http/node-server.ts";

type Dialect = Parameters<typeof makeTestDatabase>[0];
type Saved = Parameters<typeof saving>[0];

/** What of a pair is not as usual. */
export interface PairSurroundings {
  /** The time at both ends. */
  readonly clock?: Clock;
  /** What overrides the child's configuration. */
  readonly childEnvironment?: Readonly<Record<string, string>>;
  /** Where both listen, if they are told to: 0 is any free port. */
  readonly port?: number;
}

/**
 * A parent and its child, both behind their HTTP servers, the line between them within the process. The folders that
 * their configuration names stand in `folder`.
 */
export async function openPair(
  dialect: Dialect,
  folder = "/nowhere",
  { clock: time = systemClock, childEnvironment = {}, port = 8080 }: PairSurroundings = {},
) {
  const ended = new AsyncDisposableStack();
  const open = async (id: string, role: string, exchange?: ReturnType<typeof exchangeOver>) => {
    const place = ended.use(await makeTestDatabase(dialect));
    const text = `node: { id: ${id}, role: ${role} }\ndatabase: "${place.address}"\nhttp: { port: ${port} }\n`;
    const config = await parseConfig(text, {
      where: "test",
      folder,
      ...(role === "child" && { environment: childEnvironment }),
    });
    await claim(place.address, id as NodeId);
    return ended.use(await openNode(config, { clock: time, ...(exchange && { exchange }) }));
  };
  const parent = await open("centre", "parent");
  const line = exchangeOver(parent.syncRoutes);
  const child = await open("clinic", "child", line);
  const source = { clock: time, random: systemRandom };
  const { code } = await issueEnrolmentCode(parent.database, { node: child.id, ...source });
  const { database, id: nodeId, clock } = child;
  await enrolWithParent({ database, nodeId, clock, exchange: line, code, parentUrl: "http://parent.test" });
  const servers = { parent: await serve(parent), child: await serve(child) };
  return {
    parent,
    child,
    /** Both nodes' servers, for requests that carry no token. */
    servers: { parent: servers.parent.server, child: servers.child.server },
    ask: (method: "GET" | "POST" | "PUT", path: string, body?: unknown) => servers.child.ask(method, path, body),
    askParent: (method: "GET" | "POST" | "PUT", path: string, body?: unknown) => servers.parent.ask(method, path, body),
    [Symbol.asyncDispose]: () => ended.disposeAsync(),
  };

  async function serve(node: Node) {
    const server = ended.use(createNodeServer(node));
    const token = await createApiToken(node.database, { name: "console", ...source });
    const ask = async (
      method: "GET" | "POST" | "PUT",
      path: string,
      body?: unknown,
      authorization = `Bearer ${token}`,
    ) => {
      const answer = await server.inject({
        method,
        url: `/admin/v1${path}`,
        headers: { authorization, "content-type": "application/json" },
        ...(body === undefined ? {} : { payload: typeof body === "string" ? body : JSON.stringify(body) }),
      });
      return { status: answer.statusCode, body: answer.json() as Record<string, unknown> };
    };
    return { server, ask };
  }
}

async function claim(address: string, node: NodeId): Promise<void> {
  await using database = await openDatabase({ address });
  await migrateNode(database);
  await claimDatabase(database, node, systemClock);
}

/** Writes records as their node's own, and gives their events their places. */
export async function save(node: Node, ...resources: Saved[]): Promise<void> {
  await node.database.transaction((tx) =>
    node.store.write(
      tx,
      resources.map((resource) => saving(resource)),
    ),
  );
  await moveAll(node.database);
}
