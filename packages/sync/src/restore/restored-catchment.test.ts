import { TributaryError } from "@tributary/kernel";
import { expect, it } from "vitest";
import {
  aNoteOn,
  aPatientIn,
  assign,
  cutting,
  livingIn,
  moveAll,
  openRestorableClinic,
  type RestorableNode,
  roundOf,
  setCatchment,
  synchronizerOf,
} from "../../testing/index.ts";
import { listOpenConflicts } from "../conflict/conflicts.ts";
import type { Exchange } from "../line/exchange.ts";

const live = new AbortController().signal;

function engineOf(clinic: RestorableNode, line: Exchange) {
  return synchronizerOf(clinic.node, line, { memberships: clinic.node.memberships });
}

for (const dialect of ["sqlite", "postgres"] as const) {
  it(`[S151] a child with a catchment sends again what its restored parent has lost, before anybody leaves (${dialect})`, async () => {
    await using link = await openRestorableClinic(dialect);
    const { parent, clinic } = link;
    await parent.node.save(aPatientIn("Kisumu", "a"), aPatientIn("Kisumu", "gone"), aPatientIn("Nairobi", "other"));
    await roundOf(clinic.node, parent.node);
    await parent.backUp();
    await clinic.node.save(aPatientIn("Kisumu", "b"), aNoteOn("a", "n"), aPatientIn("Kisumu", "a", { active: true }));
    await clinic.node.remove("Patient", "gone");
    await parent.node.save(aPatientIn("Kisumu", "c"));
    await roundOf(clinic.node, parent.node);
    await roundOf(clinic.node, parent.node);

    await parent.restore();
    await parent.node.save(aPatientIn("Kisumu", "d"));
    await clinic.node.save(aPatientIn("Kisumu", "e"));
    for (let n = 0; n < 3; n++) await roundOf(clinic.node, parent.node);
    const { pushed, pulled } = await roundOf(clinic.node, parent.node);

    const { "Patient/other": other, ...held } = await parent.node.bodies();
    expect([pushed.status, pulled.status]).toEqual(["complete", "complete"]);
    expect(other).toBeDefined();
    expect(Object.keys(held).sort()).toEqual([
      "Observation/n",
      "Patient/a",
      "Patient/b",
      "Patient/c",
      "Patient/d",
      "Patient/e",
    ]);
    expect(held["Patient/a"]).toContain('"active":true');
    expect(await clinic.node.bodies()).toEqual(held);
    expect(await listOpenConflicts(parent.node.database, 5)).toEqual([]);
  });

  it(`[S151] nor does it lose anything where the line breaks off in between, or what it read still fits (${dialect})`, async () => {
    await using link = await openRestorableClinic(dialect);
    const { parent, clinic } = link;
    await parent.node.save(aPatientIn("Kisumu", "a"));
    await roundOf(clinic.node, parent.node);
    await parent.backUp();
    await clinic.node.save(aPatientIn("Kisumu", "b"));
    await using before = engineOf(clinic, parent.answer);
    await before.pushOnce(live);
    await moveAll(parent.node.database);

    await parent.restore();
    for (let cutAt = 1; cutAt < 24; cutAt++) {
      let requests = 0;
      const cut: Exchange = (request, signal) => {
        requests += 1;
        return requests === cutAt ? Promise.reject(lineIsDown()) : parent.answer(request, signal);
      };
      await using synchronizer = engineOf(clinic, cut);
      await synchronizer.pullOnce(live);
      await moveAll(parent.node.database);
    }
    for (let n = 0; n < 3; n++) await roundOf(clinic.node, parent.node);

    expect(Object.keys(await parent.node.bodies())).toEqual(["Patient/a", "Patient/b"]);
    expect(await clinic.node.bodies()).toEqual(await parent.node.bodies());
  });

  it(`[S151] nor does it let anybody leave whom it had sent before it read anything (${dialect})`, async () => {
    await using link = await openRestorableClinic(dialect);
    const { parent, clinic } = link;
    await clinic.node.save(aPatientIn("Kisumu", "a"), aPatientIn("Kisumu", "b"));
    await parent.backUp();
    await using first = engineOf(clinic, parent.answer);
    await first.pushOnce(live);
    await moveAll(parent.node.database);
    const all = await parent.node.bodies();

    await parent.restore();
    const cut = cutting(parent.answer, ({ url }) => (url.pathname.includes("/streams/") ? "before" : undefined));
    await using broken = engineOf(clinic, cut);
    await broken.pullOnce(live);
    await moveAll(parent.node.database);
    for (let n = 0; n < 3; n++) await roundOf(clinic.node, parent.node);

    expect(Object.keys(all)).toEqual(["Patient/a", "Patient/b"]);
    expect([await parent.node.bodies(), await clinic.node.bodies()]).toEqual([all, all]);
  });

  it(`[S151] sends no guest's records again that it has not edited, and nothing after another assignment (${dialect})`, async () => {
    await using link = await openRestorableClinic(dialect);
    const { parent, clinic } = link;
    await setCatchment(parent.node, "nairobi", livingIn("Nairobi"));
    await parent.node.save(aPatientIn("Kisumu", "a"), aPatientIn("Nairobi", "guest", { gender: "male" }));
    await roundOf(clinic.node, parent.node);
    await parent.backUp();
    await using synchronizer = engineOf(clinic, parent.answer);
    await synchronizer.fetchGuestOnce({ patient: "guest", purpose: "emergency", days: 1 }, "nurse", live);
    await clinic.node.save(aPatientIn("Kisumu", "b"));
    await roundOf(clinic.node, parent.node);
    await parent.restore();
    await parent.node.save(aPatientIn("Nairobi", "guest", { gender: "female" }));
    for (let n = 0; n < 3; n++) await roundOf(clinic.node, parent.node);
    const guest = (await parent.node.bodies())["Patient/guest"];
    await assign(parent.node, clinic.node, "nairobi");
    await roundOf(clinic.node, parent.node);
    await assign(parent.node, clinic.node, "kisumu");
    const back = [await roundOf(clinic.node, parent.node), await roundOf(clinic.node, parent.node)];

    expect(guest).toContain('"female"');
    expect(await listOpenConflicts(parent.node.database, 5)).toEqual([]);
    expect(back.map(({ pushed }) => pushed.pushed + pushed.merged + pushed.late)).toEqual([0, 0]);
    expect(Object.keys(await clinic.node.bodies()).filter((name) => name !== "Patient/guest")).toEqual([
      "Patient/a",
      "Patient/b",
    ]);
  });

  it(`[S215] a child goes on with what is for every child when only that is another one at its restored parent (${dialect})`, async () => {
    await using link = await openRestorableClinic(dialect);
    const { parent, clinic } = link;
    const named = (id: string) => ({ resourceType: "Location", id, name: id });
    await parent.node.save(aPatientIn("Kisumu", "a"), named("first"));
    await roundOf(clinic.node, parent.node);
    await parent.backUp();
    await parent.node.save(named("lost"), named("also-lost"));
    await roundOf(clinic.node, parent.node);

    await parent.restore();
    await parent.node.save(named("new"));
    await roundOf(clinic.node, parent.node);
    await parent.node.save(named("newest"));
    const { pulled } = await roundOf(clinic.node, parent.node);
    await using synchronizer = engineOf(clinic, parent.answer);
    const verified = await synchronizer.verifyOnce(live);

    expect(pulled).toMatchObject({ status: "complete", sideError: undefined });
    expect(await clinic.node.bodies()).toMatchObject(await parent.node.bodies());
    expect(verified.differences).toEqual([
      { kind: "missing-there", type: "Location", id: "also-lost" },
      { kind: "missing-there", type: "Location", id: "lost" },
    ]);
  });

  it(`[S218] a restored parent gets back what only a child has whose patient was just leaving (${dialect})`, async () => {
    await using link = await openRestorableClinic(dialect);
    const { parent, clinic } = link;
    await using keeping = synchronizerOf(clinic.node, parent.answer, {
      memberships: clinic.node.memberships,
      afterExit: { keep: { forMs: 24 * 3_600_000 } },
    });
    const inStep = async () => {
      await moveAll(parent.node.database);
      await keeping.pushOnce(live);
      await moveAll(parent.node.database);
      return keeping.pullOnce(live);
    };
    await parent.node.save(aPatientIn("Kisumu", "a"));
    await inStep();
    await parent.backUp();
    await parent.node.save(aPatientIn("Kisumu", "a", { gender: "other" }));
    await inStep();
    await parent.node.save(aPatientIn("Nairobi", "a", { gender: "other" }));
    await inStep();

    await parent.restore();
    for (let n = 0; n < 3; n++) await inStep();

    expect((await parent.node.bodies())["Patient/a"]).toContain('"other"');
    expect(await clinic.node.bodies()).toEqual(await parent.node.bodies());
  });
}

function lineIsDown(): Error {
  return new TributaryError("REMOTE_UNAVAILABLE", "The line is down.", { retryable: true });
}
