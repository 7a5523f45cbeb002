import { readAuditOfRecord } from "@tributary/audit";
import type { Database } from "@tributary/database";
import { describeOnEachDatabase } from "@tributary/database/testing";
import { type JsonObject, parseLossless } from "@tributary/fhir";
import { aPatient } from "@tributary/fhir/testing";
import { expect, it } from "vitest";
import { enrol, moveAll, type NodeForTests, openNodeForTests, synchronizerOf } from "../../testing/index.ts";
import type { Conflict } from "./conflict.ts";
import { findConflict, listConflictsOf, listOpenConflicts, readConflict } from "./conflicts.ts";
import { type ResolveOutcome, type ResolveRequest, resolveConflict } from "./resolve-conflict.ts";

const live = new AbortController().signal;
const before = aPatient("p", { birthDate: "1980-01-01", gender: "female" });

interface Link extends AsyncDisposable {
  readonly parent: NodeForTests;
  readonly child: NodeForTests;
}

/** A parent and a child that both have a patient. */
async function openLink(open: () => Promise<Database>, patient: JsonObject = before): Promise<Link> {
  const [there, here] = [await open(), await open()];
  const parent = await openNodeForTests(there, "centre");
  const child = await openNodeForTests(here, "north");
  await enrol(child, parent);
  await parent.save(patient);
  await sync({ parent, child });
  return {
    parent,
    child,
    async [Symbol.asyncDispose]() {
      await there.close();
      await here.close();
    },
  };
}

async function sync({ parent, child }: Pick<Link, "parent" | "child">): Promise<void> {
  await using synchronizer = synchronizerOf(child, parent.answer);
  await synchronizer.pushOnce(live);
  await moveAll(parent.database);
  await synchronizer.pullOnce(live);
  await moveAll(child.database);
}

/** Changes the patient at both ends, each in its own way, and lets them meet. */
async function clash(link: Link, atParent: JsonObject, atChild: JsonObject): Promise<Conflict> {
  await link.parent.save(atParent);
  await link.child.save(atChild);
  await sync(link);
  return theOpenOne(link.parent);
}

async function theOpenOne({ database }: NodeForTests): Promise<Conflict> {
  const [conflict] = await listOpenConflicts(database, 1);
  if (!conflict) throw new Error("There is no open conflict.");
  return conflict;
}

async function decide(
  { database, store, id: nodeId, clock, random }: NodeForTests,
  conflict: Conflict,
  choice: ResolveRequest["choice"],
  reason = "Seen on the card.",
): Promise<ResolveOutcome> {
  const { conflictId } = conflict;
  const request = { conflictId, choice, reason, author: "nurse" };
  const outcome = await database.transaction((tx) => resolveConflict(tx, { store, nodeId, clock, random }, request));
  await moveAll(database);
  return outcome;
}

async function patientAt(node: NodeForTests): Promise<unknown> {
  const text = (await node.bodies())["Patient/p"];
  return text === undefined ? undefined : JSON.parse(text);
}

async function versionAt(node: NodeForTests): Promise<number | undefined> {
  return (await node.store.read(node.database, { type: "Patient", id: "p" }))?.version;
}

function born(birthDate: string, more: JsonObject = {}): JsonObject {
  return { ...before, birthDate, ...more };
}

describeOnEachDatabase("deciding a conflict", (open) => {
  it("[S39] takes the child's value into the record as it is now, and the child comes to hold it", async () => {
    await using link = await openLink(open);
    const conflict = await clash(link, born("1981-01-01"), born("1982-01-01"));
    await link.parent.save(born("1981-01-01", { active: true, gender: "other" }));

    const outcome = await decide(link.parent, conflict, { take: "child" });
    await sync(link);

    expect(outcome).toMatchObject({ kind: "resolved", isChanged: true });
    expect(await patientAt(link.parent)).toEqual(born("1982-01-01", { active: true, gender: "other" }));
    expect(await link.child.bodies()).toEqual(await link.parent.bodies());
    expect(await listOpenConflicts(link.parent.database, 10)).toEqual([]);
  });

  it("[S39] takes the parent's value, which is shown already, without writing a version", async () => {
    await using link = await openLink(open);
    const conflict = await clash(link, born("1981-01-01"), born("1982-01-01"));
    const version = await versionAt(link.parent);

    const outcome = await decide(link.parent, conflict, { take: "parent" });

    expect(outcome).toMatchObject({ kind: "resolved", isChanged: false });
    expect(await versionAt(link.parent)).toBe(version);
    expect(await patientAt(link.parent)).toEqual(born("1981-01-01"));
  });

  it("[S39] takes a typed value, over what was edited by hand since", async () => {
    await using link = await openLink(open);
    const conflict = await clash(link, born("1981-01-01"), born("1982-01-01"));
    await link.parent.save(born("1984-01-01"));

    await decide(link.parent, conflict, { value: { birthDate: "1983", _birthDate: { id: "guessed" } } });

    expect(await patientAt(link.parent)).toEqual(born("1983", { _birthDate: { id: "guessed" } }));
  });

  it("[S39] keeps the digits of a typed value, of a whole record where that is contested", async () => {
    const weight = (value: string) =>
      `{"resourceType":"Observation","id":"o","status":"final","code":{"text":"Weight"},"valueQuantity":{"value":${value}}}`;
    const parsed = (value: string) => parseLossless(weight(value)) as JsonObject;
    await using link = await openLink(open, parsed("60"));
    const conflict = await clash(link, parsed("61"), parsed("62"));

    await decide(link.parent, conflict, { value: parsed("62.50") });

    expect(conflict.element.path).toBe("Observation");
    expect(await link.parent.bodies()).toEqual({ "Observation/o": weight("62.50") });
  });

  it("[S39] replaces only the contested item of a list", async () => {
    const named = (official: string, nickname: string) =>
      aPatient("p", {
        name: [
          { use: "official", family: official },
          { use: "nickname", text: nickname },
        ],
      });
    await using link = await openLink(open, named("Okello", "O"));
    const conflict = await clash(link, named("Okelo", "O"), named("Okeloh", "O"));
    await link.parent.save(named("Okelo", "Oki"));

    await decide(link.parent, conflict, { take: "child" });

    expect(conflict.element.path).toBe("Patient.name.where(use='official')");
    expect(await patientAt(link.parent)).toEqual(named("Okeloh", "Oki"));
  });

  it("[S39] leaves one of two identifiers that were both kept", async () => {
    const numbered = (...values: string[]) =>
      aPatient("p", { identifier: values.map((value) => ({ system: "urn:numbers", value })) });
    await using link = await openLink(open, aPatient("p"));
    const conflict = await clash(link, numbered("1"), numbered("2"));
    const shown = await patientAt(link.parent);

    await decide(link.parent, conflict, { take: "parent" });

    expect(shown).toEqual(numbered("1", "2"));
    expect(await patientAt(link.parent)).toEqual(numbered("1"));
  });

  it("[S40] keeps who, when, why and for what, and writes an audit entry", async () => {
    await using link = await openLink(open);
    const conflict = await clash(link, born("1981-01-01"), born("1982-01-01"));

    await decide(link.parent, conflict, { take: "child" }, "  The card says so.  ");

    const version = await versionAt(link.parent);
    expect(await readConflict(link.parent.database, conflict.conflictId)).toMatchObject({
      state: "resolved",
      resolution: { by: "nurse", reason: "The card says so.", choice: "child", version, at: expect.any(Number) },
    });
    expect(await readAuditOfRecord(link.parent.database, "Patient/p", 1)).toMatchObject([
      {
        operation: "resolve",
        actor: "nurse",
        versionAfter: version,
        outcome: "applied",
        operationId: conflict.conflictId,
      },
    ]);
    expect(await link.parent.store.read(link.parent.database, { type: "Patient", id: "p" })).toMatchObject({
      author: "nurse",
      originNode: "centre",
    });
  });

  it("[S40] leaves nothing of a decision whose transaction fails", async () => {
    await using link = await openLink(open);
    const conflict = await clash(link, born("1981-01-01"), born("1982-01-01"));
    const { database, store, id: nodeId, clock, random } = link.parent;
    const request: ResolveRequest = {
      conflictId: conflict.conflictId,
      choice: { take: "child" },
      reason: "Seen.",
      author: "nurse",
    };

    const failing = database.transaction(async (tx) => {
      await resolveConflict(tx, { store, nodeId, clock, random }, request);
      throw new Error("the power failed before the commit");
    });

    await expect(failing).rejects.toThrow("the power failed");
    expect(await patientAt(link.parent)).toEqual(born("1981-01-01"));
    expect(await theOpenOne(link.parent)).toEqual(conflict);
    expect(await readAuditOfRecord(database, "Patient/p", 9)).toMatchObject([{ operation: "merge" }]);
  });

  it.each([
    ["a value that is not valid", { birthDate: "yesterday" }],
    ["a value of another element", { gender: "male" }],
  ])("[S41] refuses %s and changes nothing", async (_case, value) => {
    await using link = await openLink(open);
    const conflict = await clash(link, born("1981-01-01"), born("1982-01-01"));

    const outcome = await decide(link.parent, conflict, { value });

    expect(outcome).toMatchObject({ kind: "invalid", issues: [{ severity: "error" }] });
    expect(await patientAt(link.parent)).toEqual(born("1981-01-01"));
    expect(await theOpenOne(link.parent)).toEqual(conflict);
  });

  it("[S41] asks for a reason, and for a short one", async () => {
    await using link = await openLink(open);
    const conflict = await clash(link, born("1981-01-01"), born("1982-01-01"));

    const outcomes = [
      await decide(link.parent, conflict, { take: "child" }, "  "),
      await decide(link.parent, conflict, { take: "child" }, "x".repeat(501)),
    ];

    expect(outcomes).toEqual([{ kind: "reason-refused" }, { kind: "reason-refused" }]);
    expect(await theOpenOne(link.parent)).toEqual(conflict);
  });

  it("[S41] decides about a deleted record only for what it says now", async () => {
    await using link = await openLink(open);
    const conflict = await clash(link, born("1981-01-01"), born("1982-01-01"));
    await link.parent.remove("Patient", "p");

    const refused = await decide(link.parent, conflict, { take: "child" });
    const kept = await decide(link.parent, conflict, { take: "current" });

    expect(refused).toEqual({ kind: "element-gone" });
    expect(kept).toMatchObject({ kind: "resolved", isChanged: false });
    expect(await patientAt(link.parent)).toBeUndefined();
  });

  it("[S42] is done once, and tells a second time how it was done", async () => {
    await using link = await openLink(open);
    const conflict = await clash(link, born("1981-01-01"), born("1982-01-01"));
    await decide(link.parent, conflict, { take: "child" });
    const version = await versionAt(link.parent);

    const again = await decide(link.parent, conflict, { take: "parent" });

    expect(again).toMatchObject({ kind: "already-resolved", conflict: { resolution: { choice: "child" } } });
    expect(await versionAt(link.parent)).toBe(version);
    expect(await decide(link.parent, { ...conflict, conflictId: "none" }, { take: "child" })).toEqual({
      kind: "unknown",
    });
  });

  it("[S42] is done once when two decide at the same time", async () => {
    await using link = await openLink(open);
    const conflict = await clash(link, born("1981-01-01"), born("1982-01-01"));

    const outcomes = await Promise.all([
      decide(link.parent, conflict, { take: "child" }),
      decide(link.parent, conflict, { take: "parent" }),
    ]);

    expect(outcomes.map(({ kind }) => kind).toSorted()).toEqual(["already-resolved", "resolved"]);
  });

  it("[S42] leaves the other conflicts of the record open", async () => {
    await using link = await openLink(open);
    await clash(link, born("1981-01-01"), born("1982-01-01"));
    await clash(link, born("1981-01-01", { gender: "male" }), born("1981-01-01", { gender: "other" }));
    const [older, younger] = await listConflictsOf(link.parent.database, "Patient", "p");

    await decide(link.parent, younger!, { take: "child" });

    expect(await listOpenConflicts(link.parent.database, 10)).toEqual([older]);
    expect(await patientAt(link.parent)).toEqual(born("1981-01-01", { gender: "other" }));
  });

  it("[S43] deletes the record when it decides for the side that deleted it", async () => {
    await using link = await openLink(open);
    await link.parent.remove("Patient", "p");
    await link.child.save(born("1982-01-01"));
    await sync(link);

    await decide(link.parent, await theOpenOne(link.parent), { take: "parent" });
    await sync(link);

    expect(await link.parent.bodies()).toEqual({});
    expect(await link.child.bodies()).toEqual({});
  });

  it("[S43] brings the body of the side that edited back, or another whole one", async () => {
    await using link = await openLink(open);
    await link.parent.save(born("1981-01-01"));
    await link.child.remove("Patient", "p");
    await sync(link);
    const conflict = await theOpenOne(link.parent);
    await link.parent.remove("Patient", "p");

    const refused = await decide(link.parent, conflict, { value: { resourceType: "Group", id: "p" } });
    const outcome = await decide(link.parent, conflict, { value: born("1983-01-01") });
    await sync(link);

    expect(refused.kind).toBe("invalid");
    expect(outcome).toMatchObject({ kind: "resolved", isChanged: true });
    expect(await patientAt(link.parent)).toEqual(born("1983-01-01"));
    expect(await link.child.bodies()).toEqual(await link.parent.bodies());
  });

  it("[S32] lists open conflicts page by page, and finds one by the beginning of its identifier", async () => {
    await using link = await openLink(open);
    await clash(link, born("1981-01-01", { gender: "male" }), born("1982-01-01", { gender: "other" }));
    const { database } = link.parent;

    const [first] = await listOpenConflicts(database, 1);
    const rest = await listOpenConflicts(database, 10, first);

    expect(rest).toHaveLength(1);
    expect(rest[0]).not.toEqual(first);
    expect(await findConflict(database, first!.conflictId)).toEqual({ kind: "found", conflict: first });
    expect(await findConflict(database, first!.conflictId.slice(0, 4))).toEqual({ kind: "ambiguous" });
    expect(await findConflict(database, "%")).toEqual({ kind: "unknown" });
  });
});
