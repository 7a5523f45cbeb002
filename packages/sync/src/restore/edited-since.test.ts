import { aPatient } from "@tributary/fhir/testing";
import { describe, expect, it } from "vitest";
import {
  aNoteOn,
  aPatientIn,
  enrol,
  moveAll,
  openRestorableClinic,
  openRestorableNode,
  type RestorableNode,
  roundOf,
} from "../../testing/index.ts";
import { listConflictsOf } from "../conflict/conflicts.ts";
import type { Exchange } from "../line/exchange.ts";

const weight = (kilograms: number) => ({ ...aNoteOn("p", "weight"), valueQuantity: { value: kilograms, unit: "kg" } });

async function rounds(child: RestorableNode, parent: RestorableNode, line?: Exchange): Promise<void> {
  for (let n = 0; n < 4; n++) await roundOf(child.node, line ? { ...parent.node, answer: line } : parent.node);
}

/** Both values of what two have edited: the one that the record shows, and the one that is kept in its conflict. */
async function valuesAt(parent: RestorableNode, type: string, id: string): Promise<string> {
  const rows = await listConflictsOf(parent.node.database, type, id);
  return JSON.stringify([(await parent.node.bodies())[`${type}/${id}`], rows]);
}

describe.each(["sqlite", "postgres"] as const)("what a parent has edited since it was restored (%s)", (dialect) => {
  it.each(["common-point", "verify/records"])(
    "[S151] stands in a conflict with what it had lost, also where that happens during %s",
    async (asked) => {
      await using parent = await openRestorableNode(dialect, "centre");
      await using child = await openRestorableNode(dialect, "clinic");
      await enrol(child.node, parent.node);
      await parent.node.save(aPatient("p"));
      await roundOf(child.node, parent.node);
      await parent.backUp();
      await child.node.save(aPatient("p", { gender: "female" }));
      await roundOf(child.node, parent.node);
      await parent.restore();
      let isEdited = false;
      const line: Exchange = async (request, signal) => {
        if (!isEdited && request.url.pathname.endsWith(asked)) {
          isEdited = true;
          await parent.node.save(aPatient("p", { gender: "male" }));
          await moveAll(parent.node.database);
        }
        return parent.answer(request, signal);
      };

      await rounds(child, parent, line);

      const values = await valuesAt(parent, "Patient", "p");
      expect(isEdited).toBe(true);
      expect([values.includes("female"), values.includes('"male')]).toEqual([true, true]);
      expect(await child.node.bodies()).toEqual(await parent.node.bodies());
    },
  );

  it("[S151] stands in a conflict with what it had lost, also where the patient was elsewhere then", async () => {
    await using link = await openRestorableClinic(dialect);
    const { parent, clinic } = link;
    await parent.node.save(aPatientIn("Kisumu", "p"), weight(60));
    await roundOf(clinic.node, parent.node);
    await parent.backUp();
    await clinic.node.save(weight(61));
    await roundOf(clinic.node, parent.node);

    await parent.restore();
    await parent.node.save(aPatientIn("Nairobi", "p"));
    await parent.node.save(weight(62));
    await parent.node.save(aPatientIn("Kisumu", "p"));
    await rounds(clinic, parent);

    const values = await valuesAt(parent, "Observation", "weight");
    expect([values.includes("61"), values.includes("62")]).toEqual([true, true]);
    expect(await clinic.node.bodies()).toEqual(await parent.node.bodies());
  });

  it("[S151] is taken over where nothing was lost, also of a patient who went out and came in", async () => {
    await using link = await openRestorableClinic(dialect);
    const { parent, clinic } = link;
    await parent.node.save(aPatientIn("Kisumu", "p"), aPatientIn("Kisumu", "q"));
    await roundOf(clinic.node, parent.node);
    await parent.backUp();
    await clinic.node.save(aPatientIn("Kisumu", "q", { gender: "female" }));
    await roundOf(clinic.node, parent.node);

    await parent.restore();
    await parent.node.save(aPatientIn("Nairobi", "p"));
    await parent.node.save(aPatientIn("Kisumu", "p", { gender: "male" }));
    await rounds(clinic, parent);

    expect(await listConflictsOf(parent.node.database, "Patient", "p")).toEqual([]);
    expect((await parent.node.bodies())["Patient/q"]).toContain("female");
    expect(await clinic.node.bodies()).toEqual(await parent.node.bodies());
  });
});
