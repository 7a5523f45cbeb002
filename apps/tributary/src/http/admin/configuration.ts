import { adminEndpoints } from "@tributary/admin-api";
import { listSettings, type NodeConfig } from "@tributary/runtime";
import type { AdminHandler } from "./admin-handler.ts";
import { answer, readQuery } from "./admin-request.ts";
import { sortedPage } from "./sorted-page.ts";

/** `GET /admin/v1/configuration`: a page of the settings as they are in force, secrets withheld. */
export const tellConfiguration: AdminHandler = (node) => async (request) => {
  const { limit, after, q, sort, order } = readQuery(request, adminEndpoints["GET /configuration"].query);
  const text = q?.toLowerCase();
  const page = sortedPage(settingsInForce(node.settings.config), {
    nameOf: ({ key }) => key,
    by: (one) => (sort === "key" ? one.key : Number(one.isDefault)),
    order,
    matches: ({ key }) => text === undefined || key.toLowerCase().includes(text),
    after,
    limit,
  });
  return answer(page);
};

/** Every setting with its value; a secret has none, and an address that carries a password is told without it. */
export function settingsInForce(config: NodeConfig) {
  return listSettings().map(({ key, description, fallback, isSecret }) => {
    const value = valueAt(config, key);
    return {
      key,
      value: isSecret ? null : withoutPassword(value),
      isSecret,
      isDefault: value === undefined || JSON.stringify(value) === JSON.stringify(fallback),
      description,
    };
  });
}

function valueAt(config: NodeConfig, key: string): unknown {
  return key
    .split(".")
    .reduce<unknown>(
      (inner, name) =>
        typeof inner === "object" && inner !== null ? (inner as Readonly<Record<string, unknown>>)[name] : undefined,
      config,
    );
}

function withoutPassword(value: unknown): unknown {
  if (typeof value !== "string") return value ?? null;
  const url = URL.parse(value);
  if (!url || url.host === "") return value;
  url.password = "";
  // A password may stand among the parameters too.
  url.search = "";
  return url.href;
}
