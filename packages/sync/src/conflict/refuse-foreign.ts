import type { Reader } from "@tributary/database";
import type { StoredVersion } from "@tributary/fhir";
import { foreignWrite } from "../catchment/follow/refuse-writes.ts";
import type { DecisionPlan, DecisionRefusal } from "./plan-decision.ts";

/** A plan as it was worked out, or the refusal when its edit is not this node's to make. */
export async function refuseForeign<Refusal extends DecisionRefusal>(
  reader: Reader,
  plan: DecisionPlan | Refusal,
  { key, body }: StoredVersion,
): Promise<DecisionPlan | Refusal | Extract<DecisionRefusal, { readonly kind: "foreign" }>> {
  if (plan.kind !== "save" && plan.kind !== "delete") return plan;
  const versions = [{ key, body }, ...(plan.kind === "save" ? [{ key, body: plan.body }] : [])];
  const refusal = await foreignWrite(reader, versions);
  if (!refusal) return plan;
  return { kind: "foreign", diagnostics: refusal.issues.map(({ diagnostics }) => diagnostics).join(" ") };
}
