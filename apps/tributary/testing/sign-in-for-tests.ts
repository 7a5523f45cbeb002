import { type AdminClient, adminClient } from "@tributary/admin-api";
import { systemClock, systemRandom } from "@tributary/kernel";
import { createUser, csrfOf, makeSession, type Node, type UserRole } from "@tributary/runtime";
import type { createNodeServer } from "../src/http/node-server.ts";

type Server = Pick<ReturnType<typeof createNodeServer>, "inject">;

/** Makes a user of a role, signs them in, and gives a client that asks as their browser would. */
export async function signInForTests(node: Node, server: Server, role: UserRole): Promise<AdminClient> {
  const name = `a-${role}`;
  const now = systemClock.now();
  const actor = { nodeId: node.id, author: "test", now, random: systemRandom };
  await createUser(node.database, { name, role, password: "a long sentence" }, actor);
  const token = await node.database.transaction((tx) => makeSession(tx, name, { random: systemRandom, now }));
  const cookie = `tributary-session=${token}`;
  return adminClient({ fetch: fetchOver(server, cookie), csrf: () => csrfOf(token) });
}

/** Asks a server without a socket, with or without a cookie. */
export function fetchOver({ inject }: Server, cookie?: string): typeof globalThis.fetch {
  return async (address, { method = "GET", headers, body } = {}) => {
    const answer = await inject({
      method: method as "GET",
      url: String(address),
      headers: { ...(headers as Record<string, string>), ...(cookie === undefined ? {} : { cookie }) },
      ...(typeof body === "string" ? { payload: body } : {}),
    });
    return new Response(answer.statusCode === 204 ? null : answer.rawPayload, {
      status: answer.statusCode,
      headers: answer.headers as Record<string, string>,
    });
  };
}
