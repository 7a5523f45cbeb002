import { describeOnEachDatabase } from "@tributary/database/testing";
import { aPatient } from "@tributary/fhir/testing";
import { expect, it } from "vitest";
import { openPair, save } from "../../../testing/open-pair.ts";
import { signInForTests } from "../../../testing/sign-in-for-tests.ts";

describeOnEachDatabase("the support bundle over the admin API", (_, dialect) => {
  it("tells an administrator of the running node what helpers need, and nothing of any record", async () => {
    await using pair = await openPair(dialect);
    const { parent, servers } = pair;
    await save(parent, aPatient("rose-achieng", { name: [{ family: "Achieng" }] }));
    const ask = await signInForTests(parent, servers.parent, "administrator");

    const text = await ask("GET /support-bundle");

    expect(JSON.parse(text)).toMatchObject({
      status: { node: "centre", records: 1 },
      children: [{ node: "clinic" }],
      log: [],
    });
    expect(text.toLowerCase()).not.toContain("achieng");
  });
});
