import { parseLossless } from "@tributary/fhir";
import { TributaryError } from "@tributary/kernel";
import {
  type Conflict,
  type ConflictChoice,
  findConflict,
  type ResolvedOne,
  type ResolveOutcome,
  reasonLengthMax,
  resolveConflict,
  resolvedManyMax,
  resolveMany,
} from "@tributary/sync";
import type { Terminal } from "../terminal.ts";
import { losslessJson, timeOf } from "./conflict-text.ts";
import { authorOf, type ConflictsOptions, foundConflict } from "./conflicts.ts";
import { openNodeAt } from "./node-at.ts";
import { printable } from "./text-table.ts";

export interface ResolveConflictOptions extends ConflictsOptions {
  readonly take?: "parent" | "child" | "current";
  /** JSON. */
  readonly value?: string;
  readonly reason: string;
  /** Who decides. */
  readonly as?: string;
  /** Decides every open conflict that `type` and `element` mean, instead of one. */
  readonly all?: boolean;
  readonly type?: string;
  readonly element?: string;
  readonly dryRun?: boolean;
}

/** `tributary conflicts resolve`: decides one conflict, or many in one way; the node may be running meanwhile. */
export async function resolveConflicts(
  id: string | undefined,
  options: ResolveConflictOptions,
  terminal: Terminal,
): Promise<void> {
  if (options.all === (id !== undefined)) {
    throw new TributaryError("RESOLUTION_REFUSED", "Name one conflict, or say --all.");
  }
  const { type, element, dryRun } = options;
  if (id !== undefined && (type ?? element ?? dryRun) !== undefined) {
    throw new TributaryError("RESOLUTION_REFUSED", "--type, --element and --dry-run go with --all.");
  }
  if (id === undefined) await resolveAll(options, terminal);
  else await resolveOne(id, options, terminal);
}

async function resolveOne(id: string, options: ResolveConflictOptions, terminal: Terminal): Promise<void> {
  const choice = choiceOf(options);
  const author = authorOf(options, terminal);
  await using node = await openNodeAt(options.dir, terminal);
  const { database, store, id: nodeId, clock, random } = node;
  const conflict = foundConflict(await findConflict(database, id), id);
  const { conflictId } = conflict;
  const request = { conflictId, choice, reason: options.reason, author };
  const outcome = await database.transaction((tx) => resolveConflict(tx, { store, nodeId, clock, random }, request));
  const sentence = sentenceOf(outcome, conflict);
  terminal.print(options.json ? losslessJson(outcome) : sentence);
}

async function resolveAll(options: ResolveConflictOptions, terminal: Terminal): Promise<void> {
  const { take: side, value, reason, type, element, dryRun = false } = options;
  if (side === undefined || value !== undefined) {
    throw new TributaryError(
      "RESOLUTION_REFUSED",
      "Many conflicts are decided with --take, never with one value for all.",
    );
  }
  const length = reason.trim().length;
  if (length === 0 || length > reasonLengthMax) throw reasonRefused();
  await using node = await openNodeAt(options.dir, terminal);
  const { database, store, id: nodeId, clock, random } = node;
  const resolved = await resolveMany(
    database,
    { store, nodeId, clock, random },
    {
      ...(type === undefined ? {} : { type }),
      ...(element === undefined ? {} : { element }),
      choice: { take: side },
      reason,
      author: authorOf(options, terminal),
      isTrial: dryRun,
    },
  );
  if (options.json) return terminal.print(losslessJson(resolved));
  for (const one of resolved) terminal.print(printable(lineOf(one, dryRun)));
  terminal.print(summaryOf(resolved, dryRun));
}

function lineOf({ conflict, outcome }: ResolvedOne, isTrial: boolean): string {
  const { conflictId, type, id, element } = conflict;
  return `${conflictId}  ${type}/${id}  ${element.path}  ${isTrial ? "would be " : ""}${wordOf(outcome)}`;
}

function wordOf(outcome: ResolveOutcome): string {
  switch (outcome.kind) {
    case "resolved":
      return outcome.isChanged ? "resolved with an edit" : "resolved without an edit";
    case "already-resolved":
      return outcome.conflict.state;
    default:
      return `left open: ${outcome.kind}`;
  }
}

function summaryOf(resolved: readonly ResolvedOne[], isTrial: boolean): string {
  const of = (kind: ResolveOutcome["kind"]) => resolved.filter(({ outcome }) => outcome.kind === kind).length;
  const [done, before] = [of("resolved"), of("already-resolved")];
  const left = resolved.length - done - before;
  const more = resolved.length === resolvedManyMax ? " There may be more; run it again." : "";
  const counts = `${done} resolved, ${before} superseded or decided before, ${left} left open.`;
  return `${isTrial ? "Nothing was changed. It would be: " : ""}${counts}${more}`;
}

function choiceOf({ take, value }: ResolveConflictOptions): ConflictChoice {
  if ((take === undefined) === (value === undefined)) {
    throw new TributaryError("RESOLUTION_REFUSED", "Say what to decide for: either --take or --value.");
  }
  if (take !== undefined) return { take };
  try {
    const parsed = parseLossless(value ?? "");
    if (typeof parsed === "object" && parsed !== null && !Array.isArray(parsed)) return { value: parsed };
  } catch {
    // What is no JSON is no object either.
  }
  throw new TributaryError("RESOLUTION_REFUSED", 'The value is a JSON object such as {"birthDate":"1980-01-02"}.');
}

/** What the outcome means to whoever typed the command; throws when nothing came of it. */
function sentenceOf(outcome: ResolveOutcome, { conflictId, type, id, element }: Conflict): string {
  switch (outcome.kind) {
    case "resolved": {
      const { resolution, link } = outcome.conflict;
      const version = resolution?.version;
      const did = outcome.isChanged ? `is now version ${version}` : `said so already, in version ${version}`;
      return `Resolved: ${type}/${id} ${did}.${link === null ? "" : ` ${link} is told with the next push.`}`;
    }
    case "already-resolved": {
      const { state, resolution, supersededBy } = outcome.conflict;
      if (supersededBy !== null) return `Nothing to do: the decision of ${supersededBy} superseded it.`;
      if (!resolution) return `Nothing to do: a rule has ${state} this conflict; edit the record to change it.`;
      return `Nothing to do: ${resolution.by} decided it for ${resolution.choice} at ${timeOf(resolution.at)}.`;
    }
    case "unknown":
      throw new TributaryError("CONFLICT_UNKNOWN", `There is no conflict ${conflictId}.`);
    case "reason-refused":
      throw reasonRefused();
    case "record-absent":
      throw new TributaryError("RESOLUTION_REFUSED", `${type}/${id} has not come to this node yet; pull first.`);
    case "foreign":
      throw new TributaryError("RESOLUTION_REFUSED", outcome.diagnostics);
    case "element-gone":
      throw new TributaryError("RESOLUTION_REFUSED", `${type}/${id} has nothing any more where ${element.path} was.`);
    case "invalid": {
      const why = outcome.issues.map(({ diagnostics }) => diagnostics).join(" ");
      throw new TributaryError("RESOLUTION_REFUSED", `${type}/${id} would not be valid: ${why}`);
    }
  }
}

function reasonRefused(): TributaryError {
  return new TributaryError("RESOLUTION_REFUSED", `A reason has 1 to ${reasonLengthMax} characters.`);
}
