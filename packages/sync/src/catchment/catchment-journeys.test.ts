import { describeOnEachDatabase } from "@tributary/database/testing";
import { expect, it } from "vitest";
import { aNoteOn, aPatientIn, openClinic } from "../../testing/index.ts";

describeOnEachDatabase("a child with a catchment", (open) => {
  it("[S100] holds the patients of its catchment with all their records, and no others", async () => {
    await using two = await openClinic(open);
    const { parent, child, round } = two;
    await parent.save(
      aPatientIn("Kisumu", "p1"),
      aPatientIn("Nairobi", "p2"),
      aNoteOn("p1", "o1"),
      aNoteOn("p2", "o2"),
    );
    await parent.save({ resourceType: "Organization", id: "org", name: "Ministry" });

    const { pulled } = await round();

    expect(pulled).toMatchObject({ status: "complete", waiting: 0 });
    expect(Object.keys(await child.bodies())).toEqual(["Observation/o1", "Organization/org", "Patient/p1"]);
  });

  it("[S104] receives the whole compartment of a patient who moves in, and loses that of one who moves away", async () => {
    await using two = await openClinic(open);
    const { parent, child, round } = two;
    await parent.save(
      aPatientIn("Kisumu", "p1"),
      aPatientIn("Nairobi", "p2"),
      aNoteOn("p1", "o1"),
      aNoteOn("p2", "o2"),
    );
    await round();

    await parent.save(aPatientIn("Mombasa", "p1"), aPatientIn("Kisumu", "p2"));
    const { pulled } = await round();

    expect(pulled.status).toBe("complete");
    expect(Object.keys(await child.bodies())).toEqual(["Observation/o2", "Patient/p2"]);
    expect(Object.keys(await parent.bodies())).toHaveLength(4);
    await round();
    expect((await round()).pushed).toMatchObject({ pushed: 0, requests: 0 });
    expect(Object.keys(await parent.bodies())).toHaveLength(4);
  });

  it("[S105] has an edit taken that was made before it learned that the patient left", async () => {
    await using two = await openClinic(open);
    const { parent, child, round } = two;
    await parent.save(aPatientIn("Kisumu", "p1"));
    await round();
    await parent.save(aPatientIn("Mombasa", "p1"));
    await child.save(aNoteOn("p1", "late"), aPatientIn("Kisumu", "p1", { gender: "female" }));

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
    await using two = await openClinic(open);
    const { parent, child, round } = two;
    await parent.save(aPatientIn("Kisumu", "p1"), aNoteOn("p1", "o1"));
    await round();
    await parent.save(aPatientIn("Mombasa", "p1"));
    await round();
    await parent.save(aNoteOn("p1", "o2"));
    await round();
    expect(await child.bodies()).toEqual({});

    await parent.save(aPatientIn("Kisumu", "p1"));
    await round();
    await parent.save(aNoteOn("p1", "o3"));
    await round();

    expect(await child.bodies()).toEqual(await parent.bodies());
  });

  it("[S109] an idle round is one request with an empty answer", async () => {
    await using two = await openClinic(open);
    const { parent, round, line } = two;
    await parent.save(aPatientIn("Kisumu", "p1"));
    await round();
    await round();
    line.paths.length = 0;

    await round();

    expect(line.paths).toHaveLength(1);
  });
});
