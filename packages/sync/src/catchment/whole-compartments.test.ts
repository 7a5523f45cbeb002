import { sql } from "@tributary/database";
import { describeOnEachDatabase } from "@tributary/database/testing";
import { expect, it } from "vitest";
import {
  aNoteOn,
  aPatientIn,
  assign,
  type ClinicForTests,
  cutting,
  dripping,
  livingIn,
  moveAll,
  openClinic,
  setCatchment,
  synchronizerOf,
} from "../../testing/index.ts";
import type { Exchange } from "../line/exchange.ts";
import { LocalTarget } from "../pull/local-target.ts";
import { entryAbout } from "../stream/stream-entry.ts";
import { catchmentStream } from "./catchment-name.ts";

const live = new AbortController().signal;
const countGathered = sql("select count(*) as n from gathered_records");
const subject = { reference: "Patient/p1" };
const aVisit = { resourceType: "Encounter", id: "visit", status: "finished", class: { code: "AMB" }, subject };
const seenAt = (id: string) => ({ ...aNoteOn("p1", id), encounter: { reference: "Encounter/visit" } });
const namesOfP1 = ["Encounter/visit", "Observation/o1", "Observation/o2", "Patient/p1"];

/** Nothing in it comes after what it refers to, and its patient moves into the clinic's catchment. */
async function moveIn({ parent, round }: ClinicForTests): Promise<void> {
  await parent.save(seenAt("o1"), seenAt("o2"), aVisit, aPatientIn("Nairobi", "p1"));
  await round();
  await parent.save(aPatientIn("Kisumu", "p1"));
  await moveAll(parent.database);
}

describeOnEachDatabase("the compartment of a patient who comes in", (open) => {
  it("[S206] is at the child all at once, in whichever portions and order it comes", async () => {
    await using clinic = await openClinic(open);
    const { parent, child } = clinic;
    await moveIn(clinic);
    const line = dripping(parent.answer, child);
    await using synchronizer = synchronizerOf(child, line);

    const report = await synchronizer.pullOnce(live);

    expect(report).toMatchObject({ status: "complete", applied: 4 });
    expect(line.held.length).toBeGreaterThan(4);
    expect(line.held.filter((names) => names.length > 0 && names.length < 4)).toEqual([]);
    expect(await child.bodies()).toEqual(await parent.bodies());
  });

  it("[S206] [S112] is so also when the child dies behind each portion, and goes on where it was", async () => {
    await using clinic = await openClinic(open);
    const { parent, child } = clinic;
    await moveIn(clinic);
    let portions = 0;
    const held: number[] = [];
    for (let rounds = 0; rounds < 9; rounds++) {
      let asked = 0;
      const line = cutting(dripping(parent.answer, child), ({ url }) => {
        if (!url.pathname.endsWith("compartments/read")) return undefined;
        asked += 1;
        portions += asked === 1 ? 1 : 0;
        return asked === 2 ? "before" : undefined;
      });
      await using synchronizer = synchronizerOf(child, line);
      await synchronizer.pullOnce(live);
      held.push(Object.keys(await child.bodies()).length);
    }

    expect(new Set(held)).toEqual(new Set([0, 4]));
    expect(portions).toBeLessThanOrEqual(5);
    expect(await child.bodies()).toEqual(await parent.bodies());
    expect(await child.database.first(countGathered)).toEqual({ n: 0 });
  });

  it("[S207] has at its end what was edited, made and deleted while it came", async () => {
    await using clinic = await openClinic(open);
    const { parent, child, round } = clinic;
    await moveIn(clinic);
    let asked = 0;
    const line = cutting(dripping(parent.answer, child), ({ url }) => {
      asked += url.pathname.endsWith("compartments/read") ? 1 : 0;
      return asked === 4 ? "before" : undefined;
    });
    await using broken = synchronizerOf(child, line);
    expect(await broken.pullOnce(live)).toMatchObject({ status: "interrupted" });
    expect(await child.bodies()).toEqual({});
    await parent.save({ ...seenAt("o1"), status: "amended" }, seenAt("o3"));
    await parent.remove("Observation", "o2");
    await moveAll(parent.database);

    await using slow = synchronizerOf(child, dripping(parent.answer, child));
    expect(await slow.pullOnce(live)).toMatchObject({ status: "complete", waiting: 0 });
    expect(await child.bodies()).toEqual(await parent.bodies());
    expect((await child.bodies())["Observation/o1"]).toContain("amended");
    await round();
    expect(await child.bodies()).toEqual(await parent.bodies());
  });

  it("[S206] [S107] leaves nothing behind of a patient who goes before it is whole", async () => {
    await using clinic = await openClinic(open);
    const { parent, child, round } = clinic;
    await setCatchment(parent, "nairobi", livingIn("Nairobi"));
    const cut = () => {
      let asked = 0;
      return cutting(dripping(parent.answer, child), ({ url }) => {
        asked += url.pathname.endsWith("compartments/read") ? 1 : 0;
        return asked === 3 ? "before" : undefined;
      });
    };
    await moveIn(clinic);
    await using first = synchronizerOf(child, cut());
    await first.pullOnce(live);
    expect(await child.database.first(countGathered)).toEqual({ n: 2 });

    await parent.save(aPatientIn("Nairobi", "p1"));
    await round();
    expect(await child.database.first(countGathered)).toEqual({ n: 0 });
    await parent.save(aPatientIn("Kisumu", "p1"));
    await moveAll(parent.database);
    await using second = synchronizerOf(child, cut());
    await second.pullOnce(live);
    expect(await child.database.first(countGathered)).toEqual({ n: 2 });
    await assign(parent, child, "nairobi");
    await round();

    expect(await child.database.first(countGathered)).toEqual({ n: 0 });
    expect(await child.bodies()).toEqual({});
  });

  it("[S206] [S79] takes nothing of who has left, in the eyes of another program, while the answer came", async () => {
    await using clinic = await openClinic(open);
    const { parent, child } = clinic;
    await moveIn(clinic);
    await using other = synchronizerOf(child, parent.answer, { memberships: child.memberships });
    let asked = 0;
    const line: Exchange = async (request, signal) => {
      const answer = await dripping(parent.answer, child)(request, signal);
      asked += request.url.pathname.endsWith("compartments/read") ? 1 : 0;
      if (asked !== 3) return answer;
      asked += 1;
      await parent.save(aPatientIn("Nairobi", "p1"));
      await moveAll(parent.database);
      await other.pullOnce(signal);
      return answer;
    };
    await using synchronizer = synchronizerOf(child, line);

    await synchronizer.pullOnce(live);

    expect(await child.bodies()).toEqual({});
    expect(await child.database.first(countGathered)).toEqual({ n: 0 });
    await parent.save(aPatientIn("Kisumu", "p1"));
    await clinic.round();
    expect(await child.bodies()).toEqual(await parent.bodies());
  });

  it("[S206] comes in parts when it is larger than a transaction may be, each with what it refers to", async () => {
    await using clinic = await openClinic(open);
    const { parent, child, round } = clinic;
    const notes = Array.from({ length: 4_900 }, (_, n) => seenAt(`n${n}`));
    await parent.save(...notes, aVisit, aPatientIn("Nairobi", "p1"));
    await round();
    await parent.save(aPatientIn("Kisumu", "p1"));
    await moveAll(parent.database);
    const line = dripping(parent.answer, child, 150_000);
    await using synchronizer = synchronizerOf(child, line);

    await synchronizer.pullOnce(live);

    const sizes = new Set(line.held.map(({ length }) => length));
    expect([...sizes].some((size) => size > 0 && size < 4_902)).toBe(true);
    expect(line.held.filter((names) => names.length > 0 && !names.includes("Encounter/visit"))).toEqual([]);
    expect(Object.keys(await child.bodies())).toHaveLength(4_902);
  });

  it("[S206] [S106] of one who comes back within the time is whole too, with what was deleted meanwhile", async () => {
    await using clinic = await openClinic(open, { afterExit: { keep: { forMs: 24 * 3_600_000 } } });
    const { parent, child, round } = clinic;
    await moveIn(clinic);
    await round();
    await parent.save(aPatientIn("Nairobi", "p1"));
    await round();
    await parent.remove("Observation", "o1");
    await parent.save({ ...seenAt("o2"), status: "amended" }, seenAt("o3"), aPatientIn("Kisumu", "p1"));
    await moveAll(parent.database);
    const line = dripping(parent.answer, child);
    await using synchronizer = synchronizerOf(child, line);

    await synchronizer.pullOnce(live);

    expect(line.held.filter((names) => names.includes("Observation/o3"))).toEqual([]);
    expect(await child.bodies()).toEqual(await parent.bodies());
  });

  it("[S207] is awaited also by entries that are looked at before those that announce it are taken in", async () => {
    await using clinic = await openClinic(open);
    const { parent, child } = clinic;
    const { database, store, id: nodeId, clock, random } = child;
    const stream = catchmentStream("kisumu");
    const target = new LocalTarget({ database, store, nodeId, clock, random, parent: parent.id, stream });
    const entering = { ...entryAbout({ type: "Patient", id: "p1" }), position: 1, movement: "enter" as const };
    const edited = { ...entryAbout({ type: "Observation", id: "o1" }), position: 2, orderKey: "Patient/p1" };

    const first = await target.select([entering]);
    const ahead = await target.select([edited]);
    await target.apply({ contents: [], missing: [], ...first, through: undefined });
    const behind = await target.select([edited]);

    expect([ahead.wanted, behind.wanted]).toEqual([[], []]);
    await target.apply({ contents: [], missing: [], ...ahead, through: undefined });
    expect(target.tally).toEqual({ applied: 0, unchanged: 0, failed: 0 });
  });

  it("[S207] is awaited also by who comes in anew by entries that are looked at before the first ones are taken in", async () => {
    await using clinic = await openClinic(open);
    const { parent, child } = clinic;
    const { database, store, id: nodeId, clock, random } = child;
    const stream = catchmentStream("kisumu");
    const target = new LocalTarget({ database, store, nodeId, clock, random, parent: parent.id, stream });
    const about = entryAbout({ type: "Patient", id: "p1" });
    const moves = (["enter", "exit", "enter"] as const).map((movement, at) => ({
      ...about,
      position: at + 1,
      movement,
    }));
    const edited = { ...entryAbout({ type: "Observation", id: "o1" }), position: 4, orderKey: "Patient/p1" };

    const looked = [];
    for (const move of moves) looked.push(await target.select([move]));
    for (const one of looked.slice(0, 2)) await target.apply({ contents: [], missing: [], ...one, through: undefined });
    const behind = await target.select([edited]);

    expect(behind.wanted).toEqual([]);
  });

  it("[S207] brings a part of nobody by the stream that announces who comes in", async () => {
    await using clinic = await openClinic(open);
    const { parent, child } = clinic;
    await moveIn(clinic);
    await parent.save({ ...seenAt("o1"), status: "amended" });
    await moveAll(parent.database);
    const line = cutting(parent.answer, ({ url }) =>
      url.pathname.endsWith("compartments/read") ? "before" : undefined,
    );
    await using broken = synchronizerOf(child, line);

    expect(await broken.pullOnce(live)).toMatchObject({ status: "interrupted" });
    expect(await child.bodies()).toEqual({});
    await clinic.round();

    expect(Object.keys(await child.bodies())).toEqual(namesOfP1);
    expect(await child.bodies()).toEqual(await parent.bodies());
  });
});
