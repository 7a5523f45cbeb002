import { adminEndpoints } from "@tributary/admin-api";
import type { Reader } from "@tributary/database";
import type { Node } from "@tributary/runtime";
import {
  countMembers,
  everythingCatchment,
  findMembers,
  listAssignments,
  listCatchments,
  listPasses,
  listRuleVersions,
  type MemberPlace,
  previewRule,
  setCatchmentRule,
} from "@tributary/sync";
import { refuse } from "../refuse.ts";
import type { AdminHandler } from "./admin-handler.ts";
import { actorOf, answer, readBody, readQuery, unusable } from "./admin-request.ts";
import { noSuchCatchment, requireCatchment } from "./no-such-catchment.ts";
import { readPlace, sortedPage, writePlace } from "./sorted-page.ts";

/** Rules of one catchment that are told. */
const historyMax = 50;

/** `GET /admin/v1/catchments`: a page of the catchments, with their sizes and the children that have them. */
export const tellCatchments: AdminHandler = (node) => async (request) => {
  const { limit, after, q, sort, order } = readQuery(request, adminEndpoints["GET /catchments"].query);
  const text = q?.toLowerCase();
  const page = sortedPage(await summariesOf(node), {
    nameOf: ({ name }) => name,
    by: (one) => one[sort],
    order,
    matches: ({ name }) => text === undefined || name.includes(text),
    after,
    limit,
  });
  return answer({ ...page, everything: { children: await childrenWith(node.database, everythingCatchment) } });
};

/** `GET /admin/v1/catchments/{name}`: one catchment, with the rules that it had. */
export const tellCatchment: AdminHandler = (node) => async (request) => {
  const name = request.parameters["name"] ?? "";
  const summary = (await summariesOf(node)).find((one) => one.name === name);
  if (!summary) throw noSuchCatchment(name);
  const history = await listRuleVersions(node.database, name, historyMax);
  return answer({
    ...summary,
    history: history.map(({ version, rule, setAt, setBy, reason }) => ({ version, rule, setAt, setBy, reason })),
  });
};

/** `POST /admin/v1/catchments/preview`: whom a rule would let in and out; nothing is changed. */
export const previewCatchment: AdminHandler = (node) => async (request) => {
  const asked = readBody(request, adminEndpoints["POST /catchments/preview"].body);
  const preview = await previewRule(node.database, node.memberships, asked);
  const children = await childrenWith(node.database, asked.name);
  return answer({ ...preview, children });
};

/** `PUT /admin/v1/catchments/{name}`: puts a rule into force. */
export const putCatchment: AdminHandler = (node) => async (request) => {
  const { rule, reason = null } = readBody(request, adminEndpoints["PUT /catchments/:name"].body);
  const name = request.parameters["name"] ?? "";
  const { author } = actorOf(request, node);
  const { database, memberships, id: nodeId, clock } = node;
  const version = await database.transaction((tx) =>
    setCatchmentRule(tx, { name, rule, author, reason }, { memberships, nodeId, clock }),
  );
  return answer({ name, version });
};

/** `GET /admin/v1/catchments/{name}/members`: a page of the patients of a catchment, sorted. */
export const tellMembers: AdminHandler = (node) => async (request) => {
  const { limit, after, q, ...asked } = readQuery(request, adminEndpoints["GET /catchments/:name/members"].query);
  const name = request.parameters["name"] ?? "";
  await requireCatchment(node.database, name);
  const query = { ...asked, begins: q, after: after === undefined ? undefined : memberPlaceOf(after, asked.sort) };
  const members = await findMembers(node.database, name, query, limit);
  const last = members.length === limit ? members.at(-1) : undefined;
  return answer({
    items: members.map(({ patient, state, since, reason }) => ({ patient, state, since, reason })),
    next: last ? writePlace({ value: last[asked.sort], name: last.patient }) : null,
  });
};

/** Where a page of patients ended: behind an id, or, where they are sorted by time, behind a time and an id. */
function memberPlaceOf(after: string, sort: "patient" | "since"): MemberPlace {
  if (sort === "patient") return { patient: after, since: 0 };
  const place = readPlace(after);
  if (typeof place?.value === "number") return { patient: place.name, since: place.value };
  throw refuse(unusable, "place-unusable", {});
}

async function childrenWith(reader: Reader, catchment: string): Promise<string[]> {
  return (await listAssignments(reader)).filter((one) => one.catchment === catchment).map(({ node }) => node);
}

async function summariesOf({ database }: Node) {
  return database.snapshot(async (reader) => {
    const children = Map.groupBy(await listAssignments(reader), ({ catchment }) => catchment);
    const passes = new Map((await listPasses(reader)).map((pass) => [pass.catchment, pass]));
    const counts = await countMembers(reader);
    return (await listCatchments(reader)).map(({ name, version, rule }) => {
      const pass = passes.get(name);
      return {
        name,
        version,
        rule,
        members: counts.get(name)?.member ?? 0,
        suspended: counts.get(name)?.suspended ?? 0,
        children: (children.get(name) ?? []).map(({ node }) => node),
        pass: pass ? { done: pass.done, total: pass.total, begunAt: pass.begunAt, endedAt: pass.endedAt } : null,
      };
    });
  });
}
