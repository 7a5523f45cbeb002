import { type Reader, sql, type Transaction } from "@tributary/database";
import { refusal } from "../model/fhir-refusal.ts";
import type { ResourceKey } from "../model/resource-key.ts";
import { parseSearchRequest } from "../search/request/parse-search-request.ts";
import { search } from "../search/search.ts";
import type { FhirNode } from "./fhir-request.ts";

/** Searches of conditional interactions have a lock space of their own among PostgreSQL's advisory locks. */
const lockCriteriaRow = sql("select pg_advisory_xact_lock(7421, hashtext($1))");

/**
 * Holds back every other conditional interaction with the same criteria until the transaction ends, so that of two
 * conditional creates the second finds what the first has made. SQLite has a single writer and needs no lock.
 *
 * Criteria are compared as they are written: two that are written differently and match the same record are not held
 * back from each other.
 */
export async function lockCriteria(tx: Transaction, type: string, criteria: string): Promise<void> {
  // As a JSON text it can be bound whatever characters it has.
  if (tx.dialect === "postgres") await tx.all(lockCriteriaRow, [JSON.stringify(`${type}?${criteria}`)]);
}

/**
 * The one record that criteria match, `undefined` for none.
 *
 * Throws a refusal: 412 when several match or the criteria select nothing, 400 when they are no search this server can
 * do. See https://hl7.org/fhir/R4/http.html#ccreate
 */
export async function findMatch(
  { clock }: FhirNode,
  reader: Reader,
  base: string,
  type: string,
  criteria: string,
): Promise<ResourceKey | undefined> {
  const options = { isStrict: true, now: clock.now(), baseUrl: base };
  const request = parseSearchRequest(type, new URLSearchParams(criteria), options);
  if (request.conditions.length === 0) {
    throw refusal(412, "incomplete", `Criteria are needed that select one ${type}; ${type}?${criteria} has none.`);
  }
  const { matches } = await search(reader, { ...request, count: 2, includes: [], total: "none", page: undefined });
  if (matches.length > 1) {
    throw refusal(
      412,
      "multiple-matches",
      `Several resources match ${type}?${criteria}; the criteria must select one.`,
    );
  }
  const found = matches[0];
  return found && { type: found.type, id: found.id };
}
