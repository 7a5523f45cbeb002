import type { Transaction } from "@tributary/database";
import { isResourceType } from "../../definitions/resource-types.ts";
import { refusal } from "../../model/fhir-refusal.ts";
import { type LinkTarget, rewriteLinks } from "../../model/link-text.ts";
import { parseReference, referenceTo } from "../../model/resource-key.ts";
import type { FhirNode } from "../fhir-request.ts";
import { isLinkElement } from "../link-element.ts";
import { findMatch } from "../match-criteria.ts";
import type { PlacedWrite } from "./resolve-writes.ts";
import { within } from "./within.ts";

/**
 * What the links of a transaction's resources are to become: an entry's `fullUrl` becomes the reference to its record,
 * and a reference by criteria (`Patient?identifier=…`) the reference to the one record that matches. `undefined` when
 * no link changes.
 *
 * Throws a refusal (412) that names the entry when such criteria match none or several.
 * See https://hl7.org/fhir/R4/http.html#trules
 */
export async function findLinkTargets(
  tx: Transaction,
  node: FhirNode,
  base: string,
  places: readonly PlacedWrite[],
): Promise<LinkTarget | undefined> {
  const targets = new Map<string, string>();
  const created = new Map<string, string>();
  for (const { plan, key } of places) {
    if (!key || plan.asked.method === "DELETE") continue;
    const reference = referenceTo(key);
    if (plan.criteria !== undefined) created.set(`${plan.type}?${plan.criteria}`, reference);
    for (const name of namesOf(plan.asked.fullUrl, reference)) targets.set(name, reference);
  }
  for (const { plan } of places) {
    for (const link of conditionalReferencesOf(plan.asked.resource)) {
      if (targets.has(link)) continue;
      const known = created.get(link);
      targets.set(link, known ?? (await within(plan.asked.name, () => resolve(tx, node, base, link))));
    }
  }
  return targets.size === 0 ? undefined : (link) => targets.get(link);
}

/** What other entries may call a record: its `fullUrl`, and if that is a RESTful address, the relative form of it too. */
function namesOf(fullUrl: string | undefined, reference: string): readonly string[] {
  if (fullUrl === undefined || fullUrl.endsWith(`/${reference}`)) return [];
  const tail = /^https?:\/\/.+\/([A-Z][A-Za-z]+\/[A-Za-z0-9.-]{1,64})$/.exec(fullUrl)?.[1];
  const relative = tail === undefined ? undefined : parseReference(tail);
  return relative && isResourceType(relative.type) ? [fullUrl, referenceTo(relative)] : [fullUrl];
}

const looksConditional = /"reference"\s*:\s*"[A-Z][A-Za-z]{1,63}(?:\?|\\)/;

function conditionalReferencesOf(text: string | undefined): readonly string[] {
  if (text === undefined || !(text.includes("?") || text.includes("\\u003")) || !looksConditional.test(text)) return [];
  const found: string[] = [];
  try {
    rewriteLinks(
      text,
      (link, isReference) => {
        if (isReference && /^[A-Z][A-Za-z]{1,63}\?/.test(link)) found.push(link);
        return undefined;
      },
      isLinkElement,
    );
  } catch (error) {
    // What is no JSON is refused where it is parsed.
    if (!(error instanceof SyntaxError)) throw error;
  }
  return found;
}

async function resolve(tx: Transaction, node: FhirNode, base: string, link: string): Promise<string> {
  const mark = link.indexOf("?");
  const type = link.slice(0, mark);
  if (!isResourceType(type)) throw refusal(400, "not-supported", `${type} is no resource type of FHIR R4.`);
  const key = await findMatch(node, tx, base, type, link.slice(mark + 1));
  if (!key) throw refusal(412, "not-found", `No resource matches the reference ${link}.`);
  return referenceTo(key);
}
