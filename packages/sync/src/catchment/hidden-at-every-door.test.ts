import { randomUUID } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Database } from "@tributary/database";
import { describeOnEachDatabase } from "@tributary/database/testing";
import { silentLogger, systemClock } from "@tributary/kernel";
import { expect, it } from "vitest";
import { aNoteOn, aPatientIn, exchangeOver, openClinic, openClinicBeside, roundOf } from "../../testing/index.ts";
import { SnapshotLibrary } from "../bootstrap/snapshot-library.ts";
import { openSnapshotShelf } from "../bootstrap/snapshot-shelf.ts";
import { listOpenConflicts } from "../conflict/conflicts.ts";
import { readChildNode } from "../enrolment/child-nodes.ts";
import { createServerFor } from "../sync-server.ts";
import { visibilityOf } from "./visibility.ts";

const live = new AbortController().signal;
const token = "canary-yranac";
const decisionId = "01890000-0000-7000-8000-000000000001";
const epoch = "01890000-0000-7000-8000-000000000002";

/** Doors that take no name of what they tell of; what they say must not change with what the child may not see. */
const namingNobody = [
  "GET /streams/:stream/recent",
  "GET /streams/:stream/:epoch/:page",
  "GET /verify/root",
  "GET /verify/records",
  "POST /catchment",
];
/** Doors at which a child tells what it has itself, and rules of their own: S36, S67, S105, S113, S163, S185. */
const toldAt = ["POST /push", "POST /audit", "POST /guest", "POST /keys", "POST /enrol"];

/** What can be asked for by name: what is hidden, and its like that is nowhere. */
interface Names {
  readonly patient: string;
  readonly catchment: string;
  readonly conflict: string;
  readonly chunk: string;
}

interface Question {
  /** The route's method and path. */
  readonly door: string;
  readonly path: string;
  readonly body?: object;
}

function questionsOf({ patient, catchment, conflict, chunk }: Names): Question[] {
  const records = [
    ["Patient", patient],
    ["Observation", `${patient}-note`],
    ["Observation", `${patient}-gone`],
  ];
  const decision = { decisionId, conflictId: conflict, at: 1, by: "nurse", node: null };
  const stream = `catchment.${catchment}`;
  const select = (asked: object) => ({ door: "POST /select", path: "select", body: { ...asked, limit: 10 } });
  return [
    { door: "GET /streams/:stream/recent", path: `streams/${stream}/recent` },
    { door: "GET /streams/:stream/:epoch/:page", path: `streams/${stream}/${epoch}/1` },
    { door: "POST /read", path: "read", body: { stream: "catchment.kisumu", maxBytes: 9_999, records } },
    { door: "POST /read", path: "read", body: { stream, maxBytes: 9_999, records } },
    {
      door: "POST /compartments/read",
      path: "compartments/read",
      body: { maxBytes: 9_999, patients: [[patient, null]] },
    },
    { door: "POST /patients/history", path: "patients/history", body: { patient, before: null } },
    select({ references: records.map((record) => record.join("/")) }),
    select({ patient }),
    select({ search: `Observation?subject=Patient/${patient}` }),
    select({ search: `Patient?_id=${patient}` }),
    select({ search: `Observation?subject:Patient.identifier=${token}-${patient}` }),
    select({ search: `Patient?_has:Observation:subject:_id=${patient}-note` }),
    { door: "POST /conflicts/read", path: "conflicts/read", body: { conflicts: [conflict], maxBytes: 9_999 } },
    {
      door: "POST /conflicts/decide",
      path: "conflicts/decide",
      body: { decisions: [{ ...decision, kind: "assign", assignee: "me" }] },
    },
    { door: "GET /snapshots/latest", path: "snapshots/latest" },
    { door: "GET /snapshots/chunks/:sha256", path: `snapshots/chunks/${chunk}` },
    {
      door: "POST /kept",
      path: "kept",
      body: { place: [stream, epoch, 0, null], records: records.map((record) => [...record, ["A".repeat(22), ""]]) },
    },
    { door: "POST /common-point", path: "common-point", body: { stream, trail: [] } },
  ];
}

/** A note on one patient that mentions another. */
const aboutAnother = (patient: string, id: string, other: string) => ({
  ...aNoteOn(patient, id, patient === "hidden" ? token : "note"),
  focus: [{ reference: `Patient/${other}` }],
});

describeOnEachDatabase("what a child may not see", (open) => {
  async function openWorld(folder: string) {
    const snapshotsOf = (database: Database) =>
      new SnapshotLibrary({ database, shelf: openSnapshotShelf(folder), clock: systemClock, logger: silentLogger });
    const clinic = await openClinic(open);
    const { parent, child } = clinic;
    const beside = await openClinicBeside(clinic, open, "clinic-2", "Nairobi");
    const { child: other } = beside;
    await parent.save(aPatientIn("Kisumu", "own"), aboutAnother("own", "own-note", "hidden"));
    await clinic.round();
    const { database, store, id: nodeId, clock, random } = parent;
    const snapshots = snapshotsOf(database);
    const known = await readChildNode(database, child.id);
    const { routes } = createServerFor(known!, { database, store, nodeId, clock, random, snapshots });
    const line = exchangeOver(routes);
    return {
      parent,
      child,
      other,
      snapshots,
      doors: routes.map(({ method, path }) => `${method} ${path}`),
      async ask({ door, path, body }: Question): Promise<string> {
        const [method = ""] = door.split(" ");
        const url = new URL(`http://parent.test/sync/v1/${path}`);
        const text = body === undefined ? {} : { body: JSON.stringify(body) };
        const answer = await line({ method: method as "GET" | "POST", url, headers: {}, ...text }, live);
        const { "tributary-time": _, "tributary-digest": __, ...headers } = answer.headers;
        return `${answer.status} ${JSON.stringify(headers)} ${Buffer.from(answer.body).toString("latin1")}`;
      },
      async [Symbol.asyncDispose]() {
        await beside[Symbol.asyncDispose]();
        await clinic[Symbol.asyncDispose]();
      },
    };
  }

  /** A patient of the other clinic with a note, a deleted note, a conflict, and a snapshot in which all of it is. */
  async function hide({ parent, child, other, snapshots }: Awaited<ReturnType<typeof openWorld>>): Promise<Names> {
    const hidden = (more: object) => ({
      ...aPatientIn("Nairobi", "hidden", { identifier: [{ value: `${token}-hidden` }] }),
      ...more,
    });
    await parent.save(
      hidden({ gender: "unknown" }),
      aboutAnother("hidden", "hidden-note", "own"),
      aNoteOn("hidden", "hidden-gone"),
    );
    await parent.remove("Observation", "hidden-gone");
    await roundOf(other, parent);
    await other.save(hidden({ gender: "female" }));
    await parent.save(hidden({ gender: "male" }));
    await roundOf(other, parent);
    const [conflict] = await listOpenConflicts(parent.database, 9);
    const { chunks } = await snapshots.make(await visibilityOf(parent.database, other.id));
    // Made now, however slow the machine is: the door would tell how far it is.
    await snapshots.make(await visibilityOf(parent.database, child.id));
    return {
      patient: "hidden",
      catchment: "nairobi",
      conflict: conflict!.conflictId,
      chunk: chunks[0]!.sha256,
    };
  }

  it("[S100] [S116] [S138] is answered as what is nowhere, byte for byte, whichever way it is asked for", async () => {
    const folder = mkdtempSync(join(tmpdir(), "tributary-doors-"));
    await using world = await openWorld(folder);
    const names = await hide(world);
    const nowhere: Names = { patient: "nobody", catchment: "nowhere", conflict: randomUUID(), chunk: "0".repeat(64) };
    const questions = questionsOf(names);
    const ofNobody = questionsOf(nowhere);

    for (const [at, question] of questions.entries()) {
      const told = await world.ask(question);
      const toldOfNobody = await world.ask(ofNobody[at]!);
      const asIfOfNobody = told.replaceAll(names.patient, nowhere.patient).replaceAll(names.conflict, nowhere.conflict);

      expect(told, question.path).not.toContain(token);
      expect(asIfOfNobody, JSON.stringify(question)).toBe(toldOfNobody);
    }
    expect([...new Set([...questions.map(({ door }) => door), ...namingNobody, ...toldAt])].toSorted()).toEqual(
      [...world.doors].toSorted(),
    );
    rmSync(folder, { recursive: true, force: true });
  });

  it("[S100] changes nothing in what is said of the whole: heads, counts, digests and places", async () => {
    const folder = mkdtempSync(join(tmpdir(), "tributary-doors-"));
    await using world = await openWorld(folder);
    const told = await world.ask({ door: "GET", path: "streams/catchment.kisumu/recent" });
    const [, itsEpoch = ""] = /"epoch":"([^"]+)"/.exec(told) ?? [];
    const buckets = Array.from({ length: 16 }, (_, of) => Array.from({ length: 16 }, (_, n) => of * 16 + n).join(","));
    const questions: Question[] = [
      ...["catchment.kisumu", "metadata", "conflicts"].flatMap((stream) => [
        { door: "GET", path: `streams/${stream}/recent` },
        { door: "GET", path: `streams/${stream}/${itsEpoch}/1` },
      ]),
      ...["Observation?_id=own-note&_include=Observation:focus", "Patient?_id=own&_revinclude=Observation:focus"].map(
        (search) => ({ door: "POST", path: "select", body: { search, limit: 10 } }),
      ),
      { door: "GET", path: "verify/root?root=0" },
      ...buckets.map((of) => ({ door: "GET", path: `verify/records?of=${of}` })),
      { door: "POST", path: "catchment", body: { after: null } },
    ];
    const askAll = async () => {
      const told: string[] = [];
      for (const question of questions) told.push(await world.ask(question));
      return told;
    };
    const before = await askAll();

    await hide(world);

    expect(await askAll()).toEqual(before);
    expect(before.filter((told) => told.startsWith("200 "))).toHaveLength(questions.length);
    rmSync(folder, { recursive: true, force: true });
  });
});
