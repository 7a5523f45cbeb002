import { adminEndpoints, previewRequest, resolveRequest, undoRequest } from "@tributary/admin-api";
import { type Issue, type JsonObject, type JsonValue, parseLossless, stringifyLossless } from "@tributary/fhir";
import type { HttpRequest } from "@tributary/kernel";
import type { Node } from "@tributary/runtime";
import {
  assignOneConflict,
  type Conflict,
  type ConflictChoice,
  countConflicts,
  type DecisionPreview,
  findConflict,
  listConflicts,
  listConflictsOf,
  listRefusedDecisionsOf,
  parseConflictPlace,
  placeOfConflict,
  previewDecision,
  type ResolveOutcome,
  readMeeting,
  resolveConflict,
  type UndoOutcome,
  undoDecision,
} from "@tributary/sync";
import { RequestRefused } from "../request-refused.ts";
import { maySeePeople } from "./admin-caller.ts";
import type { AdminHandler } from "./admin-handler.ts";
import { actorOf, answer, notThere, readBody, readQuery } from "./admin-request.ts";
import { withheldConflict } from "./withheld.ts";

/** `GET /admin/v1/conflicts`: a page of the conflicts of one state, sorted. */
export const listSomeConflicts: AdminHandler = (node) => async (request) => {
  const { limit, after, q: text, ...query } = readQuery(request, adminEndpoints["GET /conflicts"].query);
  const place = after === undefined ? undefined : parseConflictPlace(after, query.sort);
  if (after !== undefined && !place) throw noPlace();
  const found = await listConflicts(node.database, { ...query, text }, { limit, after: place });
  const last = found.length === limit ? found.at(-1) : undefined;
  const ended = last && placeOfConflict(last, query.sort);
  const next = ended ? `${ended.value}.${ended.conflictId}` : null;
  const conflicts = maySeePeople(request) ? found : found.map(withheldConflict);
  return answer({ conflicts, next }, lossless);
};

/** `GET /admin/v1/conflicts/counts`: how many there are by element, and how long decisions took. */
export const tellConflictCounts: AdminHandler = (node) => async () =>
  answer({ items: await countConflicts(node.database) });

/** `GET /admin/v1/conflicts/{id}`: one conflict with both sides, both hands, and the record as it stands. */
export const tellConflict: AdminHandler = (node) => async (request) => {
  const conflict = await conflictAt(node, request);
  const isOpen = maySeePeople(request);
  const key = { type: conflict.type, id: conflict.id };
  const told = await node.database.snapshot(async (reader) => ({
    meeting:
      conflict.meetingId === null
        ? undefined
        : await readMeeting(reader, node.store, conflict.meetingId, key, conflict.link === null),
    current: await node.store.read(reader, key),
    others: await listConflictsOf(reader, conflict.type, conflict.id),
    refused: await listRefusedDecisionsOf(reader, conflict.conflictId),
  }));
  const { meeting, current, others, refused } = told;
  const body = (text: string | null | undefined) => (isOpen && text ? parseLossless(text) : null);
  return answer(
    {
      conflict: isOpen ? conflict : withheldConflict(conflict),
      parent: meeting?.mine ?? null,
      child: meeting?.theirs ?? null,
      bodies: {
        base: body(meeting?.bodies.base),
        parent: body(meeting?.bodies.mine),
        child: body(meeting?.bodies.theirs),
        current: body(current?.body),
      },
      currentVersion: current?.version ?? null,
      isWithheld: !isOpen,
      siblings: others
        .filter(({ state, conflictId }) => state === "open" && conflictId !== conflict.conflictId)
        .map(({ conflictId }) => conflictId),
      refusedDecisions: refused.map(({ decisionId, by, at, reason }) => ({
        failureId: `decision:${decisionId}`,
        by,
        at,
        reason,
      })),
    },
    lossless,
  );
};

/** `POST /admin/v1/conflicts/{id}/resolve`: decides one conflict in the caller's name. */
export const resolveOne: AdminHandler = (node) => async (request) => {
  const { database, store, id: nodeId, clock, random } = node;
  const asked = readBody(request, resolveRequest);
  const choice = choiceOf(request, asked);
  const { conflictId, type, id } = await conflictAt(node, request);
  const { author } = actorOf(request, node);
  const decision = { conflictId, choice, reason: asked.reason, author };
  const outcome = await database.transaction((tx) => resolveConflict(tx, { store, nodeId, clock, random }, decision));
  refuseFailed(outcome, `${type}/${id}`);
  return answer(outcome, lossless);
};

/** `POST /admin/v1/conflicts/{id}/preview`: what the record would become by a decision, and whether that is valid. */
export const previewOne: AdminHandler = (node) => async (request) => {
  const choice = choiceOf(request, readBody(request, previewRequest));
  const { conflictId } = await conflictAt(node, request);
  const preview = await node.database.snapshot((reader) => previewDecision(reader, node.store, conflictId, choice));
  return answer(toldPreview(preview), lossless);
};

/** `POST /admin/v1/conflicts/{id}/undo`: takes a decision back in the caller's name. */
export const undoOne: AdminHandler = (node) => async (request) => {
  const { database, store, id: nodeId, clock, random } = node;
  const { reason, keepValue } = readBody(request, undoRequest);
  const { conflictId, type, id } = await conflictAt(node, request);
  const { author } = actorOf(request, node);
  const asked = { conflictId, reason, author, isKeepingValue: keepValue };
  const outcome = await database.transaction((tx) => undoDecision(tx, { store, nodeId, clock, random }, asked));
  switch (outcome.kind) {
    case "undone":
    case "already-open": {
      const isChanged = outcome.kind === "undone" && outcome.isChanged;
      return answer({ kind: outcome.kind, isChanged, conflict: outcome.conflict }, lossless);
    }
    default:
      throw notUndone(`${type}/${id}`, outcome);
  }
};

/** `POST /admin/v1/conflicts/{id}/assign`: says who is to decide. */
export const assignOne: AdminHandler = (node) => async (request) => {
  const { database, store, id: nodeId, clock, random } = node;
  const { assignee } = readBody(request, adminEndpoints["POST /conflicts/:id/assign"].body);
  const { conflictId, type, id } = await conflictAt(node, request);
  const { author } = actorOf(request, node);
  const outcome = await database.transaction((tx) =>
    assignOneConflict(tx, { store, nodeId, clock, random }, { conflictId, assignee, author }),
  );
  if (outcome.kind === "assigned" || outcome.kind === "unchanged") return answer(outcome, lossless);
  throw notDecided(`${type}/${id}`, outcome.kind);
};

async function conflictAt({ database }: Node, request: HttpRequest): Promise<Conflict> {
  const lookup = await findConflict(database, request.parameters["id"] ?? "");
  if (lookup.kind === "found") return lookup.conflict;
  throw notThere("This node has no such conflict, or more than one that begins so.");
}

function choiceOf(
  { body }: HttpRequest,
  asked: { readonly take: "parent" | "child" | "current" } | { readonly value: unknown },
): ConflictChoice {
  if ("take" in asked) return { take: asked.take };
  // Read once more, so that decimals keep the digits with which they were typed.
  return { value: (parseLossless(body) as { readonly value: JsonObject }).value };
}

function refuseFailed(outcome: ResolveOutcome, reference: string): void {
  if (outcome.kind !== "resolved" && outcome.kind !== "already-resolved") throw notDecided(reference, outcome.kind);
}

function notDecided(reference: string, kind: string): RequestRefused {
  const code = "RESOLUTION_REFUSED";
  const sentence = `The conflict of ${reference} cannot be decided in this way (${kind}).`;
  return new RequestRefused({ status: 422, code, sentence });
}

function toldPreview(preview: DecisionPreview) {
  const nothing = { body: null, changes: [], issues: [] };
  switch (preview.kind) {
    case "edit": {
      const { body, changes } = preview;
      return { ...nothing, outcome: body ? "edit" : "deletion", body: body ?? null, changes };
    }
    case "no-change":
      return { ...nothing, outcome: preview.kind, body: preview.body ?? null };
    case "invalid":
      return { ...nothing, outcome: preview.kind, issues: preview.issues.map(toldIssue) };
    case "foreign": {
      const issue = { severity: "error", diagnostics: preview.diagnostics, expression: null };
      return { ...nothing, outcome: "invalid", issues: [issue] };
    }
    case "unknown":
      throw notThere("This node has no such conflict any more.");
    default:
      return { ...nothing, outcome: preview.kind };
  }
}

function toldIssue({ severity, diagnostics, expression }: Issue) {
  return { severity, diagnostics, expression: expression?.[0] ?? null };
}

function notUndone(reference: string, { kind }: UndoOutcome): RequestRefused {
  const why: Partial<Record<UndoOutcome["kind"], string>> = {
    "edited-since":
      "it has been edited there since. Say keepValue to open the conflict and leave the record as it is, or edit the record",
    "value-unknown":
      "what stood there before was not kept. Say keepValue to open the conflict and leave the record as it is",
    "not-decided-by-anybody":
      "a rule decided it, or the decision of another conflict did, which is the one to take back",
    invalid: "the record would not be valid with what it said before",
    foreign: "the record comes from the parent only, or its patient has left the catchment",
  };
  const sentence = `The decision about ${reference} cannot be taken back: ${why[kind] ?? kind}.`;
  return new RequestRefused({ status: kind === "edited-since" ? 409 : 422, code: "RESOLUTION_REFUSED", sentence });
}

function noPlace(): RequestRefused {
  const sentence = "Hand in as after what a page told as next, of a list that was sorted in the same way.";
  return new RequestRefused({ status: 400, code: "invalid", sentence });
}

function lossless(value: unknown): string {
  return stringifyLossless(value as JsonValue);
}
