import type { Database, Reader, Transaction } from "@tributary/database";
import type { Conflict } from "./conflict.ts";
import { type ConflictKey, listOpenConflicts } from "./conflicts.ts";
import { elementNameOf } from "./element-name.ts";
import type { ConflictChoice } from "./plan-decision.ts";
import { type ResolveOutcome, resolveConflict } from "./resolve-conflict.ts";
import type { ResolveOptions } from "./resolve-options.ts";

/** Which open conflicts are meant: all, or those of a type, or of an element and what is below it. */
export interface ConflictFilter {
  readonly type?: string;
  /** `Patient.telecom` */
  readonly element?: string;
}

export interface ResolveManyRequest extends ConflictFilter {
  readonly choice: Extract<ConflictChoice, { readonly take: string }>;
  readonly reason: string;
  readonly author: string;
  /** Finds out what would come of it, and changes nothing. */
  readonly isTrial: boolean;
}

/** What came of deciding one of many conflicts. */
export interface ResolvedOne {
  readonly conflict: Conflict;
  readonly outcome: ResolveOutcome;
}

/** Conflicts decided at a time; with more, the oldest stay open for the next time. */
export const resolvedManyMax = 1_000;

/** Conflicts looked at in one step. */
const pageConflicts = 500;

/**
 * Decides many conflicts in one way, each in a transaction of its own, so that one that cannot be decided so keeps none
 * of the others. The younger come first: deciding them supersedes the older ones of their elements.
 */
export async function resolveMany(
  database: Database,
  options: ResolveOptions,
  request: ResolveManyRequest,
): Promise<ResolvedOne[]> {
  const meant = (await openConflictsOf(database, request)).toReversed();
  const decide = async (tx: Transaction, conflict: Conflict): Promise<ResolvedOne> => {
    const outcome = await resolveConflict(tx, options, { ...request, conflictId: conflict.conflictId });
    return { conflict, outcome };
  };
  const resolved: ResolvedOne[] = [];
  if (!request.isTrial) {
    for (const conflict of meant) resolved.push(await database.transaction((tx) => decide(tx, conflict)));
    return resolved;
  }
  return database
    .transaction(async (tx) => {
      const tried: ResolvedOne[] = [];
      for (const conflict of meant) tried.push(await decide(tx, conflict));
      throw new TrialEnded(tried);
    })
    .catch((error: unknown) => {
      if (error instanceof TrialEnded) return error.tried;
      throw error;
    });
}

/** Takes a trial back, and tells what came of it. */
class TrialEnded extends Error {
  readonly tried: ResolvedOne[];

  constructor(tried: ResolvedOne[]) {
    super();
    this.tried = tried;
  }
}

/** The open conflicts that a filter means, the oldest first. */
async function openConflictsOf(reader: Reader, filter: ConflictFilter): Promise<Conflict[]> {
  const meant: Conflict[] = [];
  let after: ConflictKey | undefined;
  do {
    const page = await listOpenConflicts(reader, pageConflicts, after);
    meant.push(...page.filter((conflict) => isMeant(conflict, filter)));
    after = page.length === pageConflicts ? page.at(-1) : undefined;
  } while (after && meant.length < resolvedManyMax);
  return meant.slice(0, resolvedManyMax);
}

function isMeant(conflict: Conflict, { type, element }: ConflictFilter): boolean {
  if (type !== undefined && conflict.type !== type) return false;
  const name = elementNameOf(conflict);
  return element === undefined || name === element || name.startsWith(`${element}.`);
}
