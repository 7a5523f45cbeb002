import { appendAudit } from "@tributary/audit";
import type { Transaction } from "@tributary/database";
import {
  type Issue,
  isResourceId,
  type JsonObject,
  type ResourceKey,
  type ResourceStore,
  type StoredVersion,
  stringifyLossless,
  toStoredResource,
  validateResource,
} from "@tributary/fhir";
import { foreignWrite } from "../catchment/follow/refuse-writes.ts";
import { readParentLink } from "../enrolment/parent-link.ts";
import { auditOfFailure } from "./audit-failure.ts";
import { type Failure, parseFailureId } from "./failure.ts";
import { readFailure } from "./list-failures.ts";
import { type FailureActor, retryUnit } from "./retry-failure.ts";

/** What a record of a failed unit is to say. */
export interface FailureEdit {
  /** The whole record, as `parseLossless` reads it; its type and id say which one of the unit's it is. */
  readonly resource: JsonObject;
  /** The version that it was made on; any other that is current by now refuses the edit. */
  readonly version?: number | undefined;
}

/** What came of editing a failure; all but `edited` have changed nothing. */
export type EditOutcome =
  | { readonly kind: "edited"; readonly failure: Failure; readonly reference: string; readonly version: number }
  /** The record says that already; the failure can be retried as it is. */
  | { readonly kind: "unchanged"; readonly reference: string }
  | { readonly kind: "invalid"; readonly issues: readonly Issue[] }
  /** It is not this node's to write: it comes from the parent only, or its patient has left the catchment. */
  | { readonly kind: "foreign"; readonly issues: readonly Issue[] }
  | { readonly kind: "version-mismatch"; readonly reference: string; readonly current: number | undefined }
  /** It is no record of this failure. */
  | { readonly kind: "other-record"; readonly references: readonly string[] }
  /** What the parent sent, or a decision, is not mended by an edit here. */
  | { readonly kind: "not-own-changes" }
  | { readonly kind: "unknown" };

/**
 * Edits a record of an own unit that failed, as an ordinary local edit with its audit entry, and has the unit sent again
 * with it: one that was refused goes back into the queue, one that the parent may have is taken back from it first.
 */
export async function editFailure(
  tx: Transaction,
  store: ResourceStore,
  failureId: string,
  { resource: given, version: expected }: FailureEdit,
  actor: FailureActor,
): Promise<EditOutcome> {
  const link = await readParentLink(tx);
  const name = parseFailureId(failureId);
  const failure = await readFailure(tx, failureId);
  if (!link || !name || !failure) return { kind: "unknown" };
  if (name.kind !== "push") return { kind: "not-own-changes" };
  const { resourceType: type, id } = given;
  const reference = `${String(type)}/${String(id)}`;
  if (
    typeof type !== "string" ||
    typeof id !== "string" ||
    !isResourceId(id) ||
    !failure.references.includes(reference)
  ) {
    return { kind: "other-record", references: failure.references };
  }
  const body = stringifyLossless(toStoredResource({ ...given }, id));
  const resource = JSON.parse(body) as JsonObject;
  const issues = validateResource(resource, { expectedType: type });
  const errors = issues.filter(({ severity }) => severity === "error" || severity === "fatal");
  if (errors.length > 0) return { kind: "invalid", issues: errors };

  const { author, nodeId } = actor;
  const key = { type, id };
  const refusal = await foreignWrite(tx, [{ key, body }, ...(await storedAt(tx, store, key))]);
  if (refusal) return { kind: "foreign", issues: refusal.issues };
  const [outcome] = await store.write(tx, [
    { kind: "save", key, body, resource, author, ...(expected === undefined ? {} : { expected }) },
  ]);
  switch (outcome?.kind) {
    case "version-mismatch":
      return { kind: "version-mismatch", reference, current: outcome.current };
    case "created":
    case "updated":
      break;
    default:
      return { kind: "unchanged", reference };
  }
  const { version } = outcome.version;
  const edited = { ...failure, references: [reference] };
  const trace = { outcome: "edited", error: null };
  await appendAudit(
    tx,
    nodeId,
    auditOfFailure(edited, link.parent, actor, trace).map((entry) => ({
      ...entry,
      versionBefore: version > 1 ? version - 1 : null,
      versionAfter: version,
    })),
  );
  await retryUnit(tx, link.parent, name.firstCounter, nodeId, { ...key, version, resource });
  return { kind: "edited", failure, reference, version };
}

/** The version that is here, under the lock that keeps it current; none when there is none. */
async function storedAt(tx: Transaction, store: ResourceStore, key: ResourceKey): Promise<StoredVersion[]> {
  return [...(await store.readForChange(tx, [key])).values()];
}
