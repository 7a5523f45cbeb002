import { type Database, type Reader, sql, type Transaction } from "@tributary/database";
import type { HttpRequest } from "@tributary/kernel";
import type { ChildHandler } from "../enrolment/child-authentication.ts";
import type { ChildNode } from "../enrolment/child-nodes.ts";
import { refusal } from "../line/json-answer.ts";
import { settledHeader } from "../line/protocol.ts";
import { readVerdicts } from "../push/push-verdicts.ts";

/** The place among a node's own operations stands beside those of the streams that it reads. */
const ownOperations = "push";

const told = /^[\w-]{1,64}:\d{1,15}$/;

const readOne = sql(`
  select entry_digest as name from stream_trail where parent = $1 and stream = '${ownOperations}'
  order by position desc limit 1`);
const drop = sql(`delete from stream_trail where parent = $1 and stream = '${ownOperations}'`);
const putOne = sql(`
  insert into stream_trail (parent, stream, position, entry_digest) values ($1, '${ownOperations}', $2, $3)`);

/** Remembers, in the transaction that settles it, the operation that the parent took last. */
export async function noteSettled(
  tx: Transaction,
  parent: string,
  { counter, operationId }: { readonly counter: number; readonly operationId: string },
): Promise<void> {
  await forgetSettled(tx, parent);
  await tx.run(putOne, [parent, counter, operationId]);
}

/** Forgets it, once all that the parent has lost is queued to be sent again. */
export async function forgetSettled(tx: Transaction, parent: string): Promise<void> {
  await tx.run(drop, [parent]);
}

/** What the header says; `undefined` before anything was settled. */
export async function readSettled(reader: Reader, parent: string, node: string): Promise<string | undefined> {
  const row = await reader.first<{ name: string }>(readOne, [parent]);
  return row?.name.slice(`${node}.`.length);
}

/** Lets a handler answer only those children of which everything is here that was ever taken from them. */
export function knowingSettled(database: Database, handler: ChildHandler): ChildHandler {
  return async (request, child) => {
    if (await isSettledHere(database, request, child)) return handler(request, child);
    return refusal(410, "EPOCH_CHANGED", "This node was restored from a backup since.");
  };
}

/** Whether the operation is known here that a child says was taken last; so it is when the child says nothing. */
export async function isSettledHere(reader: Reader, { headers }: HttpRequest, { node }: ChildNode): Promise<boolean> {
  return knowsSettled(reader, node, headers[settledHeader]);
}

/** Whether an operation of a child has a verdict here, `incarnation:counter`; what is no such name, or none, counts as known. */
export async function knowsSettled(reader: Reader, node: string, settled: string | undefined): Promise<boolean> {
  if (settled === undefined || !told.test(settled)) return true;
  const name = `${node}.${settled}`;
  return (await readVerdicts(reader, node, [name])).has(name);
}
