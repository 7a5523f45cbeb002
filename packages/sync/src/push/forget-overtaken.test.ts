import { readAuditOfRecord } from "@tributary/audit";
import { describeOnEachDatabase } from "@tributary/database/testing";
import { aPatient } from "@tributary/fhir/testing";
import { expect, it } from "vitest";
import { moveAll, openPair, pushOnce, roundOf, synchronizerOf } from "../../testing/index.ts";
import { readFailedUnits } from "./queue/read-units.ts";

/** The parent takes none of that, and a node whose program is older may have let it in. */
const odd = aPatient("p", { gender: "odd" });

describeOnEachDatabase("a refused edit", (open) => {
  it("[S260] leaves the list of failures once somebody has taken over what the parent has", async () => {
    await using pair = await openPair(open);
    const { parent, child } = pair;
    await parent.save(aPatient("p"));
    await roundOf(child, parent);
    await child.save(odd);
    const refused = await pushOnce(child, parent);
    await parent.save(aPatient("p", { gender: "male" }));
    await child.save(aPatient("p", { gender: "male" }));
    await moveAll(parent.database);
    await using synchronizer = synchronizerOf(child, parent.answer);
    await synchronizer.pullOnce(new AbortController().signal);

    const pushed = await pushOnce(child, parent);

    expect(refused).toMatchObject({ status: "partial", refused: 1 });
    expect(pushed).toMatchObject({ status: "complete", refused: 0 });
    expect(await readFailedUnits(child.database, "centre", 0, 9)).toEqual([]);
    expect(await readAuditOfRecord(child.database, "Patient/p", 9)).toContainEqual(
      expect.objectContaining({ operation: "failed-attempt", outcome: "dropped", error: "overtaken" }),
    );
    expect(await child.bodies()).toEqual(await parent.bodies());
  });
});
