import { appendAudit, auditDraft } from "@tributary/audit";
import { type JsonObject, stringifyLossless } from "@tributary/fhir";
import { listFailures } from "@tributary/sync";
import { Violation } from "../oracle/violation.ts";
import { Crash } from "../world/sim-disk.ts";
import type { SimNode } from "../world/sim-node.ts";
import type { FhirDoor } from "./fhir-door.ts";
import { refusedGender, writeInto } from "./patient-body.ts";
import type { UserSurroundings } from "./user-surroundings.ts";

const failuresMax = 1_000;

/** A user writes, with a program of long ago, what no node above takes. */
export async function writeThroughLaxDoor(
  { ledger, random, coverage, tell }: UserSurroundings,
  door: FhirDoor,
  simNode: SimNode,
): Promise<void> {
  const patients = ledger.records.filter((record) => record.startsWith("Patient/"));
  const record = patients[Math.floor(random.next() * patients.length)];
  const opened = record === undefined ? undefined : await door.open(simNode, record);
  if (!record || !opened?.body) return;
  const token = ledger.newToken("name");
  const { meta: _, ...rest } = structuredClone(opened.body);
  const resource: JsonObject = { ...rest, gender: refusedGender };
  writeInto(resource, "name", token);
  const { saw, sawDeletions } = opened;
  const entry = { node: simNode.name, record, kind: "write", saw, sawDeletions } as const;
  const wrote = new Map([["name", token] as const]);
  try {
    const version = await save(simNode, resource);
    ledger.note({ ...entry, wrote, isCertain: simNode.isUp, version });
    tell(`${simNode.name}: writes ${record} [${token}] as nobody above takes it`);
    coverage.note("op.lax-door");
  } catch (error) {
    if ((error as { code?: string }).code === "DATABASE_FULL") return;
    if (!(error instanceof Crash)) throw error;
    const before = Number(/\d+/.exec(opened.etag ?? "")?.[0]);
    ledger.note({ ...entry, wrote, isCertain: false, version: before + 1 });
  }
}

/**
 * Users correct what was refused. Until then each such record is on its node's list of what failed, or stands behind one
 * that is.
 */
export async function mendWhatWasRefused(
  { ledger, coverage }: UserSurroundings,
  door: FhirDoor,
  simNode: SimNode,
): Promise<void> {
  const { database } = simNode.node;
  const failures = await listFailures(database, { limit: failuresMax });
  const listed = new Set(failures.flatMap(({ references, dependants }) => [...references, ...dependants]));
  for (const record of ledger.records.filter((one) => one.startsWith("Patient/"))) {
    const answer = await simNode.fhir("GET", record);
    if (!String(answer.body).includes(refusedGender)) continue;
    if (!listed.has(record)) throw new Violation("I16", `${record} was refused, and ${simNode.name} does not say so.`);
    const opened = await door.open(simNode, record);
    const token = ledger.newToken("telecom");
    const body = structuredClone(opened!.body!);
    writeInto(body, "telecom", token);
    await door.put(simNode, record, body, new Map([["telecom", token]]), opened!);
    coverage.note("op.mend");
  }
}

async function save({ node }: SimNode, resource: JsonObject): Promise<number | undefined> {
  const [type, id] = [String(resource["resourceType"]), String(resource["id"])];
  const body = stringifyLossless(resource);
  return node.database.transaction(async (tx) => {
    const [outcome] = await node.store.write(tx, [
      { kind: "save", key: { type, id }, body, resource, author: "clerk" },
    ]);
    if (outcome?.kind !== "updated") return undefined;
    const { version, lastUpdated, originOperation } = outcome.version;
    await appendAudit(tx, node.id, [
      auditDraft({
        at: lastUpdated,
        actor: "clerk",
        operation: "local-write",
        reference: `${type}/${id}`,
        versionBefore: version - 1,
        versionAfter: version,
        operationId: originOperation,
        outcome: "applied",
      }),
    ]);
    return version;
  });
}
