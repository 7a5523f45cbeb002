import { adminEndpoints, roleMay } from "@tributary/admin-api";
import type { Reader } from "@tributary/database";
import type { HttpRequest } from "@tributary/kernel";
import { listUsers, type Node, type UserRole } from "@tributary/runtime";
import { countAssigned } from "@tributary/sync";
import { refuse } from "../refuse.ts";
import type { AdminHandler } from "./admin-handler.ts";
import { actorOf, answer, readQuery } from "./admin-request.ts";
import { sortedPage } from "./sorted-page.ts";

/** Users that are looked through; no site gives so many accounts of its own. */
const usersMax = 10_000;

/** Somebody to whom a conflict can be assigned. */
interface Reviewer {
  readonly name: string;
  /** `null` for who is no user here: a group, or somebody at another node. */
  readonly role: UserRole | null;
  /** Open conflicts that are assigned to them. */
  readonly open: number;
}

/** `GET /admin/v1/conflicts/reviewers`: a page of those to whom a conflict can be assigned. */
export const tellReviewers: AdminHandler = (node) => async (request) => {
  const { limit, after, q, sort, order } = readQuery(request, adminEndpoints["GET /conflicts/reviewers"].query);
  const text = q?.toLowerCase();
  const page = sortedPage(await node.database.snapshot(listReviewers), {
    nameOf: ({ name }) => name,
    by: (one) => one[sort],
    order,
    matches: ({ name }) => text === undefined || name.toLowerCase().includes(text),
    after,
    limit,
  });
  return answer(page);
};

/** Refuses a name that nobody here has who may decide, and to whom nothing is assigned yet; one's own is always good. */
export async function requireReviewer(node: Node, request: HttpRequest, assignee: string): Promise<void> {
  const name = assignee.trim();
  if (name === actorOf(request, node).author) return;
  if ((await node.database.snapshot(listReviewers)).some((one) => one.name === name)) return;
  throw refuse({ status: 422, code: "RESOLUTION_REFUSED" }, "reviewer-unknown", {});
}

async function listReviewers(reader: Reader): Promise<Reviewer[]> {
  const assigned = await countAssigned(reader);
  const users = (await listUsers(reader, { limit: usersMax })).filter(({ role }) => roleMay(role, "review"));
  const roles = new Map(users.map(({ name, role }) => [name, role]));
  return [...new Set([...roles.keys(), ...assigned.keys()])].map((name) => ({
    name,
    role: roles.get(name) ?? null,
    open: assigned.get(name) ?? 0,
  }));
}
