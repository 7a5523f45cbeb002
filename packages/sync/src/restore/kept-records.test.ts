import { describeOnEachDatabase } from "@tributary/database/testing";
import { readLogIdentity } from "@tributary/events";
import { bodyHashOf } from "@tributary/fhir";
import { expect, it } from "vitest";
import { aPatientIn, openNodeForTests } from "../../testing/index.ts";
import { bodyDigestOf } from "../stream/stream-entry.ts";
import { createKeptHandler, type KeptAnswer, keptDigestsMax, keptRecordsMax } from "./kept-records.ts";

const child = { node: "clinic", publicKey: "", enrolledAt: 0, revokedAt: null, lastSeenAt: null } as const;
const never = "AAAAAAAAAAAAAAAAAAAAAA";

describeOnEachDatabase("what a parent says that it has kept", (open) => {
  async function openParent() {
    const parent = await openNodeForTests(await open(), "centre");
    const ask = async (value: unknown) => {
      const request = { method: "POST", url: new URL("http://centre/kept"), headers: {}, parameters: {} };
      const body = JSON.stringify(value);
      const signal = new AbortController().signal;
      return createKeptHandler(parent.database)(
        { ...request, body, signal },
        { ...child, markerEpoch: null, markerPosition: null },
      );
    };
    const { epoch } = await readLogIdentity(parent.database);
    const kept = async (records: unknown, place: unknown = ["catchment.kisumu", epoch, 0, null]) =>
      JSON.parse(String((await ask({ place, records })).body)) as KeptAnswer;
    return { parent, ask, kept, epoch };
  }

  it("[S196] is the last version in which it has the latest of the contents that the child tells", async () => {
    const { parent, kept } = await openParent();
    const digests: string[] = [];
    for (const active of [true, false, true]) {
      await parent.save(aPatientIn("Kisumu", "p", { active }));
      digests.unshift(bodyDigestOf(bodyHashOf((await parent.bodies())["Patient/p"] ?? "")));
    }

    expect(await kept([["Patient", "p", digests]])).toEqual({ isWhole: true, kept: [["Patient", "p", 0, 3]] });
    expect((await kept([["Patient", "p", [never, digests[1]]]])).kept).toEqual([["Patient", "p", 1, 2]]);
    await parent.database.close();
  });

  it("[S196] does not tell what is here from what never was, nor a deletion to whom tells no content", async () => {
    const { parent, kept } = await openParent();
    await parent.save(aPatientIn("Kisumu", "here"), aPatientIn("Kisumu", "deleted"));
    const content = bodyDigestOf(bodyHashOf((await parent.bodies())["Patient/deleted"] ?? ""));
    await parent.remove("Patient", "deleted");

    const unproven = await kept([
      ["Patient", "here", [never, ""]],
      ["Patient", "nowhere", [never, ""]],
      ["Patient", "deleted", ["", never]],
    ]);

    expect(unproven.kept).toEqual([]);
    expect((await kept([["Patient", "deleted", ["", content]]])).kept).toEqual([["Patient", "deleted", 0, 2]]);
    await parent.database.close();
  });

  it("[S196] is not whole for a place that it does not know, of whatever stream", async () => {
    const { parent, kept, epoch } = await openParent();
    await parent.save(aPatientIn("Kisumu", "p"));

    for (const place of [
      ["everything", epoch, 1, never],
      ["catchment.nowhere", epoch, 1, never],
      ["everything", "another", 0, null],
    ]) {
      expect(await kept([], place)).toEqual({ isWhole: false, kept: [] });
    }
    await parent.database.close();
  });

  it("[S196] is not told of what is no question, or too large a one", async () => {
    const { parent, ask, epoch } = await openParent();
    const place = ["everything", epoch, 0, null];
    const record = ["Patient", "p", [never]];
    const questions = [
      null,
      { place },
      { records: [] },
      { place: ["everything", epoch, -1, null], records: [] },
      { place, records: [["Patient", "p", ["short"]]] },
      { place, records: [["Patient", "../p", [never]]] },
      { place, records: [["Patient", "p", Array.from({ length: keptDigestsMax + 1 }, () => never)]] },
      { place, records: Array.from({ length: keptRecordsMax + 1 }, () => record) },
    ];

    for (const question of questions) expect((await ask(question)).status).toBe(400);
    expect((await ask({ place, records: [record] })).status).toBe(200);
    await parent.database.close();
  });
});
