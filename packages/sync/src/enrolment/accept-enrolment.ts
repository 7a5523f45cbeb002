import { appendAudit, auditDraft } from "@tributary/audit";
import type { Database, Transaction } from "@tributary/database";
import { type Clock, type HttpHandler, type NodeId, parseNodeId } from "@tributary/kernel";
import { everythingCatchment } from "../catchment/catchment-name.ts";
import { assignCatchment, readAssignment } from "../catchment/child-assignments.ts";
import { type Visibility, visibilityOf } from "../catchment/visibility.ts";
import { jsonAnswer, refusal } from "../line/json-answer.ts";
import { noStream, protocolVersion } from "../line/protocol.ts";
import { canonicalSealingKey, type ParentKeysTold, parentKeysToTell, putChildSealingKey } from "./carry-keys.ts";
import { putChildKey } from "./child-nodes.ts";
import { type CodeUse, codeHashOf, useCode } from "./enrolment-code.ts";
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
    const end = await database.transaction((tx) => acceptEnrolment(tx, nodeId, asked, now));
    if (typeof end === "string") return refusal(403, "ENROLMENT_REFUSED", end);
    return jsonAnswer(201, { parent: nodeId, protocol: protocolVersion, ...end });
  };
}

/** What a child says of itself, with the hash of the code that it was given. */
export interface AskedEnrolment {
  readonly codeHash: string;
  readonly node: NodeId;
  readonly publicKey: string;
  readonly sealingKey: string | undefined;
}

/** Makes a node a child, whichever way it asks; a sentence when its code does not let it. */
export async function acceptEnrolment(
  tx: Transaction,
  nodeId: NodeId,
  asked: AskedEnrolment,
  now: number,
): Promise<{ readonly stream: string; readonly keys: ParentKeysTold } | string> {
  const { node } = asked;
  const use = await useCode(tx, { ...asked, now });
  if (use.kind === "other-node") return `The code was issued for node ${use.node}, and this node is ${node}.`;
  if (use.kind !== "accepted") return reasons[use.kind];
  await putChildKey(tx, node, asked.publicKey, now);
  await putChildSealingKey(tx, node, asked.sealingKey, now);
  const { mainStream } = await catchmentFor(tx, node, use.catchment, now);
  await appendAudit(tx, nodeId, [
    auditDraft({
      at: now,
      actor: node,
      operation: "enrol",
      link: node,
      outcome: "applied",
    }),
  ]);
  return { stream: mainStream || noStream, keys: await parentKeysToTell(tx) };
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
  const codeHash = codeHashOf(code);
  return { codeHash, node: name, publicKey: key, sealingKey: canonicalSealingKey(sealingKey), protocol };
}
