import type { Database } from "@tributary/database";
import { describeOnEachDatabase } from "@tributary/database/testing";
import type { JsonObject } from "@tributary/fhir";
import { expect, it } from "vitest";
import {
  aNoteOn,
  aPatientIn,
  assign,
  type ClinicForTests,
  enrol,
  livingIn,
  moveAll,
  openClinic,
  openNodeForTests,
  setCatchment,
  synchronizerOf,
} from "../../testing/index.ts";
import type { Exchange } from "../line/exchange.ts";
import { releaseAllDue } from "../push/release-parked.ts";

const live = new AbortController().signal;

/** What there is for others and not for the clinic, in one of two worlds. */
const guesses = [
  "Patient/there",
  "Observation/note",
  "Patient/deleted",
  "Task/of-nobody",
  "Group/of-many",
  "Patient/unborn",
] as const;

const aTask = (id: string, status = "draft") => ({ resourceType: "Task", id, status, intent: "order" });

/** An Observation of a patient of the clinic's own that mentions another record. */
function mentioning(target: string, id: string): JsonObject {
  return { ...aNoteOn("own", id), focus: [{ reference: target }] };
}

/** A clinic with one patient of its own; what it guesses is there for others, or is nowhere. */
async function openWorld(open: () => Promise<Database>, isThere: boolean): Promise<ClinicForTests> {
  const clinic = await openClinic(open);
  const { parent, round } = clinic;
  await parent.save(aPatientIn("Kisumu", "own"));
  if (isThere) {
    await using database = await open();
    const other = await openNodeForTests(database, "elsewhere");
    await enrol(other, parent);
    await parent.save(aPatientIn("Nairobi", "there"), aNoteOn("there", "note"), aPatientIn("Nairobi", "deleted"));
    await parent.save(aTask("of-nobody"), {
      resourceType: "Group",
      id: "of-many",
      type: "person",
      actual: true,
      member: [{ entity: { reference: "Patient/own" } }],
    });
    await parent.remove("Patient", "deleted");
    await other.save(aPatientIn("Nairobi", "unborn"), { ...aNoteOn("unborn", "gone"), id: "gone" });
    await other.remove("Patient", "unborn");
    await using synchronizer = synchronizerOf(other, parent.answer);
    await synchronizer.pushOnce(live);
  }
  await round();
  return clinic;
}

/** Has the clinic push what it has, and asks twice; returns every byte that it is told. */
async function toldTo(clinic: ClinicForTests): Promise<string[]> {
  const { parent, child } = clinic;
  const told: string[] = [];
  const tapped: Exchange = async (request, signal) => {
    const answer = await parent.answer(request, signal);
    const { "tributary-time": _, ...headers } = answer.headers;
    told.push(`${answer.status} ${JSON.stringify(headers)} ${Buffer.from(answer.body).toString("latin1")}`);
    return answer;
  };
  await using synchronizer = synchronizerOf(child, tapped, { memberships: child.memberships });
  for (let n = 0; n < 2; n++) {
    await synchronizer.pushOnce(live);
    await release(clinic);
  }
  return told;
}

/** Judges again whatever is parked at the parent, as it does by itself after every write. */
async function release({ parent }: ClinicForTests): Promise<void> {
  const { database, store, id: nodeId, clock, random } = parent;
  await releaseAllDue(database, { store, nodeId, clock, random }, live);
  await moveAll(database);
}

const notesAt = async ({ parent }: ClinicForTests) =>
  Object.keys(await parent.bodies())
    .filter((name) => name.startsWith("Observation/about-"))
    .sort();

describeOnEachDatabase("a reference that a child makes", (open) => {
  it("[S185] to what it does not have is answered alike, whether that is there for others or nowhere", async () => {
    const answers: string[][] = [];
    for (const isThere of [true, false]) {
      await using clinic = await openWorld(open, isThere);
      for (const [at, target] of guesses.entries()) await clinic.child.save(mentioning(target, `about-${at}`));

      answers.push(await toldTo(clinic));

      expect(await notesAt(clinic)).toEqual([]);
    }

    expect(answers[0]).toEqual(answers[1]);
    expect(answers[0]?.join("\n")).toContain("parked");
  });

  it("[S185] to what it has or once had, as member or guest, or brought itself, waits for nothing", async () => {
    await using clinic = await openClinic(open);
    const { parent, child, round, synchronizer } = clinic;
    await parent.save(aPatientIn("Kisumu", "own"), aPatientIn("Kisumu", "moved"), aPatientIn("Nairobi", "guest"));
    await parent.save({ resourceType: "Practitioner", id: "nurse" });
    await round();
    await synchronizer.fetchGuestOnce({ patient: "guest", purpose: "emergency", days: 1 }, "nurse", live);
    await child.save(aPatientIn("Mombasa", "visitor"), aTask("task"));
    await round();
    await parent.save(aPatientIn("Nairobi", "moved"));
    await setCatchment(parent, "north", livingIn("Kisumu"));
    await assign(parent, child, "north");
    const targets = [
      "Practitioner/nurse",
      "Patient/own",
      "Patient/moved",
      "Patient/guest",
      "Patient/visitor",
      "Task/task",
    ];
    for (const [at, target] of targets.entries()) await child.save(mentioning(target, `about-${at}`));

    const { pushed } = await round();

    expect(pushed).toMatchObject({ parked: 0, rejected: 0 });
    expect(await notesAt(clinic)).toEqual(targets.map((_, at) => `Observation/about-${at}`));
  });

  it("[S185] is taken once its record comes to the child, and to a record that will never come, as it said itself", async () => {
    await using clinic = await openWorld(open, true);
    const { parent, child, round } = clinic;
    await child.save(mentioning("Patient/there", "about-there"));
    const { pushed } = await round();
    await child.save(aTask("short"));
    await child.remove("Task", "short");
    await round();
    await child.save(mentioning("Task/short", "about-short"));
    await round();
    const before = await notesAt(clinic);

    await parent.save(aPatientIn("Kisumu", "there"));
    await release(clinic);
    await round();
    await round();

    expect(pushed).toMatchObject({ parked: 1 });
    expect(before).toEqual(["Observation/about-short"]);
    expect(await notesAt(clinic)).toEqual(["Observation/about-short", "Observation/about-there"]);
    expect((await child.bodies())["Observation/about-there"]).toBeDefined();
  });

  it("[S105] takes further edits of a record of no patient that the child brought, and of no other", async () => {
    await using clinic = await openClinic(open);
    const { parent, child, round } = clinic;
    await parent.save(aTask("theirs"));
    await child.save(aTask("own"));
    await child.save(aTask("theirs", "requested"));
    await round();
    await child.save(aTask("own", "completed"));
    await round();

    const bodies = await parent.bodies();
    expect(bodies["Task/own"]).toContain("completed");
    expect(bodies["Task/theirs"]).toContain("draft");
  });
});
