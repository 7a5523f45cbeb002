import { readNodeStatus } from "@tributary/runtime";
import { answer } from "./admin-request.ts";
import type { AdminHandler } from "./admin-routes.ts";

/** `GET /admin/v1/status`: what the node holds and how far it is in step. */
export const tellStatus: AdminHandler = (node) => async () => answer(await readNodeStatus(node.database, node.config));
