import { openTestDatabase } from "@tributary/database/testing";
import { aPatient } from "@tributary/fhir/testing";
import { describe, expect, it } from "vitest";
import { openPair, pushOnce } from "../../testing/index.ts";

const some = (name: string, count: number) => Array.from({ length: count }, (_, at) => aPatient(`${name}${at}`));

describe("transactions that have a record in common", () => {
  it("[S247] arrive, with what comes behind them, though they have more than 10,000 records together", async () => {
    await using pair = await openPair(() => openTestDatabase("sqlite"));
    const { parent, child } = pair;
    await child.save(aPatient("shared"), ...some("early", 5_600));
    await child.save(aPatient("shared", { gender: "male" }), ...some("late", 5_600));
    await child.save(aPatient("beside"));

    const report = await pushOnce(child, parent);

    expect(report).toMatchObject({ status: "complete", pushed: 11_203, merged: 0, refused: 0 });
    expect(await parent.bodies()).toEqual(await child.bodies());
  });
});
