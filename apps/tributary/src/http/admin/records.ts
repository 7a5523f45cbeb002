import { isResourceId, isResourceType, type JsonValue, parseLossless, stringifyLossless } from "@tributary/fhir";
import { listConflictsOf, readRecordReach } from "@tributary/sync";
import { refuse } from "../refuse.ts";
import type { AdminHandler } from "./admin-handler.ts";
import { answer, notThere } from "./admin-request.ts";

/** `GET /admin/v1/records/{type}/{id}`: one record as it stands here. */
export const tellRecord: AdminHandler = (node) => async (request) => {
  const { type = "", id = "" } = request.parameters;
  if (!isResourceType(type) || !isResourceId(id)) throw refuse(notThere, "record-name-wrong", {});
  const told = await node.database.snapshot(async (reader) => {
    const stored = await node.store.read(reader, { type, id });
    if (!stored) return undefined;
    const { version, lastUpdated, body } = stored;
    const conflicts = await listConflictsOf(reader, type, id);
    return {
      type,
      id,
      version,
      lastUpdated,
      isDeleted: body === undefined,
      body: body === undefined ? null : parseLossless(body),
      openConflicts: conflicts.filter(({ state }) => state === "open").length,
      tiers: (await readRecordReach(reader, node.id, { type, id, version })).tiers,
    };
  });
  if (!told) throw refuse(notThere, "record-unknown", {});
  return answer(told, (value) => stringifyLossless(value as JsonValue));
};

/** `GET /admin/v1/records/{type}/{id}/reach`: which nodes above have its current version. */
export const tellReach: AdminHandler = (node) => async (request) => {
  const { type = "", id = "" } = request.parameters;
  if (!isResourceType(type) || !isResourceId(id)) throw refuse(notThere, "record-name-wrong", {});
  const told = await node.database.snapshot(async (reader) => {
    const stored = await node.store.read(reader, { type, id });
    if (!stored) return undefined;
    const { version } = stored;
    return { version, tiers: (await readRecordReach(reader, node.id, { type, id, version })).tiers };
  });
  if (!told) throw refuse(notThere, "record-unknown-at", { node: node.id, reference: `${type}/${id}` });
  return answer({ reference: `${type}/${id}`, ...told });
};
