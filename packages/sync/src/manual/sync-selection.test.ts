import { listAudit } from "@tributary/audit";
import { describeOnEachDatabase } from "@tributary/database/testing";
import { purgeRecords } from "@tributary/fhir";
import { aPatient, saving } from "@tributary/fhir/testing";
import { expect, it } from "vitest";
import {
  counting,
  cutting,
  moveAll,
  type NodeForTests,
  openPair,
  type Pair,
  synchronizerOf,
} from "../../testing/index.ts";
import type { Direction } from "../control/direction.ts";
import type { Exchange } from "../line/exchange.ts";
import { parseSelection, type SelectionText } from "./selection.ts";

const live = new AbortController().signal;
const anObservation = (id: string, patient: string, more: object = {}) => ({
  resourceType: "Observation",
  id,
  status: "final",
  code: { coding: [{ system: "http://loinc.org", code: "8867-4" }] },
  subject: { reference: `Patient/${patient}` },
  ...more,
});

async function round({ parent, child }: Pair) {
  await using synchronizer = synchronizerOf(child, parent.answer);
  const pushed = await synchronizer.pushOnce(live);
  await moveAll(parent.database);
  const pulled = await synchronizer.pullOnce(live);
  await moveAll(child.database);
  return { pushed, pulled };
}

async function sync(
  { parent, child }: Pair,
  text: SelectionText,
  directions: readonly Direction[],
  line: Exchange = parent.answer,
) {
  await using synchronizer = synchronizerOf(child, line);
  const request = { selection: parseSelection(text), directions };
  const report = await synchronizer.syncSelected(request, "nurse", live);
  await moveAll(parent.database);
  await moveAll(child.database);
  const results = report.results.map(({ type, id, direction, outcome }) => `${direction} ${type}/${id} ${outcome}`);
  return { ...report, lines: results.toSorted() };
}

async function preview({ parent, child }: Pair, text: SelectionText, directions: readonly Direction[]) {
  await using synchronizer = synchronizerOf(child, parent.answer);
  return synchronizer.previewSelected({ selection: parseSelection(text), directions }, live);
}

describeOnEachDatabase("records chosen by hand", (open) => {
  it("[S80] are pulled by name, by patient and by search, and the marker stays where it is", async () => {
    await using link = await openPair(open);
    const { parent, child } = link;
    await parent.save(aPatient("a"), aPatient("b"), anObservation("o1", "a"), anObservation("o2", "b"));
    await parent.save(anObservation("o3", "b", { status: "amended" }));

    const named = await sync(link, { references: ["Patient/a", "Patient/nobody"] }, ["pull"]);
    const patient = await sync(link, { patient: "b" }, ["pull"]);
    const found = await sync(link, { search: "Observation?subject=Patient/a&code=8867-4" }, ["pull"]);
    const again = await sync(link, { patient: "a" }, ["pull"]);
    const { pulled } = await round(link);

    expect(named).toMatchObject({ status: "partial", error: undefined });
    expect(named.lines).toEqual(["pull Patient/a applied", "pull Patient/nobody not-found"]);
    expect(patient.lines).toEqual([
      "pull Observation/o2 applied",
      "pull Observation/o3 applied",
      "pull Patient/b applied",
    ]);
    expect(found).toMatchObject({ status: "complete", lines: ["pull Observation/o1 applied"] });
    expect(again.lines).toEqual(["pull Observation/o1 unchanged", "pull Patient/a unchanged"]);
    expect(pulled).toMatchObject({ applied: 0, unchanged: 5, status: "complete" });
    expect(await child.bodies()).toEqual(await parent.bodies());
  });

  it("[S80] are found over many pages, and what a search does not know is refused", async () => {
    await using link = await openPair(open);
    const { parent, child } = link;
    const many = Array.from({ length: 620 }, (_, n) => anObservation(`o${n}`, "a"));
    await parent.save(aPatient("a"), ...many);
    const line = counting(parent.answer);

    const patient = await sync(link, { patient: "Patient/a" }, ["pull"], line);
    const wrong = await sync(link, { search: "Observation?colour=green" }, ["pull"]);

    expect(patient).toMatchObject({ status: "complete" });
    expect(patient.lines).toHaveLength(621);
    expect(line.paths.filter((path) => path === "select")).toHaveLength(2);
    expect(Object.keys(await child.bodies())).toHaveLength(621);
    expect(wrong).toMatchObject({ status: "refused", results: [], error: { code: "REMOTE_REFUSED" } });
    expect(wrong.error?.message).not.toContain("green");
  });

  it("[S82] are pushed ahead of what they do not depend on, which stays in the queue", async () => {
    await using link = await openPair(open);
    const { parent, child } = link;
    await child.save(aPatient("a"));
    await child.save(aPatient("b"));
    await child.save(anObservation("o1", "b"));

    const report = await sync(link, { references: ["Observation/o1"] }, ["push"]);
    const atParent = Object.keys(await parent.bodies());
    const { pushed } = await round(link);

    expect(report).toMatchObject({ status: "complete", lines: ["push Observation/o1 applied"] });
    expect(atParent).toEqual(["Observation/o1", "Patient/b"]);
    expect(pushed).toMatchObject({ status: "complete", pushed: 1 });
  });

  it("[S82] are offered when nothing was changed, answered unchanged, and sent when the parent lacks them", async () => {
    await using link = await openPair(open);
    const { parent, child } = link;
    await parent.save(aPatient("there"));
    await round(link);
    await child.save(aPatient("lost"));
    await round(link);
    // As if the parent had been put back to a time before it.
    await parent.database.transaction((tx) => purgeRecords(tx, [{ type: "Patient", id: "lost" }]));

    const report = await sync(link, { references: ["Patient/there", "Patient/lost"] }, ["push"]);
    const { pushed } = await round(link);

    expect(report.lines).toEqual(["push Patient/lost applied", "push Patient/there unchanged"]);
    expect(pushed).toMatchObject({ status: "complete", pushed: 0, requests: 0 });
    expect(await parent.bodies()).toEqual(await child.bodies());
  });

  it("[S82] end each with its own result: merged with its conflicts, parked, rejected with the reason", async () => {
    await using link = await openPair(open);
    const { parent, child } = link;
    await parent.save(aPatient("m", { birthDate: "1980-01-01" }), aPatient("e", { gender: "male" }));
    await round(link);
    await parent.save(aPatient("m", { birthDate: "1981-01-01" }));
    await child.save(aPatient("m", { birthDate: "1982-01-01" }));
    await child.database.transaction((tx) =>
      child.store.write(tx, [saving(aPatient("bad", { gender: "unheard-of" }))]),
    );
    await child.save(aPatient("e", { gender: "female" }));
    await parent.save(aPatient("e", { gender: "other" }));

    const pulled = await sync(link, { references: ["Patient/e"] }, ["pull"]);
    const pushed = await sync(link, { references: ["Patient/m", "Patient/bad"] }, ["push"]);
    const again = await sync(link, { references: ["Patient/bad"] }, ["push"]);

    expect(pulled.results).toMatchObject([{ outcome: "parked", reason: "edited-here" }]);
    expect(pushed.lines).toEqual(["push Patient/bad rejected", "push Patient/m merged"]);
    expect(pushed.results.find(({ id }) => id === "m")).toMatchObject({ conflicts: 1 });
    expect(again.results).toMatchObject([{ outcome: "rejected", reason: expect.stringContaining("not valid") }]);
    expect(await child.bodies()).toMatchObject({ "Patient/m": (await parent.bodies())["Patient/m"] });
  });

  it("[S82] that have no answer when the line breaks stay queued, and take effect once", async () => {
    await using link = await openPair(open);
    const { parent, child } = link;
    await child.save(aPatient("a"));
    const line = cutting(parent.answer, ({ url }) => (url.pathname.endsWith("/push") ? "after" : undefined));

    const broken = await sync(link, { references: ["Patient/a"] }, ["push", "pull"], line);
    const { pushed } = await round(link);

    expect(broken).toMatchObject({ status: "interrupted", lines: ["push Patient/a queued"] });
    expect(pushed).toMatchObject({ status: "complete", pushed: 1 });
    expect(await child.bodies()).toEqual(await parent.bodies());
  });

  it("[S82] leave the operator's name in the audit trail, beside what every round leaves", async () => {
    await using link = await openPair(open);
    const { parent, child } = link;
    await parent.save(aPatient("a"));

    const { operationId } = await sync(link, { references: ["Patient/a"] }, ["pull"]);

    const { entries } = await listAudit(child.database, { actor: "nurse" }, { limit: 9 });
    expect(entries.map((entry) => [entry.operation, entry.reference, entry.outcome, entry.operationId])).toEqual([
      ["manual", null, "ended", operationId],
      ["manual", "Patient/a", "applied", `${operationId}:pull`],
      ["manual", null, "begun", operationId],
    ]);
    const ordinary = await listAudit(child.database, { operation: "pull" }, { limit: 9 });
    expect(ordinary.entries).toMatchObject([{ reference: "Patient/a", actor: "centre" }]);
  });

  it("[S81] are previewed at both ends, with what would be contested, and nothing is written", async () => {
    await using link = await openPair(open);
    const { parent, child } = link;
    await parent.save(
      aPatient("m", { birthDate: "1980-01-01" }),
      aPatient("same"),
      aPatient("gone"),
      aPatient("disjoint", { gender: "male" }),
    );
    await round(link);
    await parent.save(aPatient("new"), aPatient("m", { birthDate: "1981-01-01" }));
    await parent.save(aPatient("disjoint", { gender: "male", active: true }));
    await parent.remove("Patient", "gone");
    await child.save(aPatient("own"), aPatient("m", { birthDate: "1982-01-01" }));
    await child.save(aPatient("disjoint", { gender: "female" }));
    const names = ["m", "same", "gone", "disjoint", "new", "own", "nobody"].map((id) => `Patient/${id}`);
    const states = () => Promise.all([parent, child].map((node) => stateOf(node)));
    const before = await states();

    const both = await preview(link, { references: names }, ["push", "pull"]);
    const pull = await preview(link, { references: ["Patient/m", "Patient/own"] }, ["pull"]);

    expect(await states()).toEqual(before);
    expect(Object.fromEntries(both.map(({ id, here, there, waits }) => [id, [here, there, waits]]))).toEqual({
      m: ["updated", "unchanged", null],
      same: ["unchanged", "unchanged", null],
      gone: ["deleted", "unchanged", null],
      disjoint: ["updated", "updated", null],
      new: ["created", "unchanged", null],
      own: ["unchanged", "created", null],
      nobody: ["unchanged", "unchanged", "not-found"],
    });
    const m = both.find(({ id }) => id === "m");
    expect(m?.conflicts).toMatchObject([{ path: "Patient.birthDate", mine: { birthDate: "1981-01-01" } }]);
    const disjoint = both.find(({ id }) => id === "disjoint");
    expect(disjoint?.changesHere).toMatchObject([{ path: "Patient.active" }]);
    expect(disjoint?.changesThere).toMatchObject([{ path: "Patient.gender", after: { gender: "female" } }]);
    expect(pull.map(({ id, waits }) => [id, waits])).toEqual([
      ["m", "edited-here"],
      ["own", "not-found"],
    ]);
  });

  it("[S81] come to what their preview told", async () => {
    await using link = await openPair(open);
    const { parent, child } = link;
    await parent.save(aPatient("m", { birthDate: "1980-01-01" }), aPatient("p", { gender: "male" }), aPatient("d"));
    await round(link);
    await parent.save(aPatient("m", { birthDate: "1981-01-01", active: true }), aPatient("p", { gender: "other" }));
    await child.save(aPatient("m", { birthDate: "1982-01-01", gender: "female" }), aPatient("n"));
    await child.remove("Patient", "d");
    const chosen = { search: "Patient" };
    const before = [await child.bodies(), await parent.bodies()] as const;

    const told = await preview(link, chosen, ["push", "pull"]);
    await sync(link, chosen, ["push", "pull"]);

    const after = [await child.bodies(), await parent.bodies()] as const;
    for (const { type, id, here, there } of told) {
      const name = `${type}/${id}`;
      expect([name, effect(before[0][name], after[0][name]), effect(before[1][name], after[1][name])]).toEqual([
        name,
        here,
        there,
      ]);
    }
    expect(told.map(({ id }) => id).toSorted()).toEqual(["d", "m", "n", "p"]);
  });
});

function effect(before: string | undefined, after: string | undefined): string {
  if (before === after) return "unchanged";
  if (after === undefined) return "deleted";
  return before === undefined ? "created" : "updated";
}

async function stateOf({ database, bodies }: NodeForTests): Promise<unknown> {
  const { entries } = await listAudit(database, {}, { limit: 500 });
  return [await bodies(), entries.length];
}
