import { isResourceId, isResourceType, type JsonValue, stringifyLossless } from "@tributary/fhir";
import { readTimeline } from "@tributary/runtime";
import { refuse } from "../refuse.ts";
import type { AdminHandler } from "./admin-handler.ts";
import { answer, notThere } from "./admin-request.ts";

/** `GET /admin/v1/timeline/{type}/{id}`: what became of one record, with the values of its elements. */
export const tellTimeline: AdminHandler = (node) => async (request) => {
  const { type = "", id = "" } = request.parameters;
  const isName = isResourceType(type) && isResourceId(id);
  const told = isName
    ? await node.database.snapshot((reader) => readTimeline(reader, node.store, { type, id }))
    : undefined;
  if (!told) throw refuse(notThere, "timeline-unknown", { node: node.id });
  return answer(told, (value) => stringifyLossless(value as JsonValue));
};
