import { type AdminInput, failureClasses } from "@tributary/admin-api";
import { TributaryError } from "@tributary/kernel";
import { type AdminOptions, openAdmin } from "../admin-connection/open-admin.ts";
import type { Terminal } from "../terminal.ts";
import { losslessJson } from "./conflict-text.ts";
import { counted } from "./counted.ts";
import { describeFailure, failureTable } from "./failed-table.ts";
import { type ListOptions, listQueryOf, tellMore } from "./list-query.ts";

type ListQuery = NonNullable<AdminInput<"GET /failures">["query"]>;
type FailureClass = (typeof failureClasses)[number];

export interface FailedOptions extends AdminOptions {
  readonly json?: boolean;
}

export interface ListFailedOptions extends FailedOptions, ListOptions<NonNullable<ListQuery["sort"]>> {
  readonly class?: string;
  readonly kind?: NonNullable<ListQuery["kind"]>;
}

/** `tributary failed list`: what could not be sent or taken in. Identifiers and codes only. */
export async function listFailed(options: ListFailedOptions, terminal: Terminal): Promise<void> {
  const { class: named, kind, json } = options;
  const query = { ...listQueryOf(options), kind, class: named === undefined ? undefined : classNamed(named) };
  await using admin = await openAdmin(options, terminal);
  const listed = await admin.ask("GET /failures", { query });
  if (json) return terminal.print(losslessJson(listed));
  terminal.print(listed.failures.length === 0 ? "Nothing has failed." : failureTable(listed.failures));
  tellMore(listed, terminal);
}

/** `tributary failed show`: one failure with what the parent said and what its records hold here. */
export async function showFailed(id: string, options: FailedOptions, terminal: Terminal): Promise<void> {
  await using admin = await openAdmin(options, terminal);
  const failure = await admin.ask("GET /failures/:id", { path: { id } });
  terminal.print(options.json ? losslessJson(failure) : describeFailure(failure));
}

/** Which failures are meant, when it is not one by its name. */
interface SeveralOptions {
  readonly all?: boolean;
  readonly class?: string;
}

export interface RetryFailedOptions extends FailedOptions, SeveralOptions {}

/** `tributary failed retry`: one failure, or several, in the next round; the node may be running meanwhile. */
export async function retryFailed(
  id: string | undefined,
  options: RetryFailedOptions,
  terminal: Terminal,
): Promise<void> {
  const selection = selectionOf(id, options);
  await using admin = await openAdmin(options, terminal);
  const { retried } = await (id === undefined
    ? admin.ask("POST /failures/retry", { body: selection })
    : admin.ask("POST /failures/:id/retry", { path: { id } }));
  if (options.json) return terminal.print(JSON.stringify({ retried }));
  const number = typeof retried === "number" ? retried : 1;
  if (number === 0) return terminal.note(nothingFailed(selection));
  const again = `${number} ${number === 1 ? "is" : "are"} tried again in the next round`;
  terminal.note(`${again}; \`tributary push\` and \`tributary pull\` do it now.`);
}

export interface DiscardFailedOptions extends FailedOptions, SeveralOptions {
  readonly reason: string;
  /** Several are given up only when this is said. */
  readonly yes?: boolean;
}

/** `tributary failed discard`: gives one failure up, or several, with a reason that the audit trail keeps. */
export async function discardFailed(
  id: string | undefined,
  options: DiscardFailedOptions,
  terminal: Terminal,
): Promise<void> {
  const { json, reason, yes } = options;
  const selection = selectionOf(id, options);
  await using admin = await openAdmin(options, terminal);
  if (id !== undefined) {
    const given = await admin.ask("POST /failures/:id/discard", { path: { id }, body: { reason } });
    if (json) terminal.print(JSON.stringify(given));
    else terminal.note(`${given.discarded} is off the list. ${given.references.join(", ")}: unchanged here.`);
    return;
  }
  if (!yes) {
    const { total, byClass } = await admin.ask("GET /failures/counts");
    const meant = selection.class === undefined ? total : (byClass[selection.class] ?? 0);
    if (meant > 0) throw hasty(meant);
  }
  const body = selection.class === undefined ? { all: true as const, reason } : { ...selection, reason };
  const { discarded } = await admin.ask("POST /failures/discard", { body });
  if (json) terminal.print(JSON.stringify({ discarded }));
  else if (discarded === 0) terminal.note(nothingFailed(selection));
  else terminal.note(`${counted(discarded, "failure")} off the list. Their records are unchanged here.`);
}

function hasty(meant: number): TributaryError {
  const sentence = `This would give up ${counted(meant, "failure")}. Say it again with --yes.`;
  return new TributaryError("CONFIG_INVALID", sentence);
}

/** What is said where there is nothing of what was meant. */
function nothingFailed(selection: { readonly class?: FailureClass }): string {
  return selection.class === undefined ? "Nothing has failed." : `Nothing has failed in the class ${selection.class}.`;
}

/** Which failures are meant: one by its name, all, or those of a class, and never two of these at once. */
function selectionOf(id: string | undefined, { all, class: named }: SeveralOptions): { readonly class?: FailureClass } {
  const ways = [id !== undefined, all === true, named !== undefined].filter((isSaid) => isSaid).length;
  if (ways !== 1) throw new TributaryError("CONFIG_INVALID", "Name one failure, or give either --all or --class.");
  return named === undefined ? {} : { class: classNamed(named) };
}

function classNamed(named: string): FailureClass {
  const chosen = failureClasses.find((one) => one === named);
  if (chosen) return chosen;
  throw new TributaryError(
    "CONFIG_INVALID",
    `There is no class ${JSON.stringify(named)} of failures; there are ${failureClasses.join(", ")}.`,
  );
}
