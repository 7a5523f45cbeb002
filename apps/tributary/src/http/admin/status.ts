import { readNodeStatus } from "@tributary/runtime";
import type { AdminHandler } from "./admin-handler.ts";
import { answer } from "./admin-request.ts";

/** `GET /admin/v1/status`: what the node holds and how far it is in step. */
export const tellStatus: AdminHandler = (node) => async () => answer(await readNodeStatus(node.database, node.config));
