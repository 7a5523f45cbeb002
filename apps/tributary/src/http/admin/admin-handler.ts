import type { Node } from "@tributary/runtime";
import type { RouteHandler } from "../streamed-response.ts";
import type { AdminRoom } from "./admin-room.ts";

/** What stands behind a line of the admin API: a handler that knows the node, and what the handlers of its server share. */
export type AdminHandler = (node: Node, room: AdminRoom) => RouteHandler;
