import { parseLossless, stringifyLossless } from "@tributary/fhir";
import { TributaryError } from "@tributary/kernel";
import type { Node } from "@tributary/runtime";
import {
  discardAllFailures,
  discardFailure,
  type Failure,
  type FailureActor,
  type FailureClass,
  failureClasses,
  listFailures,
  readFailure,
  retryAllFailures,
  retryFailure,
} from "@tributary/sync";
import type { Terminal } from "../terminal.ts";
import { describeFailure, failureTable, type HeldRecord } from "./failed-table.ts";
import { openDatabaseAt, openNodeAt } from "./node-at.ts";

/** Failures listed at a time; more than anybody goes through at one sitting. */
const listedMax = 500;

export interface FailedOptions {
  readonly dir: string;
  readonly json?: boolean;
}

/** `tributary failed list`: what could not be sent or taken in. Identifiers and codes only. */
export async function listFailed(
  { dir, json, after }: FailedOptions & { readonly after?: string },
  terminal: Terminal,
): Promise<void> {
  const { database } = await openDatabaseAt(dir, terminal);
  await using _ = database;
  const listed = await listFailures(database, { limit: listedMax, ...(after === undefined ? {} : { after }) });
  if (json) terminal.print(JSON.stringify(listed.map(({ detail: _, ...codes }) => codes)));
  else terminal.print(listed.length === 0 ? "Nothing has failed." : failureTable(listed));
  const last = listed.length === listedMax ? listed.at(-1) : undefined;
  if (last) terminal.note(`There may be more: \`tributary failed list --after ${last.failureId}\`.`);
}

/** `tributary failed show`: one failure with what the parent said and what its records hold here. */
export async function showFailed(failureId: string, { dir, json }: FailedOptions, terminal: Terminal): Promise<void> {
  await using node = await openNodeAt(dir, terminal);
  const failure = found(await readFailure(node.database, failureId), failureId);
  const records = await recordsOf(failure, node);
  terminal.print(json ? jsonOf(failure, records) : describeFailure(failure, records));
}

export interface RetryFailedOptions extends FailedOptions {
  readonly all?: boolean;
  readonly class?: string;
  /** Who decides. */
  readonly as?: string;
}

/** `tributary failed retry`: one failure, or several, in the next round; the node may be running meanwhile. */
export async function retryFailed(
  failureId: string | undefined,
  options: RetryFailedOptions,
  terminal: Terminal,
): Promise<void> {
  const { dir, json, as } = options;
  const selection = selectionOf(failureId, options);
  await using node = await openNodeAt(dir, terminal);
  const actor = actorAt(node, as, terminal);
  const retried = await node.database.transaction(async (tx) => {
    if (failureId === undefined) return retryAllFailures(tx, actor, selection);
    found(await retryFailure(tx, failureId, actor), failureId);
    return 1;
  });
  if (json) terminal.print(JSON.stringify({ retried }));
  else terminal.note(`${retried} tried again in the next round; \`tributary push\` and \`tributary pull\` do it now.`);
}

export interface DiscardFailedOptions extends FailedOptions {
  readonly reason: string;
  readonly all?: boolean;
  readonly class?: string;
  /** Several are given up only when this is said. */
  readonly yes?: boolean;
  /** Who decides. */
  readonly as?: string;
}

/** `tributary failed discard`: gives one failure up, or several, with a reason that the audit trail keeps. */
export async function discardFailed(
  failureId: string | undefined,
  options: DiscardFailedOptions,
  terminal: Terminal,
): Promise<void> {
  if (failureId === undefined) return discardSeveral(options, terminal);
  const { dir, json, reason, as } = options;
  selectionOf(failureId, options);
  await using node = await openNodeAt(dir, terminal);
  const actor = { ...actorAt(node, as, terminal), reason };
  const failure = found(await node.database.transaction((tx) => discardFailure(tx, failureId, actor)), failureId);
  if (json) terminal.print(JSON.stringify({ discarded: failure.failureId }));
  else terminal.note(`${failure.failureId} is off the list. ${failure.references.join(", ")}: unchanged here.`);
}

async function discardSeveral(options: DiscardFailedOptions, terminal: Terminal): Promise<void> {
  const { dir, json, reason, as, yes } = options;
  const selection = selectionOf(undefined, options);
  await using node = await openNodeAt(dir, terminal);
  if (!yes) {
    const listed = await listFailures(node.database, { limit: listedMax });
    const meant = listed.filter((failure) => selection.class === undefined || failure.class === selection.class);
    throw new TributaryError(
      "CONFIG_INVALID",
      `This would give up ${meant.length}${listed.length === listedMax ? " or more" : ""} failures. Say it again with --yes.`,
    );
  }
  const actor = { ...actorAt(node, as, terminal), reason };
  const discarded = await node.database.transaction((tx) => discardAllFailures(tx, actor, selection));
  if (json) terminal.print(JSON.stringify({ discarded }));
  else terminal.note(`${discarded} are off the list. Their records are unchanged here.`);
}

/** Which failures are meant: one by its name, all, or those of a class, and never two of these at once. */
function selectionOf(
  failureId: string | undefined,
  { all, class: named }: { readonly all?: boolean; readonly class?: string },
): { readonly class?: FailureClass } {
  const ways = [failureId !== undefined, all === true, named !== undefined].filter((isSaid) => isSaid).length;
  if (ways !== 1) throw new TributaryError("CONFIG_INVALID", "Name one failure, or give either --all or --class.");
  if (named === undefined) return {};
  const chosen = failureClasses.find((one) => one === named);
  if (chosen) return { class: chosen };
  throw new TributaryError(
    "CONFIG_INVALID",
    `There is no class ${JSON.stringify(named)} of failures; there are ${failureClasses.join(", ")}.`,
  );
}

function jsonOf(failure: Failure, records: readonly HeldRecord[]): string {
  const lists = {
    references: [...failure.references],
    missing: [...failure.missing],
    dependants: [...failure.dependants],
  };
  return stringifyLossless({ ...failure, ...lists, records: records.map((record) => ({ ...record })) });
}

async function recordsOf({ references }: Failure, { database, store }: Node): Promise<HeldRecord[]> {
  const keys = references.map((reference) => {
    const [type = "", id = ""] = reference.split("/");
    return { type, id };
  });
  const stored = await store.readMany(database, keys);
  return references.map((reference) => {
    const { version = null, body } = stored.get(reference) ?? {};
    return { reference, version, body: body === undefined ? null : parseLossless(body) };
  });
}

function actorAt({ id: nodeId, clock }: Node, as: string | undefined, terminal: Terminal): FailureActor {
  return { nodeId, author: as ?? terminal.environment["USER"] ?? "command line", now: clock.now() };
}

function found(failure: Failure | undefined, failureId: string): Failure {
  if (failure) return failure;
  throw new TributaryError(
    "CONFIG_INVALID",
    `There is no failure ${failureId} on the list; \`tributary failed list\` shows them all.`,
  );
}
