import { adminEndpoints, discardRequest, editRequest } from "@tributary/admin-api";
import type { Reader } from "@tributary/database";
import { type JsonObject, type JsonValue, parseLossless, stringifyLossless } from "@tributary/fhir";
import type { HttpRequest } from "@tributary/kernel";
import { listAudit, type Node } from "@tributary/runtime";
import {
  countFailures,
  discardAllFailures,
  discardFailure,
  type EditOutcome,
  editFailure,
  type Failure,
  type FailureActor,
  type FailurePlace,
  type FailureSort,
  findFailures,
  placeOfFailure,
  readFailure,
  retryAllFailures,
  retryFailure,
} from "@tributary/sync";
import { refuse } from "../refuse.ts";
import type { RequestRefused } from "../request-refused.ts";
import { maySeePeople } from "./admin-caller.ts";
import type { AdminHandler } from "./admin-handler.ts";
import { actorOf, answer, notThere, readBody, readQuery } from "./admin-request.ts";
import { readPlace, writePlace } from "./sorted-page.ts";
import { toldIssues } from "./told-issues.ts";

/** Records of one unit whose bodies are told, and entries of the log. */
const recordsMax = 20;
const logMax = 50;

/** `GET /admin/v1/failures`: a page of what could not be sent or taken in; identifiers and codes only. */
export const listFailed: AdminHandler = (node) => async (request) => {
  const {
    limit,
    after,
    class: ofClass,
    kind,
    q,
    sort,
    order,
  } = readQuery(request, adminEndpoints["GET /failures"].query);
  const { failures, next, total } = await node.database.snapshot(async (reader) => {
    const behind = after === undefined ? undefined : await placeBehind(reader, after, sort);
    return findFailures(reader, { kind, class: ofClass, text: q, sort, order }, { limit, after: behind });
  });
  return answer({
    failures: failures.map(withoutDetail),
    next: next ? writePlace({ value: next.value, name: next.failureId }) : null,
    total,
  });
};

/** `GET /admin/v1/failures/counts`: how many there are, by class and by kind. */
export const tellFailureCounts: AdminHandler = (node) => async () =>
  answer(await node.database.snapshot((reader) => countFailures(reader)));

/** `GET /admin/v1/failures/{id}`: one failure with its log and, for those who may see them, its records. */
export const tellFailure: AdminHandler = (node) => async (request) => {
  const failureId = idOf(request);
  const failure = await readFailure(node.database, failureId);
  if (!failure) throw notOnList(failureId);
  const isOpen = maySeePeople(request);
  const told = {
    ...failure,
    detail: isOpen ? failure.detail : null,
    log: await logOf(node, failure, isOpen),
    ...(await recordsOf(node, failure, isOpen)),
  };
  return answer(told, (value) => stringifyLossless(value as JsonValue));
};

/** `POST /admin/v1/failures/{id}/retry`: has one tried again in the next round, which is woken. */
export const retryOne: AdminHandler = (node) => async (request) => {
  const failureId = idOf(request);
  const actor = actorOf(request, node);
  const failure = await node.database.transaction((tx) => retryFailure(tx, failureId, actor));
  if (!failure) throw notOnList(failureId);
  (await node.synchronizer())?.wake();
  return answer({ retried: failureId });
};

/** `POST /admin/v1/failures/{id}/edit`: edits one of its records, and has it sent again with that in the next round. */
export const editOne: AdminHandler = (node) => async (request) => {
  const failureId = idOf(request);
  const { version } = readBody(request, editRequest);
  // Read once more, so that decimals keep the digits with which they were typed.
  const { body: resource } = parseLossless(request.body) as { readonly body: JsonObject };
  const actor = actorOf(request, node);
  const outcome = await node.database.transaction((tx) =>
    editFailure(tx, node.store, failureId, { resource, version }, actor),
  );
  if (outcome.kind !== "edited") throw notEdited(outcome, failureId);
  (await node.synchronizer())?.wake();
  return answer({ edited: failureId, reference: outcome.reference, version: outcome.version });
};

/** `POST /admin/v1/failures/{id}/discard`: gives one up, with a reason. */
export const discardOne: AdminHandler = (node) => async (request) => {
  const failureId = idOf(request);
  const actor = { ...actorOf(request, node), ...readBody(request, discardRequest) };
  const failure = await node.database.transaction((tx) => discardFailure(tx, failureId, actor));
  if (!failure) throw notOnList(failureId);
  return answer({ discarded: failureId, references: failure.references });
};

/** `POST /admin/v1/failures/retry`: has several tried again. */
export const retrySome: AdminHandler = (node) => async (request) => {
  const { class: ofClass, ids } = readBody(request, adminEndpoints["POST /failures/retry"].body);
  const actor: FailureActor = actorOf(request, node);
  const retried = await node.database.transaction(async (tx) => {
    if (!ids) return retryAllFailures(tx, actor, ofClass ? { class: ofClass } : {});
    let done = 0;
    for (const id of ids) if (await retryFailure(tx, id, actor)) done += 1;
    return done;
  });
  (await node.synchronizer())?.wake();
  return answer({ retried });
};

/** `POST /admin/v1/failures/discard`: gives several up, those named, those of a class, or all when that is said. */
export const discardSome: AdminHandler = (node) => async (request) => {
  const { all, class: ofClass, ids, reason } = readBody(request, adminEndpoints["POST /failures/discard"].body);
  const actor = { ...actorOf(request, node), reason };
  if (!ids && !ofClass && !all) throw refuse(notThere, "failures-unnamed", {});
  const discarded = await node.database.transaction(async (tx) => {
    if (!ids) return discardAllFailures(tx, actor, ofClass ? { class: ofClass } : {});
    let done = 0;
    for (const id of ids) if (await discardFailure(tx, id, actor)) done += 1;
    return done;
  });
  return answer({ discarded });
};

function notEdited(outcome: Exclude<EditOutcome, { kind: "edited" }>, failureId: string): RequestRefused {
  const head = (status: number) => ({ status, code: "FAILURE_NOT_EDITED" }) as const;
  switch (outcome.kind) {
    case "unknown":
      return notOnList(failureId);
    case "not-own-changes":
      return refuse(head(422), "failure-of-parent", {});
    case "other-record":
      return refuse(head(422), "failure-of-others", { references: outcome.references.join(", ") });
    case "version-mismatch": {
      const { reference, current } = outcome;
      return refuse(head(409), "failure-version", { reference, version: String(current ?? "none") });
    }
    case "unchanged":
      return refuse(head(422), "failure-unchanged", { reference: outcome.reference });
    case "foreign":
      return refuse(head(403), "failure-not-ours", { issues: toldIssues(outcome.issues) });
    case "invalid":
      return refuse(head(422), "failure-not-valid", { issues: toldIssues(outcome.issues) });
  }
}

/** The end of the page before, or the place of a failure that is named; `undefined` when there is none such. */
async function placeBehind(reader: Reader, after: string, sort: FailureSort): Promise<FailurePlace | undefined> {
  const place = readPlace(after);
  if (place) return { value: place.value, failureId: place.name };
  const failure = await readFailure(reader, after);
  return failure && placeOfFailure(failure, sort);
}

function withoutDetail({ detail: _, ...codes }: Failure) {
  return codes;
}

/** What the trail tells of the records concerned: attempts that failed, and what was done about them. */
async function logOf(node: Node, { references }: Failure, isOpen: boolean) {
  const reference = references[0];
  if (reference === undefined) return [];
  const { entries } = await listAudit(node.database, { reference }, { limit: logMax });
  return entries.map(({ at, actor, operation, outcome, error }) => ({
    at,
    actor,
    operation,
    outcome,
    error: isOpen ? error : codeOnly(error),
  }));
}

/** Codes are told to everybody, sentences that somebody typed to those who may see people. */
export function codeOnly(error: string | null): string | null {
  return error !== null && /^[\w.-]{1,64}$/.test(error) ? error : null;
}

/** The records as they stand here, the first of them; and the names of those that are not here. */
async function recordsOf({ database, store }: Node, { references }: Failure, isOpen: boolean) {
  const keys = references.map((reference) => {
    const [type = "", id = ""] = reference.split("/");
    return { type, id };
  });
  const stored = await store.readMany(database, keys);
  const here = references.filter((reference) => stored.has(reference)).slice(0, recordsMax);
  const records = here.map((reference) => {
    const { version = 0, body } = stored.get(reference) ?? {};
    return { reference, version, body: body === undefined ? null : parseLossless(body) };
  });
  return { records: isOpen ? records : null, absent: references.filter((reference) => !stored.has(reference)) };
}

function notOnList(failureId: string): RequestRefused {
  return refuse(notThere, "failure-unknown", { failure: failureId });
}

/** `pull:Patient/123` stands in the path as `pull:Patient%2F123`. */
function idOf({ parameters }: HttpRequest): string {
  return parameters["id"] ?? "";
}
