import { describeOnEachDatabase } from "@tributary/database/testing";
import { readLogIdentity } from "@tributary/events";
import { bodyHashOf } from "@tributary/fhir";
import { expect, it } from "vitest";
import { aPatientIn, assign, livingIn, openNodeForTests, setCatchment } from "../../testing/index.ts";
import { RefusalTrail } from "../catchment/refusal-trail.ts";
import { bodyDigestOf } from "../stream/stream-entry.ts";
import { createKeptHandler } from "./kept-handler.ts";
import { type KeptAnswer, keptDigestsMax, keptRecordsMax } from "./kept-records.ts";
import { wrongGuessesMax } from "./wrong-guesses.ts";

const child = { node: "clinic", publicKey: "", enrolledAt: 0, revokedAt: null, lastSeenAt: null } as const;
const never = "AAAAAAAAAAAAAAAAAAAAAA";

describeOnEachDatabase("what a parent says that it has kept", (open) => {
  async function openParent() {
    let at = 1_000_000;
    const parent = await openNodeForTests(await open(), "centre", { now: () => at, sleep: async () => {} });
    const handler = createKeptHandler(parent.database, {
      clock: parent.clock,
      refusals: new RefusalTrail({ ...parent, nodeId: parent.id }),
    });
    const ask = async (value: unknown) => {
      const request = { method: "POST", url: new URL("http://centre/kept"), headers: {}, parameters: {} };
      const body = JSON.stringify(value);
      const signal = new AbortController().signal;
      return handler({ ...request, body, signal }, { ...child, markerEpoch: null, markerPosition: null });
    };
    const { epoch } = await readLogIdentity(parent.database);
    const kept = async (records: unknown, place: unknown = ["catchment.kisumu", epoch, 0, null]) =>
      JSON.parse(String((await ask({ place, records })).body)) as KeptAnswer;
    const digestOf = async (name: string) => bodyDigestOf(bodyHashOf((await parent.bodies())[name] ?? ""));
    const later = (ms: number) => {
      at += ms;
    };
    return { parent, ask, kept, epoch, digestOf, later };
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

  it("[S196] is nothing that was written when the child could not read it any more", async () => {
    const { parent, kept, digestOf, later } = await openParent();
    await setCatchment(parent, "kisumu", livingIn("Kisumu"));
    await setCatchment(parent, "nairobi", livingIn("Nairobi"));
    const clinic = { ...parent, id: child.node as typeof parent.id };
    await assign(parent, clinic, "kisumu");
    await parent.save(aPatientIn("Kisumu", "stays"), aPatientIn("Kisumu", "leaves"));
    const had = [await digestOf("Patient/stays"), await digestOf("Patient/leaves")];
    later(1_000);
    await parent.save(aPatientIn("Mombasa", "leaves"));
    later(1_000);
    await parent.save(aPatientIn("Mombasa", "leaves", { deceasedBoolean: true }));
    const whileInKisumu = await digestOf("Patient/leaves");
    later(1_000);
    await assign(parent, clinic, "nairobi");
    later(1_000);
    await parent.save(aPatientIn("Kisumu", "stays", { deceasedBoolean: true }));

    const guessed = await kept([
      ["Patient", "stays", [await digestOf("Patient/stays"), had[0]]],
      ["Patient", "leaves", [whileInKisumu]],
    ]);

    expect(guessed.kept).toEqual([]);
    expect(
      (
        await kept([
          ["Patient", "stays", [had[0]]],
          ["Patient", "leaves", [had[1]]],
        ])
      ).kept,
    ).toEqual([
      ["Patient", "stays", 0, 1],
      ["Patient", "leaves", 0, 1],
    ]);
    await parent.database.close();
  });

  it("[S199] is told of patients whom the child is not known to have had, unless it was mistaken too often that day", async () => {
    const { parent, kept, digestOf, later } = await openParent();
    const others = Array.from({ length: wrongGuessesMax }, (_, n) => aPatientIn("Kisumu", `p${n}`));
    await parent.save(aPatientIn("Kisumu", "p"), aPatientIn("Kisumu", "q"), ...others);
    const [p, q] = [await digestOf("Patient/p"), await digestOf("Patient/q")];

    expect((await kept([["Patient", "p", [p]]])).kept).toEqual([["Patient", "p", 0, 1]]);
    await kept(others.map(({ id }) => ["Patient", id, [never]]));
    expect(
      (
        await kept([
          ["Patient", "q", [q]],
          ["Patient", "p0", [never]],
        ])
      ).kept,
    ).toEqual([]);
    later(24 * 3_600_000);
    expect((await kept([["Patient", "q", [q]]])).kept).toEqual([["Patient", "q", 0, 1]]);
    await parent.database.close();
  });
});
