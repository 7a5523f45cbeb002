import { adminEndpoints } from "@tributary/admin-api";
import {
  changeSettings,
  countSettingsVersions,
  listSettingsVersions,
  readSettings,
  tellSettings,
} from "@tributary/runtime";
import { refuse } from "../refuse.ts";
import type { AdminHandler } from "./admin-handler.ts";
import { actorOf, answer, readBody, readQuery, unusable } from "./admin-request.ts";

/** `GET /admin/v1/settings`: what is in force, and where each comes from. */
export const tellNodeSettings: AdminHandler = (node) => async () =>
  answer(tellSettings(node.config, await readSettings(node.database)));

/** `PUT /admin/v1/settings`: sets some of them as a new version, which this node takes up at once. */
export const putSettings: AdminHandler = (node) => async (request) => {
  const { version, reason, ...settings } = readBody(request, adminEndpoints["PUT /settings"].body);
  const told = await changeSettings(node.database, node.config, { version, reason, settings }, actorOf(request, node));
  await node.settings.look();
  return answer(told);
};

/** `GET /admin/v1/settings/history`: a page of the versions that there were. */
export const tellSettingsHistory: AdminHandler = (node) => async (request) => {
  const { limit, after, order } = readQuery(request, adminEndpoints["GET /settings/history"].query);
  const last = after === undefined ? undefined : Number(after);
  if (last !== undefined && !Number.isSafeInteger(last)) {
    throw refuse(unusable, "next-unusable", {});
  }
  const [versions, total] = await node.database.snapshot(async (reader) => [
    await listSettingsVersions(reader, { order, after: last, limit: limit + 1 }),
    await countSettingsVersions(reader),
  ]);
  const items = versions.slice(0, limit).map(({ setIn: _, ...version }) => version);
  return answer({ items, next: versions.length > limit ? String(items.at(-1)?.version) : null, total });
};
