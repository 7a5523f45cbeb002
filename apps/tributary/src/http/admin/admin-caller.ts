import { type Role, roleMay, roles } from "@tributary/admin-api";
import type { HttpRequest } from "@tributary/kernel";
import type { Node, UserActor } from "@tributary/runtime";
import { addressHeader, roleHeader } from "../caller-headers.ts";
import { actorOf } from "./admin-request.ts";

/** The role of whoever asks. */
export function roleOf(request: HttpRequest): Role | undefined {
  return roles.find((role) => role === request.headers[roleHeader]);
}

/** Whether whoever asks may read what records say of people. */
export function maySeePeople(request: HttpRequest): boolean {
  return roleMay(roleOf(request), "see-people");
}

/** The address that a request came from; guesses are counted by it. */
export function addressOf(request: HttpRequest): string {
  return request.headers[addressHeader] ?? "unknown";
}

/** On whose behalf users are changed. */
export function userActorOf(request: HttpRequest, node: Node): UserActor & { readonly random: Node["random"] } {
  const { author, now } = actorOf(request, node);
  return { nodeId: node.id, author, now, random: node.random };
}
