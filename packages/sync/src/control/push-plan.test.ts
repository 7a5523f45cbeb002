import type { Database } from "@tributary/database";
import { describeOnEachDatabase } from "@tributary/database/testing";
import { aPatient } from "@tributary/fhir/testing";
import { expect, it } from "vitest";
import { counting, enrol, moveAll, openNodeForTests, synchronizerOf } from "../../testing/index.ts";
import type { Exchange } from "../line/exchange.ts";
import type { SynchronizerOptions } from "../synchronizer-options.ts";

const live = new AbortController().signal;
const aFlag = (id: string, patient: string) => ({
  resourceType: "Flag",
  id,
  status: "active",
  code: { text: "penicillin" },
  subject: { reference: `Patient/${patient}` },
});
const anObservation = (id: string, text = "weight") => ({
  resourceType: "Observation",
  id,
  status: "final",
  code: { text },
});

async function openLink(open: () => Promise<Database>) {
  const [above, below] = [await open(), await open()];
  const [parent, child] = await Promise.all([openNodeForTests(above, "centre"), openNodeForTests(below, "north")]);
  await enrol(child, parent);
  const at = (more: Partial<SynchronizerOptions>, line: Exchange = parent.answer) => synchronizerOf(child, line, more);
  return {
    parent,
    child,
    at,
    async push(more: Partial<SynchronizerOptions> = {}, line: Exchange = parent.answer) {
      await using synchronizer = at(more, line);
      const report = await synchronizer.pushOnce(live);
      await moveAll(parent.database);
      return report;
    },
    async [Symbol.asyncDispose]() {
      await above.close();
      await below.close();
    },
  };
}

/** Keeps the names of the records of each push, in the order in which they were sent. */
function overhearing(line: Exchange): Exchange & { readonly sent: string[] } {
  const sent: string[] = [];
  const heard: Exchange = (request, signal) => {
    for (const [, name] of (request.body ?? "").matchAll(/"id":"(\w+)"/g)) sent.push(name!);
    return line(request, signal);
  };
  return Object.assign(heard, { sent });
}

describeOnEachDatabase("what is sent, and what first", (open) => {
  it("[S76] a type that is not pushed stays queued and counted, with what follows it, and goes later", async () => {
    await using link = await openLink(open);
    const { parent, child, push } = link;
    await child.save(aPatient("p"), anObservation("with-p"));
    await child.save(anObservation("alone"));
    await child.save(aPatient("q"));
    const withoutObservations = { types: { push: { exclude: ["Observation"] } } };

    const first = await push(withoutObservations);
    await child.save(aPatient("p", { gender: "other" }));
    const second = await push(withoutObservations);
    const only = await push({ types: { push: { only: ["Patient"] } } });
    const atParent = Object.keys(await parent.bodies());
    const all = await push();

    expect(first).toMatchObject({ status: "complete", pushed: 1, heldBack: 2, queued: 0 });
    expect(second).toMatchObject({ status: "complete", pushed: 0, requests: 0, heldBack: 2 });
    expect(only).toMatchObject({ pushed: 0, heldBack: 2 });
    expect(atParent).toEqual(["Patient/q"]);
    expect(all).toMatchObject({ status: "complete", pushed: 3, heldBack: 0 });
    expect(await parent.bodies()).toEqual(await child.bodies());
  });

  it("[S77] what is urgent goes first, with what it depends on, and the site may say what that is", async () => {
    await using link = await openLink(open);
    const { child, push } = link;
    await child.save(anObservation("o1"));
    await child.save(aPatient("p"));
    await child.save(anObservation("o2"));
    await child.save(aFlag("f", "p"));
    const line = overhearing(link.parent.answer);

    await push({}, line);
    await child.save(aPatient("z"));
    await child.save(anObservation("o3"));
    await push({ first: ["Observation"] }, line);

    expect(line.sent).toEqual(["p", "f", "o1", "o2", "o3", "z"]);
  });

  it("[S77] the site may say something else while the node runs, from the next push on", async () => {
    await using link = await openLink(open);
    const { child, at } = link;
    await child.save(aPatient("p"));
    await child.save(anObservation("o"));
    const line = overhearing(link.parent.answer);
    await using synchronizer = at({}, line);

    synchronizer.steer({ first: ["Observation"] });
    await synchronizer.pushOnce(live);

    expect(line.sent).toEqual(["o", "p"]);
  });

  it("[S78] a dry run tells what would go, by type and size, and leaves everything as it was", async () => {
    await using link = await openLink(open);
    const { parent, child, at, push } = link;
    await child.save(aPatient("p"));
    await child.save(anObservation("o"));
    const line = counting(parent.answer);
    await using synchronizer = at({ types: { push: { exclude: ["Observation"] } } }, line);

    const told = await synchronizer.dryRunPush();
    const again = await synchronizer.dryRunPush();
    const report = await push({ types: { push: { exclude: ["Observation"] } } });
    const after = await synchronizer.dryRunPush();

    const size = (await child.bodies())["Patient/p"]!.length;
    expect(told).toEqual({
      records: 1,
      size,
      byType: { Patient: { records: 1, size } },
      heldBack: { Observation: 1 },
    });
    expect(again).toEqual(told);
    expect(line.paths).toEqual([]);
    expect(report).toMatchObject({ pushed: 1 });
    expect(after).toMatchObject({ records: 0, heldBack: { Observation: 1 } });
  });

  it("[S78] a dry run of a pull asks for no content, and the pull then takes what it told", async () => {
    await using link = await openLink(open);
    const { parent, child, at } = link;
    await parent.save(aPatient("p"), aPatient("old"), anObservation("o"));
    await using whole = at({});
    await whole.pullOnce(live);
    await parent.save(aPatient("p", { gender: "other" }), aPatient("q"), anObservation("o", "height"));
    await parent.remove("Patient", "old");
    const line = counting(parent.answer);
    await using synchronizer = at({ types: { pull: { exclude: ["Observation"] } } }, line);
    const before = await child.bodies();

    const told = await synchronizer.dryRunPull(live);
    const kept = await child.bodies();
    const report = await synchronizer.pullOnce(live);

    const bodies = await child.bodies();
    const size = bodies["Patient/p"]!.length + bodies["Patient/q"]!.length;
    expect(told).toEqual({
      records: 3,
      size,
      byType: { Patient: { records: 3, size } },
      heldBack: { Observation: 1 },
    });
    expect(kept).toEqual(before);
    expect(line.paths.slice(0, 2)).toEqual([expect.stringMatching(/^streams/), "select"]);
    expect(report).toMatchObject({ applied: 3, heldBack: 1 });
  });
});
