import { readNodeStatus } from "@tributary/runtime";
import type { AdminHandler } from "./admin-handler.ts";
import { answer } from "./admin-request.ts";
import { withEstimate } from "./beginning-estimate.ts";

/** `GET /admin/v1/status`: what the node holds and how far it is in step. */
export const tellStatus: AdminHandler = (node) => async () => {
  const { parent, ...status } = await readNodeStatus(node.database, node.config);
  if (!parent) return answer(status);
  return answer({ ...status, parent: { ...parent, beginning: withEstimate(parent.beginning, node.clock.now()) } });
};
