import { adminEndpoints } from "@tributary/admin-api";
import { appendNodeAudit } from "@tributary/runtime";
import { answerEnrolment } from "@tributary/sync";
import { RequestRefused } from "../request-refused.ts";
import type { AdminHandler } from "./admin-handler.ts";
import { actorOf, answer, readBody } from "./admin-request.ts";

/** `POST /admin/v1/children/by-hand`: lets a child in that has no line, by what its file says. */
export const enrolByHand: AdminHandler = (node) => async (request) => {
  const asked = readBody(request, adminEndpoints["POST /children/by-hand"].body);
  const { id: nodeId, database, clock, config } = node;
  if (config.node.role === "child") {
    const sentence = `The node ${nodeId} is a child; requests are accepted at its parent.`;
    throw new RequestRefused({ status: 400, code: "invalid", sentence });
  }
  const parentUrl = config.http.publicUrl ?? request.url.origin;
  const { child, answer: carried } = await answerEnrolment({ database, nodeId, clock }, asked.request, parentUrl);
  const { author, now } = actorOf(request, node);
  const entry = { operation: "enrol", link: child, outcome: "accepted-by-hand" } as const;
  await database.transaction((tx) => appendNodeAudit(tx, { nodeId, author, now }, entry));
  return answer({ node: child, answer: carried });
};
