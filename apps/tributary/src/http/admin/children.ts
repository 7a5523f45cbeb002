import { adminEndpoints } from "@tributary/admin-api";
import { parseNodeId } from "@tributary/kernel";
import { appendNodeAudit, type NetworkChild, readNetworkChildren } from "@tributary/runtime";
import { assignCatchment, issueEnrolmentCode, listChildNodes, revokeChildNode } from "@tributary/sync";
import { refuse } from "../refuse.ts";
import type { AdminHandler } from "./admin-handler.ts";
import { actorOf, answer, notThere, readBody, readQuery, unusable } from "./admin-request.ts";
import { requireCatchment } from "./no-such-catchment.ts";
import { silentAfterMsOf } from "./silent-after.ts";
import { sortedPage } from "./sorted-page.ts";

const hourMs = 3_600_000;

/** `GET /admin/v1/children`: a page of the nodes that ever enrolled. */
export const tellChildren: AdminHandler = (node) => async (request) => {
  const { limit, after, q, sort, order, access } = readQuery(request, adminEndpoints["GET /children"].query);
  const silentAfterMs = silentAfterMsOf(node);
  const children = await node.database.snapshot((reader) =>
    readNetworkChildren(reader, { now: node.clock.now(), silentAfterMs }),
  );
  const text = q?.toLowerCase();
  const { items, next, total } = sortedPage(children, {
    nameOf: (child) => child.node,
    by: (child) => child[sort],
    order,
    matches: (child) =>
      (access === undefined || access === accessOf(child)) &&
      (text === undefined || child.node.toLowerCase().includes(text) || child.catchment.toLowerCase().includes(text)),
    after,
    limit,
  });
  const told = items.map(({ node: name, enrolledAt, revokedAt, lastSeenAt, catchment, contestedAt }) => {
    return { node: name, enrolledAt, revokedAt, lastSeenAt, catchment, contestedAt };
  });
  return answer({ items: told, next, total });
};

function accessOf({ revokedAt, contestedAt }: NetworkChild): "enrolled" | "revoked" | "contested" {
  if (revokedAt !== null) return "revoked";
  return contestedAt === null ? "enrolled" : "contested";
}

/** `POST /admin/v1/children`: issues a code with which one named child can enrol, once. */
export const inviteChild: AdminHandler = (node) => async (request) => {
  const { node: name, catchment, hours } = readBody(request, adminEndpoints["POST /children"].body);
  const child = parseNodeId(name);
  if (!child) throw refuse(unusable, "node-name-wrong", {});
  if (node.config.node.role === "child") throw refuse(unusable, "codes-at-parent", { node: node.id });
  if (catchment !== undefined) await requireCatchment(node.database, catchment);
  const { author } = actorOf(request, node);
  const { database, clock, random } = node;
  const issued = await issueEnrolmentCode(database, {
    node: child,
    validForMs: hours * hourMs,
    issuer: { nodeId: node.id, author },
    ...(catchment === undefined ? {} : { catchment }),
    clock,
    random,
  });
  return answer({ node: name, ...issued, url: node.config.http.publicUrl ?? request.url.origin });
};

/** `DELETE /admin/v1/children/{node}`: takes a child's access away at once. */
export const revokeChild: AdminHandler = (node) => async (request) => {
  const name = request.parameters["node"] ?? "";
  const { author, now } = actorOf(request, node);
  const isRevoked = await node.database.transaction(async (tx) => {
    if (!(await revokeChildNode(tx, name, now))) return false;
    await appendNodeAudit(tx, { nodeId: node.id, author, now }, { operation: "enrol", link: name, outcome: "revoked" });
    return true;
  });
  if (!isRevoked) throw refuse(notThere, "child-without-access", { node: name });
  return answer({ revoked: name });
};

/** `POST /admin/v1/children/{node}/catchment`: gives a child a catchment, from its next round on. */
export const assignToChild: AdminHandler = (node) => async (request) => {
  const name = request.parameters["node"] ?? "";
  const { catchment } = readBody(request, adminEndpoints["POST /children/:node/catchment"].body);
  await requireCatchment(node.database, catchment);
  if (!(await listChildNodes(node.database)).some((one) => one.node === name)) {
    throw refuse(notThere, "child-unknown", { node: name });
  }
  const { author, now } = actorOf(request, node);
  await node.database.transaction(async (tx) => {
    await assignCatchment(tx, { node: name, catchment, by: author, at: now });
    const entry = { operation: "configure", link: name, outcome: `catchment-${catchment}` } as const;
    await appendNodeAudit(tx, { nodeId: node.id, author, now }, entry);
  });
  return answer({ node: name, catchment });
};
