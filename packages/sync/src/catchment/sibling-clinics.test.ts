import type { Database } from "@tributary/database";
import { describeOnEachDatabase } from "@tributary/database/testing";
import { expect, it } from "vitest";
import {
  aNoteOn,
  aPatientIn,
  livingIn,
  type NodeForTests,
  openClinic,
  openClinicBeside,
  roundOf,
  setCatchment,
} from "../../testing/index.ts";

interface Siblings extends AsyncDisposable {
  readonly parent: NodeForTests;
  readonly kisumu: NodeForTests;
  readonly nairobi: NodeForTests;
  /** One round of the clinics that have a line, one after the other; its end is that all of them are in step. */
  round(...clinics: readonly NodeForTests[]): Promise<void>;
}

/** A parent with two clinics, for the patients who live in Kisumu and for those who live in Nairobi. */
async function openSiblings(open: () => Promise<Database>): Promise<Siblings> {
  const clinic = await openClinic(open);
  const { parent, child: kisumu } = clinic;
  const beside = await openClinicBeside(clinic, open, "clinic-2", "Nairobi");
  const { child: nairobi } = beside;
  return {
    parent,
    kisumu,
    nairobi,
    async round(...clinics) {
      for (const child of clinics) {
        const { pushed, pulled } = await roundOf(child, parent);
        expect([pushed.status, pulled.status]).toEqual(["complete", "complete"]);
      }
    },
    async [Symbol.asyncDispose]() {
      await beside[Symbol.asyncDispose]();
      await clinic[Symbol.asyncDispose]();
    },
  };
}

describeOnEachDatabase("a patient of two clinics of one parent", (open) => {
  it("[S104] who moves is wholly at the one and no more at the other, with what was written at either", async () => {
    await using siblings = await openSiblings(open);
    const { parent, kisumu, nairobi, round } = siblings;
    await kisumu.save(aPatientIn("Kisumu", "p"), aNoteOn("p", "first"));
    await round(kisumu, nairobi);
    expect(await nairobi.bodies()).toEqual({});

    await kisumu.save(aPatientIn("Nairobi", "p"), aNoteOn("p", "farewell"));
    await round(kisumu, nairobi);
    await nairobi.save(aNoteOn("p", "welcome"));
    await round(nairobi, kisumu);

    const names = ["Observation/farewell", "Observation/first", "Observation/welcome", "Patient/p"];
    expect(Object.keys(await parent.bodies())).toEqual(names);
    expect(await nairobi.bodies()).toEqual(await parent.bodies());
    expect(await kisumu.bodies()).toEqual({});
  });

  it("[S105] who moved while the one clinic had no line brings its late edits to the other", async () => {
    await using siblings = await openSiblings(open);
    const { parent, kisumu, nairobi, round } = siblings;
    await parent.save(aPatientIn("Kisumu", "p"), aNoteOn("p", "first"));
    await round(kisumu, nairobi);

    await parent.save(aPatientIn("Nairobi", "p"));
    await kisumu.save(aPatientIn("Kisumu", "p", { gender: "female" }), aNoteOn("p", "late"));
    await round(nairobi);
    await nairobi.save(aPatientIn("Nairobi", "p", { birthDate: "1984" }));
    await round(nairobi, kisumu, nairobi);

    expect(JSON.parse((await nairobi.bodies())["Patient/p"] ?? "{}")).toMatchObject({
      gender: "female",
      birthDate: "1984",
      address: [{ city: "Nairobi" }],
    });
    expect(Object.keys(await nairobi.bodies())).toEqual(["Observation/first", "Observation/late", "Patient/p"]);
    expect(await nairobi.bodies()).toEqual(await parent.bodies());
    expect(await kisumu.bodies()).toEqual({});
  });

  it("[S106] who moved there and back while the one clinic had no line is there with what the other wrote", async () => {
    await using siblings = await openSiblings(open);
    const { parent, kisumu, nairobi, round } = siblings;
    await parent.save(aPatientIn("Kisumu", "p"), aNoteOn("p", "first"));
    await round(kisumu, nairobi);

    await parent.save(aPatientIn("Nairobi", "p"));
    await round(nairobi);
    await nairobi.save(aNoteOn("p", "seen-there"));
    await round(nairobi);
    await parent.save(aPatientIn("Kisumu", "p"));
    await kisumu.save(aNoteOn("p", "seen-here"));
    await round(nairobi, kisumu);

    const names = ["Observation/first", "Observation/seen-here", "Observation/seen-there", "Patient/p"];
    expect(Object.keys(await kisumu.bodies())).toEqual(names);
    expect(await kisumu.bodies()).toEqual(await parent.bodies());
    expect(await nairobi.bodies()).toEqual({});
  });

  it("[S100] who is in both catchments is at both, and each clinic's edits come to the other", async () => {
    await using siblings = await openSiblings(open);
    const { parent, kisumu, nairobi, round } = siblings;
    await setCatchment(parent, "nairobi", { any: [livingIn("Nairobi"), { list: ["shared"] }] });
    await parent.save(aPatientIn("Kisumu", "shared"), aPatientIn("Kisumu", "own"), aPatientIn("Nairobi", "theirs"));
    await round(kisumu, nairobi);

    await kisumu.save(aNoteOn("shared", "by-kisumu"));
    await nairobi.save(aNoteOn("shared", "by-nairobi"));
    await round(kisumu, nairobi, kisumu);

    const shared = ["Observation/by-kisumu", "Observation/by-nairobi"];
    expect(Object.keys(await kisumu.bodies())).toEqual([...shared, "Patient/own", "Patient/shared"]);
    expect(Object.keys(await nairobi.bodies())).toEqual([...shared, "Patient/shared", "Patient/theirs"]);
  });
});
