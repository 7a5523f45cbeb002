import { adminEndpoints } from "@tributary/admin-api";
import { appendNodeAudit } from "@tributary/runtime";
import { acceptInstance, listContestedChildren } from "@tributary/sync";
import { refuse } from "../refuse.ts";
import type { AdminHandler } from "./admin-handler.ts";
import { actorOf, answer, notThere, readBody } from "./admin-request.ts";

/** `GET /admin/v1/children/{node}/clones`: the installations of a child of which two are at work. */
export const tellClones: AdminHandler = (node) => async (request) => {
  const name = request.parameters["node"] ?? "";
  const child = (await listContestedChildren(node.database)).find((one) => one.node === name);
  if (!child) throw refuse(notThere, "child-not-twice", { node: name });
  return answer(child);
};

/** `POST /admin/v1/children/{node}/clones`: decides which of them is let in again. */
export const acceptClone: AdminHandler = (node) => async (request) => {
  const name = request.parameters["node"] ?? "";
  const { instance } = readBody(request, adminEndpoints["POST /children/:node/clones"].body);
  const { author, now } = actorOf(request, node);
  const isAccepted = await node.database.transaction(async (tx) => {
    if (!(await acceptInstance(tx, name, instance))) return false;
    const entry = { operation: "enrol", link: name, operationId: instance, outcome: "clone-accepted" } as const;
    await appendNodeAudit(tx, { nodeId: node.id, author, now }, entry);
    return true;
  });
  if (!isAccepted) throw refuse(notThere, "installation-unknown", { node: name, installation: instance });
  return answer({ node: name, instance });
};
