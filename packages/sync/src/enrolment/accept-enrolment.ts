import { appendAudit } from "@tributary/audit";
import type { Database, Transaction } from "@tributary/database";
import { type Clock, type HttpHandler, type NodeId, parseNodeId } from "@tributary/kernel";
import { canonicalSealingKey, parentKeysToTell, putChildSealingKey } from "../carry/carry-keys.ts";
import { everythingCatchment } from "../catchment/catchment-name.ts";
import { assignCatchment, readAssignment } from "../catchment/child-assignments.ts";
import { type Visibility, visibilityOf } from "../catchment/visibility.ts";
import { jsonAnswer, refusal } from "../json-answer.ts";
import { noStream, protocolVersion } from "../protocol.ts";
import { putChildKey } from "./child-nodes.ts";
import { type CodeUse, useCode } from "./enrolment-code.ts";
import { canonicalPublicKey } from "./node-key.ts";

export interface AcceptEnrolmentOptions {
  readonly database: Database;
  readonly nodeId: NodeId;
  readonly clock: Clock;
}

const reasons: Readonly<Record<Exclude<CodeUse["kind"], "accepted" | "other-node">, string>> = {
  unknown: "No such code was issued here. Check each letter, or ask for a new one.",
  expired: "The code's time is over. Ask for a new one.",
  used: "The code has been used. Ask for a new one.",
};

/** The parent's side of an enrolment: a child says its code and its public key, once, and is known from then on. */
export function createEnrolmentHandler({ database, nodeId, clock }: AcceptEnrolmentOptions): HttpHandler {
  return async (request) => {
    const asked = parseEnrolment(request.body);
    if (!asked) {
      return refusal(400, "ENROLMENT_REFUSED", "Send a JSON object with code, node, publicKey (Ed25519) and protocol.");
    }
    if (asked.protocol !== protocolVersion) {
      return refusal(
        409,
        "ENROLMENT_REFUSED",
        `This parent speaks protocol ${protocolVersion}, the child ${asked.protocol}. Bring the older one up to date.`,
      );
    }
    const now = clock.now();
    const use = await database.transaction(async (tx) => {
      const outcome = await useCode(tx, { ...asked, now });
      if (outcome.kind !== "accepted") return outcome;
      await putChildKey(tx, asked.node, asked.publicKey, now);
      await putChildSealingKey(tx, asked.node, asked.sealingKey, now);
      const { mainStream } = await catchmentFor(tx, asked.node, outcome.catchment, now);
      await appendAudit(tx, nodeId, [
        {
          at: now,
          actor: asked.node,
          operation: "enrol",
          reference: null,
          versionBefore: null,
          versionAfter: null,
          link: asked.node,
          operationId: null,
          outcome: "applied",
          error: null,
        },
      ]);
      return { ...outcome, mainStream, keys: await parentKeysToTell(tx) };
    });
    if (use.kind === "other-node") {
      return refusal(
        403,
        "ENROLMENT_REFUSED",
        `The code was issued for node ${use.node}, and this node is ${asked.node}.`,
      );
    }
    if (use.kind !== "accepted") return refusal(403, "ENROLMENT_REFUSED", reasons[use.kind]);
    const { mainStream, keys } = use;
    return jsonAnswer(201, { parent: nodeId, stream: mainStream || noStream, protocol: protocolVersion, keys });
  };
}

/** Gives the child the catchment that its code names; without one it keeps what it has, and a new child gets everything. */
async function catchmentFor(tx: Transaction, node: string, named: string | null, at: number): Promise<Visibility> {
  const catchment = named ?? (await readAssignment(tx, node))?.catchment ?? everythingCatchment;
  await assignCatchment(tx, { node, catchment, by: "enrolment", at });
  return visibilityOf(tx, node);
}

function parseEnrolment(body: string) {
  let value: unknown;
  try {
    value = JSON.parse(body);
  } catch {
    return undefined;
  }
  if (typeof value !== "object" || value === null) return undefined;
  const { code, node, publicKey, sealingKey, protocol } = value as Record<string, unknown>;
  const name = typeof node === "string" ? parseNodeId(node) : undefined;
  const key = canonicalPublicKey(publicKey);
  if (typeof code !== "string" || code.length > 100 || !name || !key || typeof protocol !== "number") return undefined;
  return { code, node: name, publicKey: key, sealingKey: canonicalSealingKey(sealingKey), protocol };
}
