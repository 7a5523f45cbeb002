import { adminEndpoints, listQuery } from "@tributary/admin-api";
import { changeUser, createUser, listUsers, removeUser } from "@tributary/runtime";
import { userActorOf } from "./admin-caller.ts";
import { answer, notThere, readBody, readQuery } from "./admin-request.ts";
import type { AdminHandler } from "./admin-routes.ts";

/** `GET /admin/v1/users`: a page of the users by name. */
export const tellUsers: AdminHandler = (node) => async (request) => {
  const { limit, after } = readQuery(request, listQuery);
  const items = await listUsers(node.database, { limit, after });
  return answer({ items, next: items.length === limit ? (items.at(-1)?.name ?? null) : null });
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
  if (!user) throw notThere("There is no such user.");
  return answer(user);
};

/** `DELETE /admin/v1/users/{name}`: removes a user. */
export const removeOneUser: AdminHandler = (node) => async (request) => {
  const name = request.parameters["name"] ?? "";
  const isRemoved = await node.database.transaction((tx) => removeUser(tx, name, userActorOf(request, node)));
  if (!isRemoved) throw notThere("There is no such user.");
  return answer({ removed: name });
};
