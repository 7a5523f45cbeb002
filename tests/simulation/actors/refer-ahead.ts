import type { LedgerEntry } from "../oracle/ledger.ts";
import type { SimNode } from "../world/sim-node.ts";
import { type FhirDoor, ignoreCrash } from "./fhir-door.ts";
import { writeInto } from "./patient-body.ts";
import type { UserSurroundings } from "./user-surroundings.ts";

/** The latest patients of elsewhere are those that have not come yet. */
const lastOnes = 4;

/** A user enters, from a card, that a patient is one of another node, who has not come here yet. */
export async function referAhead(
  { ledger, random, coverage }: UserSurroundings,
  door: FhirDoor,
  node: SimNode,
): Promise<void> {
  const patients = ledger.records.filter((record) => record.startsWith("Patient/"));
  const elsewhere = patients.filter((record) => isMadeElsewhere(ledger.of(record)[0], node)).slice(-lastOnes);
  const record = patients[Math.floor(random.next() * patients.length)];
  const target = elsewhere[Math.floor(random.next() * elsewhere.length)];
  if (!record || !target) return;
  const opened = await door.open(node, record);
  const found = await node.fhir("GET", target).catch(ignoreCrash);
  if (!opened?.body || found?.status !== 404) return;
  const token = ledger.newToken("note");
  const body = structuredClone(opened.body);
  writeInto(body, "note", token);
  body["link"] = [{ other: { reference: target }, type: "seealso" }];
  ledger.noteReferenceAhead(node.name, record, target);
  if (await door.put(node, record, body, new Map([["note", token]]), opened)) coverage.note("op.refer-ahead");
}

function isMadeElsewhere(first: LedgerEntry | undefined, { name }: SimNode): boolean {
  return first?.isCertain === true && first.node !== name;
}
