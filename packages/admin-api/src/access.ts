/** The roles that a user can have; an API token counts as `administrator`. */
export const roles = ["viewer", "operator", "reviewer", "administrator"] as const;

/** What somebody is to this node. */
export type Role = (typeof roles)[number];

/**
 * What an endpoint asks of its caller: nothing (`anybody`), to be signed in (`watch`), or a role that may do it.
 * `see-people` is to read what records say of people; `review` is to decide about it.
 */
export type Right = "anybody" | "watch" | "oversee" | "operate" | "see-people" | "review" | "administer";

const rightsOf: Readonly<Record<Role, readonly Right[]>> = {
  viewer: ["watch"],
  operator: ["watch", "oversee", "operate"],
  reviewer: ["watch", "oversee", "see-people", "review"],
  administrator: ["watch", "oversee", "operate", "see-people", "review", "administer"],
};

/** Whether a role has a right; nobody who is not signed in has any but `anybody`. */
export function roleMay(role: Role | undefined, right: Right): boolean {
  return right === "anybody" || (role !== undefined && rightsOf[role].includes(right));
}
