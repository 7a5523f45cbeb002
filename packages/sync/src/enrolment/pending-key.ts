import { hash } from "node:crypto";
import { type Database, sql } from "@tributary/database";
import type { NodeKey } from "./node-key.ts";

const readPending = sql("select node_key from pending_enrolments where attempt = $1");
const putPending = sql(
  "insert into pending_enrolments (attempt, node_key) values ($1, $2) on conflict (attempt) do nothing",
);

/**
 * The key for one attempt to enrol, kept before it is first sent: whoever tries again after a lost answer or a crash
 * says the same key, and the parent knows it for the same attempt.
 */
export async function pendingKeyFor(
  database: Database,
  parentUrl: string,
  code: string,
  newKey: () => NodeKey,
): Promise<NodeKey> {
  const attempt = hash("sha256", JSON.stringify([parentUrl, code]), "hex");
  return database.transaction(async (tx) => {
    await tx.run(putPending, [attempt, JSON.stringify(newKey())]);
    const row = await tx.first<{ node_key: string }>(readPending, [attempt]);
    return JSON.parse(row!.node_key) as NodeKey;
  });
}
