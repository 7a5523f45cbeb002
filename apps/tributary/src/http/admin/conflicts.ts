import { adminEndpoints, previewRequest, resolveManyRequest, resolveRequest, undoRequest } from "@tributary/admin-api";
import { type Issue, type JsonObject, type JsonValue, parseLossless, stringifyLossless } from "@tributary/fhir";
import type { HttpRequest } from "@tributary/kernel";
import type { Node } from "@tributary/runtime";
import {
  assignOneConflict,
  type Conflict,
  type ConflictChoice,
  countConflicts,
  countQueuedDecisions,
  type DecisionPreview,
  findConflict,
  listConflicts,
  listConflictsOf,
  listLatestRefusedDecisions,
  listRefusedDecisionsOf,
  parseConflictPlace,
  placeOfConflict,
  previewDecision,
  type RefusedDecision,
  type ResolvedOne,
  readMeeting,
  resolveConflict,
  resolvedManyMax,
  resolveMany,
  undoDecision,
} from "@tributary/sync";
import { refuse } from "../refuse.ts";
import { maySeePeople } from "./admin-caller.ts";
import type { AdminHandler } from "./admin-handler.ts";
import { actorOf, answer, notThere, readBody, readQuery, unusable } from "./admin-request.ts";
import { requireReviewer } from "./reviewers.ts";
import { notAssigned, notResolved, notUndone } from "./undecided.ts";
import { withheldConflict } from "./withheld.ts";

/** Refused decisions that are told beside a list; with more of them, `GET /failures` has them page by page. */
const refusedToldMax = 100;

/** `GET /admin/v1/conflicts`: a page of the conflicts of one state, sorted. */
export const listSomeConflicts: AdminHandler = (node) => async (request) => {
  const { limit, after, q: text, ...query } = readQuery(request, adminEndpoints["GET /conflicts"].query);
  const place = after === undefined ? undefined : parseConflictPlace(after, query.sort);
  if (after !== undefined && !place) throw refuse(unusable, "place-unusable", {});
  const { found, refused, queuedDecisions } = await node.database.snapshot(async (reader) => ({
    found: await listConflicts(reader, { ...query, text }, { limit, after: place }),
    refused: await listLatestRefusedDecisions(reader, refusedToldMax),
    queuedDecisions: await countQueuedDecisions(reader),
  }));
  const last = found.length === limit ? found.at(-1) : undefined;
  const ended = last && placeOfConflict(last, query.sort);
  const next = ended ? `${ended.value}.${ended.conflictId}` : null;
  const now = node.clock.now();
  const shown = maySeePeople(request) ? found : found.map(withheldConflict);
  const conflicts = shown.map((conflict) => ({ ...conflict, ageMs: Math.max(0, now - conflict.openedAt) }));
  return answer({ conflicts, next, queuedDecisions, refusedDecisions: refused.map(toldRefused) }, lossless);
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
      refusedDecisions: refused.map(toldRefused),
    },
    lossless,
  );
};

/** `POST /admin/v1/conflicts/{id}/resolve`: decides one conflict in the caller's name. */
export const resolveOne: AdminHandler = (node) => async (request) => {
  const { database, store, id: nodeId, clock, random } = node;
  const asked = readBody(request, resolveRequest);
  const choice = choiceOf(request, asked);
  const conflict = await conflictAt(node, request);
  const { author } = actorOf(request, node);
  const decision = { conflictId: conflict.conflictId, choice, reason: asked.reason, author };
  const outcome = await database.transaction((tx) => resolveConflict(tx, { store, nodeId, clock, random }, decision));
  if (outcome.kind !== "resolved" && outcome.kind !== "already-resolved") throw notResolved(conflict, outcome);
  const isChanged = outcome.kind === "resolved" && outcome.isChanged;
  return answer({ kind: outcome.kind, isChanged, conflict: outcome.conflict }, lossless);
};

/** `POST /admin/v1/conflicts/resolve`: decides many conflicts in one way, in the caller's name. */
export const resolveSome: AdminHandler = (node) => async (request) => {
  const { database, store, id: nodeId, clock, random } = node;
  const { take, reason, type, element, dryRun } = readBody(request, resolveManyRequest);
  const resolved = await resolveMany(
    database,
    { store, nodeId, clock, random },
    {
      ...(type === undefined ? {} : { type }),
      ...(element === undefined ? {} : { element }),
      choice: { take },
      reason,
      author: actorOf(request, node).author,
      isTrial: dryRun,
    },
  );
  return answer({ items: resolved.map(toldResolved), isCut: resolved.length === resolvedManyMax }, lossless);
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
  const conflict = await conflictAt(node, request);
  const { author } = actorOf(request, node);
  const asked = { conflictId: conflict.conflictId, reason, author, isKeepingValue: keepValue };
  const outcome = await database.transaction((tx) => undoDecision(tx, { store, nodeId, clock, random }, asked));
  switch (outcome.kind) {
    case "undone":
    case "already-open": {
      const isChanged = outcome.kind === "undone" && outcome.isChanged;
      return answer({ kind: outcome.kind, isChanged, conflict: outcome.conflict }, lossless);
    }
    default:
      throw notUndone(conflict, outcome);
  }
};

/** `POST /admin/v1/conflicts/{id}/assign`: says who is to decide. */
export const assignOne: AdminHandler = (node) => async (request) => {
  const { database, store, id: nodeId, clock, random } = node;
  const { assignee, unlisted } = readBody(request, adminEndpoints["POST /conflicts/:id/assign"].body);
  const { conflictId } = await conflictAt(node, request);
  if (assignee !== null && !unlisted) await requireReviewer(node, request, assignee);
  const { author } = actorOf(request, node);
  const outcome = await database.transaction((tx) =>
    assignOneConflict(tx, { store, nodeId, clock, random }, { conflictId, assignee, author }),
  );
  if (outcome.kind === "assigned" || outcome.kind === "unchanged") return answer(outcome, lossless);
  throw notAssigned(outcome);
};

async function conflictAt({ database }: Node, request: HttpRequest): Promise<Conflict> {
  const named = request.parameters["id"] ?? "";
  const lookup = await findConflict(database, named);
  const unknown = { status: 404, code: "CONFLICT_UNKNOWN" } as const;
  switch (lookup.kind) {
    case "found":
      return lookup.conflict;
    case "unknown":
      throw refuse(unknown, "conflict-unknown", { conflict: named });
    case "ambiguous":
      throw refuse(unknown, "conflict-ambiguous", { conflict: named });
  }
}

function choiceOf(
  { body }: HttpRequest,
  asked: { readonly take: "parent" | "child" | "current" } | { readonly value: unknown },
): ConflictChoice {
  if ("take" in asked) return { take: asked.take };
  // Read once more, so that decimals keep the digits with which they were typed.
  return { value: (parseLossless(body) as { readonly value: JsonObject }).value };
}

function toldRefused({ decisionId, conflictId, by, at, reason }: RefusedDecision) {
  return { failureId: `decision:${decisionId}`, conflictId, by, at, reason };
}

function toldResolved({ conflict, outcome }: ResolvedOne) {
  const isChanged = outcome.kind === "resolved" && outcome.isChanged;
  return { outcome: outcome.kind, isChanged, conflict: "conflict" in outcome ? outcome.conflict : conflict };
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
      const issue = { severity: "error", code: "forbidden", diagnostics: preview.diagnostics, expression: null };
      return { ...nothing, outcome: "invalid", issues: [issue] };
    }
    case "unknown":
      throw refuse(notThere, "conflict-gone", {});
    default:
      return { ...nothing, outcome: preview.kind };
  }
}

function toldIssue({ severity, code, diagnostics, expression }: Issue) {
  return { severity, code, diagnostics, expression: expression?.[0] ?? null };
}

function lossless(value: unknown): string {
  return stringifyLossless(value as JsonValue);
}
