import { type UserLanguage, type UserRole, userLanguages, userRoles } from "../users/role.ts";
import { userNamePattern } from "../users/user-name.ts";
import type { OpenIdSettings } from "./openid-settings.ts";

type Claims = Readonly<Record<string, unknown>>;

/** Values of one claim that are looked at; nobody is in more groups that matter here. */
const valuesMax = 1_000;

/** Whom a provider says that it has let in, as far as this node understands it. */
export interface ClaimedUser {
  /** `undefined` when the claim has nothing that can be a user's name here. */
  readonly name: string | undefined;
  /** `undefined` when no value of the claim is mapped to a role: then nobody is let in. */
  readonly role: UserRole | undefined;
  readonly language: UserLanguage | undefined;
}

/** Reads what a provider says of somebody by the site's mapping. Of several roles the one that may most counts. Pure. */
export function readClaims(
  claims: Claims,
  settings: Pick<OpenIdSettings, "userClaim" | "roleClaim" | "roles">,
): ClaimedUser {
  const { userClaim, roleClaim, roles } = settings;
  const groups = new Set(textsOf(claimAt(claims, roleClaim)));
  const role = userRoles.findLast((one) => roles[one].some((group) => groups.has(group)));
  return { name: nameOf(claimAt(claims, userClaim)), role, language: languageOf(claims["locale"]) };
}

/** A claim by its name, or inside others by names with dots, as in `realm_access.roles`. */
function claimAt(claims: Claims, name: string): unknown {
  if (Object.hasOwn(claims, name)) return claims[name];
  return name
    .split(".")
    .reduce<unknown>(
      (inner, key) =>
        typeof inner === "object" && inner !== null && Object.hasOwn(inner, key) ? (inner as Claims)[key] : undefined,
      claims,
    );
}

function textsOf(value: unknown): string[] {
  if (typeof value === "string") return value.split(/\s+/).filter(Boolean);
  return Array.isArray(value) ? value.slice(0, valuesMax).filter((one) => typeof one === "string") : [];
}

function nameOf(value: unknown): string | undefined {
  if (typeof value !== "string") return undefined;
  const name = value.trim().toLowerCase();
  return userNamePattern.test(name) ? name : undefined;
}

function languageOf(value: unknown): UserLanguage | undefined {
  const spoken = typeof value === "string" ? value.slice(0, 2).toLowerCase() : undefined;
  return userLanguages.find((one) => one === spoken);
}
