import { appendAudit, auditDraft } from "@tributary/audit";
import type { Database } from "@tributary/database";
import type { Clock, HttpRequest, HttpResponse, NodeId } from "@tributary/kernel";
import { refusal } from "../line/json-answer.ts";
import { putChildCounter, putChildInstance, readChildInstance } from "./child-instances.ts";
import type { ChildNode } from "./child-nodes.ts";
import { decideInstance } from "./decide-instance.ts";
import { instanceHeader, parseInstanceHeader } from "./instance-header.ts";

/** Answers a request in a handler's stead, or lets it through. */
export type ChildGuard = (request: HttpRequest, child: ChildNode) => Promise<HttpResponse | undefined>;

/**
 * Holds what a child tells of itself against what is known of it. A child whose database is that of an earlier time is
 * told so before it can do anything under names that it has used before; of a child that is at work twice neither is
 * answered until somebody decides. A child that tells nothing of itself is let through.
 */
export function createInstanceGuard(options: {
  readonly database: Database;
  readonly nodeId: NodeId;
  readonly clock: Clock;
}): ChildGuard {
  const { database, nodeId, clock } = options;
  return async (request, { node }) => {
    const told = parseInstanceHeader(request.headers[instanceHeader]);
    if (!told) return undefined;
    const decision = decideInstance(await readChildInstance(database, node, told.incarnation), told);
    if (decision.kind === "same") return undefined;
    if (decision.kind === "turned-away") return refusal(409, "CHILD_CLONED", turnedAway(node));
    const known = await database.transaction(async (tx) => {
      const before = await readChildInstance(tx, node, told.incarnation);
      await putChildInstance(tx, node, decision.known, clock.now());
      if (decision.kind === "went-on") await putChildCounter(tx, node, told);
      if (decision.kind === "cloned" && !before?.isContested) {
        await appendAudit(tx, nodeId, [refusedAudit(node, clock.now(), "CHILD_CLONED")]);
      }
      return before;
    });
    if (decision.kind === "cloned") {
      return refusal(
        409,
        "CHILD_CLONED",
        `Two installations are at work as ${node}. At the parent run \`tributary node accept-clone ${node}\`, or enrol one of them under another name.`,
      );
    }
    if (decision.kind === "restored") {
      return refusal(409, "CHILD_RESTORED", "This node's database is that of an earlier time.", {
        incarnation: told.incarnation,
        counter: known?.counter ?? 0,
      });
    }
    return undefined;
  };
}

function turnedAway(node: string): string {
  return `Another installation was chosen to be ${node}, and this one is answered no more. Enrol it anew, under another name or in the other's stead.`;
}

function refusedAudit(node: string, at: number, error: string) {
  return auditDraft({
    at,
    actor: node,
    operation: "failed-attempt" as const,
    link: node,
    outcome: "rejected",
    error,
  });
}
