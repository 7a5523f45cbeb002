import { describeOnEachDatabase } from "@tributary/database/testing";
import type { JsonObject } from "@tributary/fhir";
import { expect, it } from "vitest";
import {
  assign,
  counting,
  enrol,
  moveAll,
  openNodeForTests,
  setCatchment,
  synchronizerOf,
} from "../../testing/index.ts";

const live = new AbortController().signal;

const aPatient = (id: string, city: string, more: JsonObject = {}) => ({
  resourceType: "Patient",
  id,
  address: [{ city, country: "Kenya" }],
  ...more,
});
const aNote = (id: string, patient: string, text = "note") => ({
  resourceType: "Observation",
  id,
  status: "final",
  code: { text },
  subject: { reference: `Patient/${patient}` },
});
const inCity = (city: string) => ({ location: { address: `Kenya%*%*%${city}` } });

describeOnEachDatabase("a child with a catchment", (open) => {
  async function openTwo() {
    const parent = await openNodeForTests(await open(), "centre");
    const child = await openNodeForTests(await open(), "clinic-1");
    await setCatchment(parent, "kisumu", inCity("Kisumu"));
    await enrol(child, parent);
    await assign(parent, child, "kisumu");
    const line = counting(parent.answer);
    const synchronizer = synchronizerOf(child, line);
    const round = async () => {
      const pushed = await synchronizer.pushOnce(live);
      await moveAll(parent.database);
      const pulled = await synchronizer.pullOnce(live);
      await moveAll(child.database);
      return { pushed, pulled };
    };
    const close = async () => {
      await synchronizer[Symbol.asyncDispose]();
      await child.database.close();
      await parent.database.close();
    };
    return { parent, child, round, line, [Symbol.asyncDispose]: close };
  }

  it("[S100] holds the patients of its catchment with all their records, and no others", async () => {
    await using two = await openTwo();
    const { parent, child, round } = two;
    await parent.save(aPatient("p1", "Kisumu"), aPatient("p2", "Nairobi"), aNote("o1", "p1"), aNote("o2", "p2"));
    await parent.save({ resourceType: "Organization", id: "org", name: "Ministry" });

    const { pulled } = await round();

    expect(pulled).toMatchObject({ status: "complete", waiting: 0 });
    expect(Object.keys(await child.bodies())).toEqual(["Observation/o1", "Organization/org", "Patient/p1"]);
  });

  it("[S104] receives the whole compartment of a patient who moves in, and loses that of one who moves away", async () => {
    await using two = await openTwo();
    const { parent, child, round } = two;
    await parent.save(aPatient("p1", "Kisumu"), aPatient("p2", "Nairobi"), aNote("o1", "p1"), aNote("o2", "p2"));
    await round();

    await parent.save(aPatient("p1", "Mombasa"), aPatient("p2", "Kisumu"));
    const { pulled } = await round();

    expect(pulled.status).toBe("complete");
    expect(Object.keys(await child.bodies())).toEqual(["Observation/o2", "Patient/p2"]);
    expect(Object.keys(await parent.bodies())).toHaveLength(4);
    await round();
    expect((await round()).pushed).toMatchObject({ pushed: 0, requests: 0 });
    expect(Object.keys(await parent.bodies())).toHaveLength(4);
  });

  it("[S105] has an edit taken that was made before it learned that the patient left", async () => {
    await using two = await openTwo();
    const { parent, child, round } = two;
    await parent.save(aPatient("p1", "Kisumu"));
    await round();
    await parent.save(aPatient("p1", "Mombasa"));
    await child.save(aNote("late", "p1"), aPatient("p1", "Kisumu", { gender: "female" }));

    await round();

    const bodies = await parent.bodies();
    expect(bodies["Observation/late"]).toBeDefined();
    expect(JSON.parse(bodies["Patient/p1"] ?? "{}")).toMatchObject({
      gender: "female",
      address: [{ city: "Mombasa" }],
    });
    expect(await child.bodies()).toEqual({});
  });

  it("[S106] gets a patient back who returns, and goes on with the stream", async () => {
    await using two = await openTwo();
    const { parent, child, round } = two;
    await parent.save(aPatient("p1", "Kisumu"), aNote("o1", "p1"));
    await round();
    await parent.save(aPatient("p1", "Mombasa"));
    await round();
    await parent.save(aNote("o2", "p1"));
    await round();
    expect(await child.bodies()).toEqual({});

    await parent.save(aPatient("p1", "Kisumu"));
    await round();
    await parent.save(aNote("o3", "p1"));
    await round();

    expect(await child.bodies()).toEqual(await parent.bodies());
  });

  it("[S109] an idle round is one request with an empty answer", async () => {
    await using two = await openTwo();
    const { parent, round, line } = two;
    await parent.save(aPatient("p1", "Kisumu"));
    await round();
    await round();
    line.paths.length = 0;

    await round();

    expect(line.paths).toHaveLength(1);
  });
});
