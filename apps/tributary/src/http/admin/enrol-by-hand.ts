import { adminEndpoints } from "@tributary/admin-api";
import { appendNodeAudit } from "@tributary/runtime";
import { answerEnrolment } from "@tributary/sync";
import { refuse } from "../refuse.ts";
import type { AdminHandler } from "./admin-handler.ts";
import { actorOf, answer, readBody, unusable } from "./admin-request.ts";

/** `POST /admin/v1/children/by-hand`: lets a child in that has no line, by what its file says. */
export const enrolByHand: AdminHandler = (node) => async (request) => {
  const asked = readBody(request, adminEndpoints["POST /children/by-hand"].body);
  const { id: nodeId, database, clock, config } = node;
  if (config.node.role === "child") throw refuse(unusable, "requests-at-parent", { node: nodeId });
  const parentUrl = config.http.publicUrl ?? request.url.origin;
  const { child, answer: carried } = await answerEnrolment({ database, nodeId, clock }, asked.request, parentUrl);
  const { author, now } = actorOf(request, node);
  const entry = { operation: "enrol", link: child, outcome: "accepted-by-hand" } as const;
  await database.transaction((tx) => appendNodeAudit(tx, { nodeId, author, now }, entry));
  return answer({ node: child, answer: carried });
};
