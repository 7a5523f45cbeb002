import { describeOnEachDatabase } from "@tributary/database/testing";
import { aPatient } from "@tributary/fhir/testing";
import { expect, it } from "vitest";
import { openPair, synchronizerOf } from "../../testing/index.ts";
import { listOpenConflicts } from "../conflict/conflicts.ts";
import type { Exchange } from "../exchange.ts";

const live = new AbortController().signal;
const born = (birthDate: string) => aPatient("p", { birthDate });

describeOnEachDatabase("an edit that was made on a deletion", (open) => {
  it.each([
    ["revives the record", born("1983-01-01")],
    ["deletes it again", undefined],
  ])(
    "[S203] takes away nothing that others wrote meanwhile, when it %s while an earlier one is on its way",
    async (_, last) => {
      await using pair = await openPair(open, { child: "clinic" });
      const { parent, child } = pair;
      let isEdited = false;
      const line: Exchange = async (request, signal) => {
        const answer = await parent.answer(request, signal);
        if (request.url.pathname.endsWith("push") && !isEdited) {
          isEdited = true;
          await child.save(born("1984-01-01"));
          await (last ? child.save(last) : child.remove("Patient", "p"));
        }
        return answer;
      };
      await using synchronizer = synchronizerOf(child, line);
      await parent.save(born("1980-01-01"));
      await synchronizer.pullOnce(live);
      await parent.remove("Patient", "p");
      await synchronizer.pullOnce(live);
      await child.save(born("1981-01-01"));
      await child.remove("Patient", "p");
      await parent.save(born("1982-01-01"));

      await synchronizer.pushOnce(live);
      await synchronizer.pullOnce(live);
      await synchronizer.pushOnce(live);

      const held = JSON.stringify([await parent.bodies(), await listOpenConflicts(parent.database, 9)]);
      expect(held).toContain("1982-01-01");
      if (last) expect(held).toContain("1983-01-01");
      expect(await child.bodies()).toEqual(await parent.bodies());
    },
  );
});
