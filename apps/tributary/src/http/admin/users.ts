import { adminEndpoints } from "@tributary/admin-api";
import { changeUser, createUser, listUsers, removeUser } from "@tributary/runtime";
import { refuse } from "../refuse.ts";
import { userActorOf } from "./admin-caller.ts";
import type { AdminHandler } from "./admin-handler.ts";
import { answer, notThere, readBody, readQuery } from "./admin-request.ts";
import { sortedPage } from "./sorted-page.ts";

/** Users that are sorted and filtered; no site gives so many accounts of its own. */
const usersMax = 10_000;

/** `GET /admin/v1/users`: a page of the users. */
export const tellUsers: AdminHandler = (node) => async (request) => {
  const { limit, after, q, sort, order, role } = readQuery(request, adminEndpoints["GET /users"].query);
  const text = q?.toLowerCase();
  const users = await listUsers(node.database, { limit: usersMax });
  const page = sortedPage(users, {
    nameOf: ({ name }) => name,
    by: (user) => user[sort],
    order,
    matches: (user) => (role === undefined || user.role === role) && (text === undefined || user.name.includes(text)),
    after,
    limit,
  });
  return answer(page);
};

/** `POST /admin/v1/users`: makes a user. */
export const addUser: AdminHandler = (node) => async (request) => {
  const user = readBody(request, adminEndpoints["POST /users"].body);
  return answer(await createUser(node.database, user, userActorOf(request, node)));
};

/** `PATCH /admin/v1/users/{name}`: changes a user's role, password or language. */
export const changeOneUser: AdminHandler = (node) => async (request) => {
  const change = readBody(request, adminEndpoints["PATCH /users/:name"].body);
  const name = request.parameters["name"] ?? "";
  const user = await changeUser(node.database, name, change, userActorOf(request, node));
  if (!user) throw refuse(notThere, "user-unknown", { user: name });
  return answer(user);
};

/** `DELETE /admin/v1/users/{name}`: removes a user. */
export const removeOneUser: AdminHandler = (node) => async (request) => {
  const name = request.parameters["name"] ?? "";
  const isRemoved = await node.database.transaction((tx) => removeUser(tx, name, userActorOf(request, node)));
  if (!isRemoved) throw refuse(notThere, "user-unknown", { user: name });
  return answer({ removed: name });
};
