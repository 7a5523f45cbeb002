import { describeOnEachDatabase } from "@tributary/database/testing";
import { expect, it } from "vitest";
import {
  aNoteOn,
  aPatientIn,
  enrol,
  livingIn,
  openNodeForTests,
  setCatchment,
  synchronizerOf,
} from "../../testing/index.ts";
import type { Exchange } from "../line/exchange.ts";
import { parseSelection, type SelectionText } from "./selection.ts";

const live = new AbortController().signal;

describeOnEachDatabase("a selection at a parent with catchments", (open) => {
  it("[S80] tells a child nothing of what it may not see, however it asks", async () => {
    await using above = await open();
    await using below = await open();
    const [parent, child] = await Promise.all([openNodeForTests(above, "centre"), openNodeForTests(below, "kisumu")]);
    await setCatchment(parent, "kisumu", livingIn("Kisumu"));
    await enrol(child, parent, parent.answer, "kisumu");
    await parent.save(aPatientIn("Kisumu", "ours"), aNoteOn("ours", "ours-note"));
    await parent.save(aPatientIn("Nairobi", "theirs"), aNoteOn("theirs", "theirs-note"));
    const answers: string[] = [];
    const tap: Exchange = async (request, signal) => {
      const answer = await parent.answer(request, signal);
      answers.push(Buffer.from(answer.body).toString());
      return answer;
    };
    await using synchronizer = synchronizerOf(child, tap);
    const ask = async (text: SelectionText) => {
      const request = { selection: parseSelection(text), directions: ["pull"] } as const;
      const { results } = await synchronizer.syncSelected(request, "nurse", live);
      const previews = await synchronizer.previewSelected(request, live);
      return [
        results.map(({ type, id, outcome }) => `${type}/${id} ${outcome}`),
        previews.filter(({ waits }) => waits === null).map(({ id }) => id),
      ];
    };

    const named = await ask({ references: ["Patient/ours", "Patient/theirs", "Patient/nobody"] });
    const whole = await ask({ patient: "theirs" });
    const found = await ask({ search: "Patient" });
    const heard = answers.join("\n");
    const unseen = await ask({ search: "Observation?subject=Patient/theirs" });

    expect(named).toEqual([["Patient/ours applied", "Patient/theirs not-found", "Patient/nobody not-found"], ["ours"]]);
    expect(whole).toEqual([[], []]);
    expect(found).toEqual([["Patient/ours unchanged"], ["ours"]]);
    expect(unseen).toEqual([[], []]);
    expect(heard).not.toContain("Nairobi");
    expect(heard).not.toContain("theirs-note");
    expect(Object.keys(await child.bodies())).toEqual(["Patient/ours"]);
  });
});
