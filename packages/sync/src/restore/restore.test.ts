import { aPatient } from "@tributary/fhir/testing";
import { describe, expect, it } from "vitest";
import {
  aNoteOn,
  enrol,
  moveAll,
  openRestorableNode,
  type RestorableNode,
  synchronizerOf,
} from "../../testing/index.ts";
import { listOpenConflicts } from "../conflict/conflicts.ts";
import { acceptInstance, listContestedChildren } from "../enrolment/child-instances.ts";
import type { Exchange } from "../line/exchange.ts";

const live = new AbortController().signal;

/** One round of a child: push, then pull. */
async function sync(child: RestorableNode, line: Exchange, instance?: string) {
  await using synchronizer = synchronizerOf(child.node, line, instance === undefined ? {} : { instance });
  const settling = async () => moveAll(child.node.database);
  const pushed = await synchronizer.pushOnce(live);
  await settling();
  const pulled = await synchronizer.pullOnce(live);
  await settling();
  return { pushed, pulled };
}

describe.each(["sqlite", "postgres"] as const)("a link whose end was restored (%s)", (dialect) => {
  it("[S150] a child restored from a backup gets back what it lost, and loses nothing that it does next", async () => {
    await using parent = await openRestorableNode(dialect, "centre");
    await using child = await openRestorableNode(dialect, "clinic");
    await enrol(child.node, parent.node);
    await child.node.save(aPatient("first"));
    await sync(child, parent.answer, "machine");
    await child.backUp();
    await child.node.save(aPatient("lost"), aPatient("first", { gender: "other" }));
    await sync(child, parent.answer, "machine");
    await moveAll(parent.node.database);

    await child.restore();
    await child.node.save(aPatient("anew"));
    await sync(child, parent.answer, "machine");
    await moveAll(parent.node.database);
    const { pushed, pulled } = await sync(child, parent.answer, "machine");

    expect([pushed.status, pulled.status]).toEqual(["complete", "complete"]);
    expect(Object.keys(await child.node.bodies())).toEqual(["Patient/anew", "Patient/first", "Patient/lost"]);
    expect(await child.node.bodies()).toEqual(await parent.node.bodies());
    expect((await parent.node.bodies())["Patient/first"]).toContain("other");
  });

  it("[S152] a name that has a verdict is refused for other content, and the content arrives under a fresh one", async () => {
    await using parent = await openRestorableNode(dialect, "centre");
    await using child = await openRestorableNode(dialect, "clinic");
    await enrol(child.node, parent.node);
    await child.node.save(aPatient("first"));
    await sync(child, parent.answer);
    await child.backUp();
    await child.node.save(aPatient("lost"));
    await sync(child, parent.answer);

    await child.restore();
    await child.node.save(aPatient("anew"));
    const { pushed } = await sync(child, parent.answer);
    await moveAll(parent.node.database);
    await sync(child, parent.answer);

    expect(pushed).toMatchObject({ status: "complete", pushed: 1 });
    expect(Object.keys(await parent.node.bodies())).toEqual(["Patient/anew", "Patient/first", "Patient/lost"]);
    expect(await child.node.bodies()).toEqual(await parent.node.bodies());
  });

  it("[S151] what a restored parent had acknowledged comes back from its children, edits and deletions too", async () => {
    await using parent = await openRestorableNode(dialect, "centre");
    await using one = await openRestorableNode(dialect, "north");
    await using other = await openRestorableNode(dialect, "south");
    await enrol(one.node, parent.node);
    await enrol(other.node, parent.node);
    await parent.node.save(aPatient("a"), aPatient("b"), aPatient("gone"), aPatient("still"));
    for (const child of [one, other]) await sync(child, parent.answer);
    await parent.backUp();
    await one.node.save(aPatient("a", { gender: "other" }), aPatient("mine"));
    await one.node.remove("Patient", "gone");
    await sync(one, parent.answer);
    await moveAll(parent.node.database);
    await parent.node.save(aPatient("b", { gender: "male" }), aPatient("central"));
    await sync(other, parent.answer);
    const before = await other.node.bodies();

    await parent.restore();
    await parent.node.save(aPatient("since"));
    for (const child of [other, one, other]) {
      await sync(child, parent.answer);
      await moveAll(parent.node.database);
    }
    await sync(one, parent.answer);

    const now = await parent.node.bodies();
    expect(now).toEqual({ ...before, "Patient/since": expect.anything() });
    expect(await one.node.bodies()).toEqual(now);
    expect(await other.node.bodies()).toEqual(now);
    expect(await listOpenConflicts(parent.node.database, 10)).toEqual([]);
  });

  it("[S151] what was edited at a restored parent since is merged with what it had lost, and neither hides the other", async () => {
    await using parent = await openRestorableNode(dialect, "centre");
    await using child = await openRestorableNode(dialect, "clinic");
    await enrol(child.node, parent.node);
    await parent.node.save(aPatient("a", { active: true }), aPatient("b"));
    await sync(child, parent.answer);
    await parent.backUp();
    await parent.node.save(aPatient("a", { active: true, gender: "male" }));
    await parent.node.save(aPatient("a", { active: true, gender: "female" }));
    await sync(child, parent.answer);

    await parent.restore();
    await parent.node.save(aPatient("a", { active: true, birthDate: "1980-01-01" }));
    await parent.node.save(aPatient("b", { birthDate: "1990-01-01" }));
    await sync(child, parent.answer);
    await moveAll(parent.node.database);
    await sync(child, parent.answer);

    const now = await parent.node.bodies();
    expect(JSON.parse(now["Patient/a"]!)).toMatchObject({ gender: "female", birthDate: "1980-01-01" });
    expect(now["Patient/b"]).toContain("1990");
    expect(await child.node.bodies()).toEqual(now);
    expect(await listOpenConflicts(parent.node.database, 10)).toEqual([]);
  });

  it("[S151] what a parent took before the child read its stream again comes back too, though all read so far fits", async () => {
    await using parent = await openRestorableNode(dialect, "centre");
    await using child = await openRestorableNode(dialect, "clinic");
    await enrol(child.node, parent.node);
    await child.node.save(aPatient("a"));
    await sync(child, parent.answer);
    await parent.backUp();
    await using synchronizer = synchronizerOf(child.node, parent.answer);
    await child.node.save(aPatient("a", { gender: "other" }), aPatient("b"));
    await synchronizer.pushOnce(live);

    await parent.restore();
    const { pulled } = await sync(child, parent.answer);
    await moveAll(parent.node.database);
    await sync(child, parent.answer);
    const quiet = await sync(child, parent.answer);

    expect(pulled.status).toBe("complete");
    expect(await parent.node.bodies()).toEqual(await child.node.bodies());
    expect((await parent.node.bodies())["Patient/a"]).toContain("other");
    expect(Object.keys(await parent.node.bodies())).toEqual(["Patient/a", "Patient/b"]);
    expect(await listOpenConflicts(parent.node.database, 10)).toEqual([]);
    expect([quiet.pushed.requests, quiet.pulled.requests]).toEqual([0, 1]);
  });

  it("[S151] an edit made on what a restored parent has lost is sent after what was lost", async () => {
    await using parent = await openRestorableNode(dialect, "centre");
    await using child = await openRestorableNode(dialect, "clinic");
    await enrol(child.node, parent.node);
    await parent.backUp();
    await child.node.save(aPatient("a"), aPatient("b"));
    await using synchronizer = synchronizerOf(child.node, parent.answer);
    await synchronizer.pushOnce(live);

    await parent.restore();
    await child.node.save(aPatient("a", { gender: "other" }));
    const pushed = await synchronizer.pushOnce(live);

    expect(pushed.status).toBe("complete");
    expect(await parent.node.bodies()).toEqual(await child.node.bodies());
    expect(await listOpenConflicts(parent.node.database, 10)).toEqual([]);
  });

  it.each([
    {
      title: "[S151] what was lost and refers to what was deleted before the parent's copy knew of it does not wait",
      by: "child",
    },
    {
      title: "[S197] what was lost and refers to what a child never had, and only heard to be deleted, does not wait",
      by: "parent",
    },
  ] as const)("$title", async ({ by }) => {
    await using parent = await openRestorableNode(dialect, "centre");
    await using child = await openRestorableNode(dialect, "clinic");
    await enrol(child.node, parent.node);
    await sync(child, parent.answer);
    await parent.backUp();
    const { node: writer } = { parent, child }[by];
    await writer.save(aPatient("a"), aNoteOn("a", "one"), aNoteOn("a", "two"));
    await writer.remove("Patient", "a");
    await sync(child, parent.answer);

    await parent.restore();
    for (let n = 0; n < 2; n++) {
      await sync(child, parent.answer);
      await moveAll(parent.node.database);
    }
    const { pushed, pulled } = await sync(child, parent.answer);

    expect([pushed.status, pushed.parked, pulled.status]).toEqual(["complete", 0, "complete"]);
    expect(Object.keys(await parent.node.bodies())).toEqual(["Observation/one", "Observation/two"]);
  });

  it("[S51] [S151] what a restored parent has lost waits for no record that was deleted before it was lost", async () => {
    await using parent = await openRestorableNode(dialect, "centre");
    await using child = await openRestorableNode(dialect, "clinic");
    await enrol(child.node, parent.node);
    await sync(child, parent.answer);
    await parent.backUp();
    const subject = { reference: "Patient/gone" };
    const encounter = { resourceType: "Encounter", id: "e", status: "finished", class: { code: "AMB" }, subject };
    const about = { subject, encounter: { reference: "Encounter/e" }, code: { text: "weight" } };
    const observation = { resourceType: "Observation", id: "o", status: "final", ...about };
    for (const one of [aPatient("gone"), encounter, observation]) await parent.node.save(one);
    await moveAll(parent.node.database);
    await sync(child, parent.answer);
    await parent.node.remove("Patient", "gone");
    await moveAll(parent.node.database);
    await sync(child, parent.answer);

    await parent.restore();
    await sync(child, parent.answer);
    await moveAll(parent.node.database);
    const { pushed, pulled } = await sync(child, parent.answer);

    expect([pushed.status, pulled.status]).toEqual(["complete", "complete"]);
    expect(Object.keys(await parent.node.bodies())).toEqual(["Encounter/e", "Observation/o"]);
  });

  it("[S217] what a restored parent has lost of one transaction comes back in one", async () => {
    await using parent = await openRestorableNode(dialect, "centre");
    await using child = await openRestorableNode(dialect, "clinic");
    await enrol(child.node, parent.node);
    await parent.backUp();
    await child.node.save(aPatient("a"), aNoteOn("a", "n1"), aNoteOn("a", "n2"));
    await sync(child, parent.answer);

    await parent.restore();
    await sync(child, parent.answer);

    const history = await parent.node.store.history(parent.node.database, { limit: 9 });
    expect(Object.keys(await parent.node.bodies())).toHaveLength(3);
    expect(new Set(history.map(({ stored: { originOperation } }) => originOperation)).size).toBe(1);
  });

  it("[S215] conflicts that a restored parent opens since reach its children, however many it had told before", async () => {
    await using parent = await openRestorableNode(dialect, "centre");
    await using one = await openRestorableNode(dialect, "north");
    await using other = await openRestorableNode(dialect, "south");
    for (const child of [one, other]) await enrol(child.node, parent.node);
    await parent.node.save(aPatient("a"), aPatient("b"));
    for (const child of [one, other]) await sync(child, parent.answer);
    await parent.backUp();
    const clash = async (id: string, child: RestorableNode) => {
      await parent.node.save(aPatient(id, { gender: "male" }));
      await child.node.save(aPatient(id, { gender: "female" }));
      await sync(child, parent.answer);
      await moveAll(parent.node.database);
    };
    await clash("a", one);
    for (const child of [one, other]) await sync(child, parent.answer);

    await parent.restore();
    await clash("b", one);
    for (let n = 0; n < 2; n++) {
      for (const child of [other, one]) {
        await sync(child, parent.answer);
        await moveAll(parent.node.database);
      }
    }

    const told = (await listOpenConflicts(parent.node.database, 5)).map(({ conflictId }) => conflictId);
    expect(told.length).toBeGreaterThan(0);
    for (const { node } of [one, other]) {
      const here = (await listOpenConflicts(node.database, 5)).map(({ conflictId }) => conflictId);
      expect(here).toEqual(expect.arrayContaining(told));
    }
  });

  it("[S153] of two installations of one child neither is answered until somebody picks one", async () => {
    await using parent = await openRestorableNode(dialect, "centre");
    await using child = await openRestorableNode(dialect, "clinic");
    await enrol(child.node, parent.node);
    await sync(child, parent.answer, "old");
    await child.backUp();
    await using copy = await child.clone();

    const moved = await sync(copy, parent.answer, "new");
    const back = await sync(child, parent.answer, "old");
    const other = await sync(copy, parent.answer, "new");
    const [contested] = await listContestedChildren(parent.node.database);
    await parent.node.database.transaction((tx) => acceptInstance(tx, "clinic", "new"));
    await copy.node.save(aPatient("p"));
    const picked = await sync(copy, parent.answer, "new");

    expect(moved.pulled.status).toBe("complete");
    for (const refused of [back, other]) {
      expect(refused.pulled).toMatchObject({ status: "refused", error: { code: "CHILD_CLONED" } });
    }
    expect(contested).toMatchObject({ node: "clinic", instances: ["new", "old"] });
    expect(picked.pushed).toMatchObject({ status: "complete", pushed: 1 });
    expect((await sync(child, parent.answer, "old")).pulled).toMatchObject({ error: { code: "CHILD_CLONED" } });
    await copy.node.save(aPatient("q"));
    expect((await sync(copy, parent.answer, "new")).pushed).toMatchObject({ status: "complete", pushed: 1 });
    expect(await listContestedChildren(parent.node.database)).toEqual([]);
  });
});
