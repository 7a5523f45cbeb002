import type { Database } from "@tributary/database";
import { type Clock, TributaryError } from "@tributary/kernel";
import { childKeyToTell, knowsParentKeys, putParentKeys } from "../enrolment/carry-keys.ts";
import type { ParentLink } from "../enrolment/parent-link.ts";
import type { ParentConnection } from "../pull/parent-connection.ts";

/** Of each connection whether it was asked already: a parent that knows of no such keys is asked once. */
const asked = new WeakSet<ParentConnection>();

/**
 * Exchanges the keys for carried files with the parent, unless that is done: at enrolment, or once in the first contact of
 * a node that enrolled before. A parent that cannot is left alone, and so is a line that breaks off.
 */
export async function exchangeKeys(
  { database, clock }: { readonly database: Database; readonly clock: Clock },
  { parent, url }: ParentLink,
  connection: ParentConnection,
  signal: AbortSignal,
): Promise<void> {
  if (asked.has(connection)) return;
  asked.add(connection);
  if (await knowsParentKeys(database, parent)) return;
  const sealingKey: unknown = JSON.parse(await database.transaction((tx) => childKeyToTell(tx, url)));
  try {
    const answer = await connection.ask("keys", { body: JSON.stringify({ sealingKey }) }, "application/json", signal);
    const { keys } = JSON.parse(new TextDecoder().decode(answer.body)) as { readonly keys?: unknown };
    await database.transaction((tx) => putParentKeys(tx, parent, keys, clock.now()));
  } catch (error) {
    if (error instanceof SyntaxError) return;
    if (!(error instanceof TributaryError) || error.code.startsWith("DATABASE_")) throw error;
  }
}
