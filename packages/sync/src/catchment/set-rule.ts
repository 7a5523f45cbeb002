import { appendAudit } from "@tributary/audit";
import type { Transaction } from "@tributary/database";
import { type Clock, type NodeId, TributaryError } from "@tributary/kernel";
import { everythingCatchment, isCatchmentName } from "./catchment-name.ts";
import { putCatchment } from "./catchments.ts";
import type { Memberships } from "./memberships.ts";
import { beginPass } from "./passes.ts";
import type { CatchmentRule } from "./rule/catchment-rule.ts";

export interface SetRuleOptions {
  readonly memberships: Memberships;
  readonly nodeId: NodeId;
  readonly clock: Clock;
}

/**
 * Puts a rule into force, audited, and has every patient decided about by it; writes are decided about by it at once.
 * Returns the rule's version. Throws `CATCHMENT_REFUSED` when the name or the rule cannot be used.
 */
export async function setCatchmentRule(
  tx: Transaction,
  {
    name,
    rule,
    author,
    reason,
  }: {
    readonly name: string;
    readonly rule: unknown;
    readonly author: string;
    readonly reason: string | null;
  },
  { memberships, nodeId, clock }: SetRuleOptions,
): Promise<number> {
  if (name === everythingCatchment || !isCatchmentName(name)) {
    throw new TributaryError(
      "CATCHMENT_REFUSED",
      "A catchment's name has small letters, digits and hyphens, such as kisumu-east; everything is taken.",
    );
  }
  const fault = memberships.rules.faultOf(rule);
  if (fault !== undefined) throw new TributaryError("CATCHMENT_REFUSED", fault);
  const at = clock.now();
  const version = await putCatchment(tx, { name, rule: rule as CatchmentRule }, { at, author, reason });
  await beginPass(tx, name, at);
  await appendAudit(tx, nodeId, [
    {
      at,
      actor: author,
      operation: "configure",
      reference: null,
      versionBefore: version === 1 ? null : version - 1,
      versionAfter: version,
      link: null,
      operationId: name,
      outcome: "rule-set",
      error: null,
    },
  ]);
  return version;
}
