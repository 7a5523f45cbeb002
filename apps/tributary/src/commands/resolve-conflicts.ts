import type { AdminAnswer, ConflictAnswer } from "@tributary/admin-api";
import { isJsonObject, type JsonObject, parseLossless } from "@tributary/fhir";
import { TributaryError } from "@tributary/kernel";
import { openAdmin } from "../admin-connection/open-admin.ts";
import type { Terminal } from "../terminal.ts";
import { losslessJson, timeOf } from "./conflict-text.ts";
import type { ConflictsOptions } from "./conflicts.ts";
import { printable } from "./text-table.ts";

type Side = "parent" | "child" | "current";
type ResolvedMany = AdminAnswer<"POST /conflicts/resolve">;

/** What a decision is for: the value of one side, or another one. */
export interface ChoiceOptions {
  readonly take?: Side;
  /** JSON. */
  readonly value?: string;
}

export interface ResolveConflictOptions extends ConflictsOptions, ChoiceOptions {
  readonly reason: string;
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

/** Reads the choice. Throws `RESOLUTION_REFUSED` when it is none, or two. */
export function choiceOf({ take, value }: ChoiceOptions): { take: Side } | { value: JsonObject } {
  if ((take === undefined) === (value === undefined)) {
    throw new TributaryError("RESOLUTION_REFUSED", "Say what to decide for: either --take or --value.");
  }
  if (take !== undefined) return { take };
  try {
    const parsed = parseLossless(value ?? "");
    if (isJsonObject(parsed)) return { value: parsed };
  } catch {
    // What is no JSON is no object either.
  }
  throw new TributaryError("RESOLUTION_REFUSED", 'The value is a JSON object such as {"birthDate":"1980-01-02"}.');
}

async function resolveOne(id: string, options: ResolveConflictOptions, terminal: Terminal): Promise<void> {
  const { reason } = options;
  const body = { ...choiceOf(options), reason };
  await using admin = await openAdmin(options, terminal);
  const resolved = await admin.ask("POST /conflicts/:id/resolve", { path: { id }, body });
  terminal.print(options.json ? losslessJson(resolved) : printable(sentenceOf(resolved)));
}

async function resolveAll(options: ResolveConflictOptions, terminal: Terminal): Promise<void> {
  const { take, value, reason, type, element, dryRun = false } = options;
  if (take === undefined || value !== undefined) {
    throw new TributaryError(
      "RESOLUTION_REFUSED",
      "Many conflicts are decided with --take, never with one value for all.",
    );
  }
  await using admin = await openAdmin(options, terminal);
  const resolved = await admin.ask("POST /conflicts/resolve", { body: { take, reason, type, element, dryRun } });
  if (options.json) return terminal.print(losslessJson(resolved));
  for (const one of resolved.items) terminal.print(printable(lineOf(one, dryRun)));
  terminal.print(summaryOf(resolved, dryRun));
}

function lineOf(one: ResolvedMany["items"][number], isTrial: boolean): string {
  const { conflictId, type, id, element } = one.conflict;
  return `${conflictId}  ${type}/${id}  ${element.path}  ${isTrial ? "would be " : ""}${wordOf(one)}`;
}

function wordOf({ outcome, isChanged, conflict }: ResolvedMany["items"][number]): string {
  switch (outcome) {
    case "resolved":
      return isChanged ? "resolved with an edit" : "resolved without an edit";
    case "already-resolved":
      return conflict.state;
    default:
      return `left open: ${outcome}`;
  }
}

function summaryOf({ items, isCut }: ResolvedMany, isTrial: boolean): string {
  const of = (outcome: ResolvedMany["items"][number]["outcome"]) =>
    items.filter((one) => one.outcome === outcome).length;
  const [done, before] = [of("resolved"), of("already-resolved")];
  const left = items.length - done - before;
  const more = isCut ? " There may be more; run it again." : "";
  const counts = `${done} resolved, ${before} superseded or decided before, ${left} left open.`;
  return `${isTrial ? "Nothing was changed. It would be: " : ""}${counts}${more}`;
}

/** What came of it, for whoever typed the command. */
function sentenceOf({ kind, isChanged, conflict }: AdminAnswer<"POST /conflicts/:id/resolve">): string {
  const { type, id, resolution, link } = conflict;
  if (kind === "already-resolved") return decidedBefore(conflict);
  const version = resolution?.version;
  const did = isChanged ? `is now version ${version}` : `said so already, in version ${version}`;
  return `Resolved: ${type}/${id} ${did}.${link === null ? "" : ` ${link} is told with the next push.`}`;
}

function decidedBefore({ state, resolution, supersededBy }: ConflictAnswer): string {
  if (supersededBy !== null) return `Nothing to do: the decision of ${supersededBy} superseded it.`;
  if (!resolution) return `Nothing to do: a rule has ${state} this conflict; edit the record to change it.`;
  return `Nothing to do: ${resolution.by} decided it for ${resolution.choice} at ${timeOf(resolution.at)}.`;
}
