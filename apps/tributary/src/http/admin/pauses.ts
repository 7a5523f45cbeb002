import { pauseRequest, resumeRequest } from "@tributary/admin-api";
import { pauseLink, resumeLink } from "@tributary/sync";
import type { AdminHandler } from "./admin-handler.ts";
import { actorOf, answer, readBody } from "./admin-request.ts";

/** `POST /admin/v1/pause`: stops one direction of the link, or both; answers all pauses. */
export const pause: AdminHandler = (node) => async (request) => {
  const { directions, reason } = readBody(request, pauseRequest);
  const actor = { ...actorOf(request, node), reason };
  return answer({ pauses: await node.database.transaction((tx) => pauseLink(tx, directions, actor)) });
};

/** `POST /admin/v1/resume`: lets one direction go on, or both, at once; answers the pauses that are left. */
export const resume: AdminHandler = (node) => async (request) => {
  const { directions } = readBody(request, resumeRequest);
  const actor = actorOf(request, node);
  const pauses = await node.database.transaction((tx) => resumeLink(tx, directions, actor));
  (await node.synchronizer())?.wake();
  return answer({ pauses });
};
