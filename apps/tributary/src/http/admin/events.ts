import type { AdminHandler } from "./admin-handler.ts";

/** `GET /admin/v1/events`: a stream of what is worth asking for anew, as server-sent events. */
export const followEvents: AdminHandler =
  (_node, { watchers }) =>
  async (request) => ({
    status: 200,
    headers: {
      "content-type": "text/event-stream; charset=utf-8",
      "cache-control": "no-store",
      // Kept open behind the last event, the connection would hold up a node that ends.
      connection: "close",
      // A proxy that gathers an answer before it passes it on would keep the events.
      "x-accel-buffering": "no",
    },
    parts: watchers.follow(request.signal),
  });
