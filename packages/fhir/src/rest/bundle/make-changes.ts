import type { Transaction } from "@tributary/database";
import type { BundleText } from "../../model/bundle-text.ts";
import { refusal } from "../../model/fhir-refusal.ts";
import { measureJson } from "../../model/json-text.ts";
import { countMembers, isJsonObject } from "../../model/json-value.ts";
import { type LinkTarget, rewriteLinks } from "../../model/link-text.ts";
import { parseText, repeatedName } from "../../model/parse-resource.ts";
import { type ResourceKey, referenceTo } from "../../model/resource-key.ts";
import type { ResourceChange } from "../../store/resource-change.ts";
import type { FhirNode, FhirRequest } from "../fhir-request.ts";
import { readJsonPatch } from "../json-patch.ts";
import { isLinkElement } from "../link-element.ts";
import { patchedVersion } from "../patch.ts";
import { refuseOtherId, type SentResource, takeResource } from "../take-resource.ts";
import { findLinkTargets } from "./link-targets.ts";
import type { WritePlan } from "./plan.ts";
import type { PlacedWrite } from "./resolve-writes.ts";
import { readPatchInBinary } from "./sent-patch.ts";
import { within } from "./within.ts";

/** A change that an entry asks for. */
export interface PlannedChange {
  readonly plan: WritePlan;
  readonly change: ResourceChange;
}

/**
 * Makes the changes that a transaction's writes ask for, links between its entries resolved and every resource
 * validated. Throws a refusal that names the entry.
 */
export async function makeChanges(
  tx: Transaction,
  node: FhirNode,
  request: FhirRequest,
  bundle: BundleText,
  places: readonly PlacedWrite[],
): Promise<readonly PlannedChange[]> {
  const target = await findLinkTargets(tx, node, request.base, places);
  const patched = places.flatMap(({ plan, key }) => (plan.asked.method === "PATCH" && key ? [key] : []));
  const current = patched.length > 0 ? await node.store.readForChange(tx, patched) : new Map();
  const changes: PlannedChange[] = [];
  let members = 0;
  for (const { plan, key, expected, match } of places) {
    if (!key || match) continue;
    const author = request.author;
    const change = within(plan.asked.name, (): ResourceChange => {
      if (plan.asked.method === "DELETE") return deletion(key, expected, author);
      if (plan.asked.method === "PATCH") {
        const operations = readJsonPatch(readPatchInBinary(plan.asked.resource));
        const version = typeof expected === "number" ? expected : undefined;
        return patchedVersion(current.get(referenceTo(key)), key, operations, { expected: version, author });
      }
      const sent = readLinked(plan.asked.resource ?? "", target);
      members += countMembers(sent.resource);
      if (plan.asked.method === "PUT" && plan.id !== undefined) refuseOtherId(sent.resource, key.type, key.id);
      return takeResource(sent, { ...key, expected, author });
    });
    changes.push({ plan, change });
  }
  // Where all resources were parsed, their members are counted together, which costs nothing more.
  const isWhole = changes.length === places.length && changes.every(({ change }) => change.kind === "save");
  if (!isWhole || patched.length > 0 || members !== bundle.resourceMembers) refuseRepeatedNames(places);
  return changes;
}

function readLinked(text: string, target: LinkTarget | undefined): SentResource {
  if (target === undefined) return asSent(text);
  let linked: string;
  try {
    linked = rewriteLinks(text, target, isLinkElement);
  } catch (error) {
    if (error instanceof SyntaxError) throw refusal(400, "structure", "The resource is no valid JSON.", "resource");
    throw error;
  }
  return asSent(linked);
}

function asSent(text: string): SentResource {
  const resource = parseText(text);
  if (!isJsonObject(resource)) throw refusal(400, "structure", "The entry's resource is no object.", "resource");
  return { text, resource };
}

function deletion(key: ResourceKey, expected: PlacedWrite["expected"], author: string | undefined): ResourceChange {
  return {
    kind: "delete",
    key,
    ...(typeof expected === "number" && { expected }),
    ...(author !== undefined && { author }),
  };
}

function refuseRepeatedNames(places: readonly PlacedWrite[]): void {
  for (const { plan } of places) {
    const text = plan.asked.resource;
    if (text === undefined) continue;
    within(plan.asked.name, () => {
      if (countMembers(parseText(text)) !== measureJson(text).members) throw repeatedName();
    });
  }
}
