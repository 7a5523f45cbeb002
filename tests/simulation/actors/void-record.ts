import type { JsonObject } from "@tributary/fhir";
import type { SimNode } from "../world/sim-node.ts";
import type { FhirDoor } from "./fhir-door.ts";
import type { UserSurroundings } from "./user-surroundings.ts";

/** A user says that an observation was recorded by mistake, and why; or adds a remark to it and leaves it as it is. */
export async function voidOrRemark(
  { ledger, random, coverage }: UserSurroundings,
  door: FhirDoor,
  node: SimNode,
): Promise<void> {
  const observations = ledger.transactions.flat().filter((record) => record.startsWith("Observation/"));
  const record = observations[Math.floor(random.next() * observations.length)];
  const isVoid = random.next() < 0.5;
  const opened = record === undefined ? undefined : await door.open(node, record);
  if (!record || !opened?.body) return;
  const token = ledger.newToken("note");
  const remarks = (opened.body["note"] as JsonObject[] | undefined) ?? [];
  const body: JsonObject = { ...opened.body, note: [...remarks, { text: token }] };
  if (isVoid) body["status"] = "entered-in-error";
  if (!(await door.put(node, record, body, new Map([["note", token]]), { ...opened, isVoid }))) return;
  coverage.note(isVoid ? "op.void" : "op.remark");
}
