import { pathToFileURL } from "node:url";
import { TributaryError } from "@tributary/kernel";
import { type MergePolicy, mergePolicies, type PolicyRule } from "@tributary/sync";
import { checkPolicies } from "../config/check-policies.ts";
import type { NodeConfig } from "../config/config-schema.ts";

/**
 * The site's merge rules: those of the configuration, then those of the module that `merge.strategies` names, then those
 * that were handed in by code. Of rules that are equally exact the first one holds.
 *
 * Throws `CONFIG_INVALID` when the module cannot be loaded, or holds anything but rules.
 */
export async function mergePoliciesOf(
  { merge }: Pick<NodeConfig, "merge">,
  handedIn: readonly PolicyRule[] = [],
): Promise<readonly PolicyRule[]> {
  const configured = merge.policies.map(({ type, element, policy }) => ({
    type,
    policy,
    ...(element === undefined ? {} : { element }),
  }));
  const inCode = merge.strategies === undefined ? [] : await loadRules(merge.strategies);
  return [...configured, ...inCode, ...handedIn];
}

async function loadRules(file: string): Promise<readonly PolicyRule[]> {
  let module: { readonly policies?: unknown };
  try {
    module = (await import(pathToFileURL(file).href)) as { readonly policies?: unknown };
  } catch (cause) {
    throw new TributaryError("CONFIG_INVALID", `merge.strategies names ${file}, which cannot be loaded.`, { cause });
  }
  const { policies } = module;
  if (!Array.isArray(policies) || !policies.every(isRule)) {
    throw new TributaryError(
      "CONFIG_INVALID",
      `${file} must export \`policies\`, a list of rules such as { type: "Patient", element: "telecom", policy: (clash) => ({ kind: "merge" }) }.`,
    );
  }
  checkPolicies(policies, { key: "policies", place: file });
  return policies;
}

function isRule(value: unknown): value is PolicyRule {
  if (typeof value !== "object" || value === null) return false;
  const { type, element, policy } = value as Record<string, unknown>;
  return (
    typeof type === "string" &&
    (element === undefined || typeof element === "string") &&
    (typeof policy === "function" || mergePolicies.includes(policy as MergePolicy))
  );
}
