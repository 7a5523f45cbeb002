import type { Right, Role } from "@tributary/admin-api";

/** What the roles may do. The node decides; the console only leaves out what would be refused. */
const rightsOf: Readonly<Record<Role, readonly Right[]>> = {
  viewer: ["watch"],
  operator: ["watch", "oversee", "operate"],
  reviewer: ["watch", "oversee", "see-people", "review"],
  administrator: ["watch", "oversee", "operate", "see-people", "review", "administer"],
};

/** Whether a role may do something; where nothing is asked for, everybody may. */
export function mayDo(role: Role, right: Right | undefined): boolean {
  return right === undefined || rightsOf[role].includes(right);
}
