import { DatabaseSync } from "node:sqlite";
import type { SimNode } from "../world/sim-node.ts";
import type { World } from "../world/world.ts";
import { CatchmentTruth, patientOfRecord } from "./catchment-truth.ts";
import { Violation } from "./violation.ts";

const heads = `
  select head.type || '/' || head.id as record, one.body
  from resource as head join resource_version as one
    on one.resource_key = head.resource_key and one.version = head.version`;
const literalReference = /"reference":"((?:Patient|Encounter)\/[^"]+)"/g;

/**
 * I8: a record is never at a node before what it refers to, unless somebody deleted that or the node may not see it, or one
 * of the node's own users referred to it ahead; and what a user created in one transaction is there all or none. It is asked of a node's disk while it reads, whenever it
 * has died or a round was broken off, and at rest.
 */
export function checkCausality(world: World, node: SimNode): void {
  const current = readHeads(node);
  const { ledger } = world;
  const wasDeleted = (record: string) => ledger.of(record).some(({ kind }) => kind === "delete");
  const isExcused = (record: string) => current.has(record) || wasDeleted(record) || isHidden(world, node, record);
  for (const [record, body] of current) {
    for (const [, reference = ""] of body?.matchAll(literalReference) ?? []) {
      if (isExcused(reference) || ledger.isReferenceAhead(node.name, record, reference)) continue;
      throw new Violation("I8", `${record} is at ${node.name} without ${reference}.`);
    }
  }
  for (const records of ledger.transactions) {
    // A deletion that a restored node is told of anew comes before the rest of what was made with the record.
    const isLiving = (record: string) => typeof current.get(record) === "string";
    if (!records.some(isLiving) || isToldApart(node, records)) continue;
    const lacking = records.find((record) => !isExcused(record));
    if (lacking) throw new Violation("I8", `${lacking} is not at ${node.name}, which has others of its transaction.`);
  }
}

/** Whether a node is told of the patients of a transaction one by one. */
function isToldApart({ mayPurge }: SimNode, records: readonly string[]): boolean {
  return mayPurge && new Set(records.map(patientOfRecord)).size > 1;
}

function isHidden(world: World, node: SimNode, record: string): boolean {
  if (!node.mayPurge) return false;
  using truth = new CatchmentTruth(world.above(node), node);
  return !truth.isEverything && !truth.mayHold(patientOfRecord(record) ?? "");
}

function readHeads({ file }: SimNode): ReadonlyMap<string, string | null> {
  using database = new DatabaseSync(file, { readOnly: true });
  const current = database.prepare(heads).all() as { record: string; body: string | null }[];
  return new Map(current.map(({ record, body }) => [record, body]));
}
