import { parseLossless, stringifyLossless } from "@tributary/fhir";
import { TributaryError } from "@tributary/kernel";
import {
  type Conflict,
  type ConflictChoice,
  findConflict,
  listOpenConflicts,
  type ResolveOutcome,
  reasonLengthMax,
  resolveConflict,
} from "@tributary/sync";
import type { Terminal } from "../terminal.ts";
import { drawPanes } from "./conflict-panes.ts";
import { openDatabaseAt, openNodeAt } from "./node-at.ts";

/** Conflicts listed at a time, the oldest first; more than anybody decides at one sitting. */
const listedMax = 500;

export interface ConflictsOptions {
  readonly dir: string;
  readonly json?: boolean;
}

/** `tributary conflicts list`: what waits for a decision. Values are shown only as JSON, since they tell of patients. */
export async function listConflicts({ dir, json }: ConflictsOptions, terminal: Terminal): Promise<void> {
  const { database } = await openDatabaseAt(dir, terminal);
  await using _ = database;
  const open = await listOpenConflicts(database, listedMax);
  terminal.print(json ? jsonOf(open) : describe(open));
}

/** `tributary conflicts show`: one conflict with its three values, whatever became of it. */
export async function showConflict(id: string, { dir, json }: ConflictsOptions, terminal: Terminal): Promise<void> {
  const { database } = await openDatabaseAt(dir, terminal);
  await using _ = database;
  const conflict = found(await findConflict(database, id), id);
  terminal.print(json ? jsonOf(conflict) : [...headOf(conflict), "", drawPanes(conflict.element)].join("\n"));
}

export interface ResolveConflictOptions extends ConflictsOptions {
  readonly take?: "parent" | "child" | "current";
  /** JSON. */
  readonly value?: string;
  readonly reason: string;
  /** Who decides. */
  readonly as?: string;
}

/** `tributary conflicts resolve`: decides one conflict; the node may be running meanwhile. */
export async function resolveOneConflict(
  id: string,
  options: ResolveConflictOptions,
  terminal: Terminal,
): Promise<void> {
  const choice = choiceOf(options);
  const author = options.as ?? terminal.environment["USER"] ?? "command line";
  await using node = await openNodeAt(options.dir, terminal);
  const { database, store, id: nodeId, clock, random } = node;
  const conflict = found(await findConflict(database, id), id);
  const { conflictId } = conflict;
  const request = { conflictId, choice, reason: options.reason, author };
  const outcome = await database.transaction((tx) => resolveConflict(tx, { store, nodeId, clock, random }, request));
  const sentence = sentenceOf(outcome, conflict);
  terminal.print(options.json ? jsonOf(outcome) : sentence);
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
      const version = outcome.conflict.resolution?.version;
      const did = outcome.isChanged ? `is now version ${version}` : `said so already, in version ${version}`;
      return `Resolved: ${type}/${id} ${did}.`;
    }
    case "already-resolved": {
      const { state, resolution } = outcome.conflict;
      if (!resolution) return `Nothing to do: a rule has ${state} this conflict; edit the record to change it.`;
      return `Nothing to do: ${resolution.by} decided it for ${resolution.choice} at ${timeOf(resolution.at)}.`;
    }
    case "unknown":
      throw new TributaryError("CONFLICT_UNKNOWN", `There is no conflict ${conflictId}.`);
    case "reason-refused":
      throw new TributaryError("RESOLUTION_REFUSED", `A reason has 1 to ${reasonLengthMax} characters.`);
    case "record-absent":
      throw new TributaryError(
        "RESOLUTION_REFUSED",
        `${type}/${id} has not come to this node yet; pull, or decide above.`,
      );
    case "element-gone":
      throw new TributaryError("RESOLUTION_REFUSED", `${type}/${id} has nothing any more where ${element.path} was.`);
    case "invalid": {
      const why = outcome.issues.map(({ diagnostics }) => diagnostics).join(" ");
      throw new TributaryError("RESOLUTION_REFUSED", `${type}/${id} would not be valid: ${why}`);
    }
  }
}

function found(lookup: Awaited<ReturnType<typeof findConflict>>, id: string): Conflict {
  switch (lookup.kind) {
    case "found":
      return lookup.conflict;
    case "unknown":
      throw new TributaryError("CONFLICT_UNKNOWN", `This node has no conflict ${id}.`);
    case "ambiguous":
      throw new TributaryError("CONFLICT_UNKNOWN", `More than one conflict begins with ${id}.`);
  }
}

function describe(open: readonly Conflict[]): string {
  if (open.length === 0) return "No open conflicts.";
  return open
    .map(({ conflictId, type, id, element, theirNode, openedAt }) => {
      const { path, because, shown } = element;
      return `${conflictId}  ${type}/${id}  ${path}  ${because}, pushed by ${theirNode}, shows ${sideNames[shown]}, since ${timeOf(openedAt)}`;
    })
    .join("\n");
}

function headOf({ conflictId, type, id, element, theirNode, state, openedAt, resolution }: Conflict): string[] {
  const head = [
    `${conflictId}  ${state}`,
    `${type}/${id}  ${element.path}`,
    `${element.because}, pushed by ${theirNode}, since ${timeOf(openedAt)}; shown: ${sideNames[element.shown]}`,
  ];
  if (!resolution) return head;
  const { by, at, choice, version, reason } = resolution;
  return [...head, `decided by ${by} at ${timeOf(at)} for ${choice}, in version ${version}: ${reason}`];
}

const sideNames = { mine: "parent", theirs: "child", both: "both", other: "another value" } as const;

function timeOf(milliseconds: number): string {
  return new Date(milliseconds).toISOString();
}

/** Numbers keep their digits. */
function jsonOf(value: unknown): string {
  return stringifyLossless(value as Parameters<typeof stringifyLossless>[0]);
}
