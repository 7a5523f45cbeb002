import { rmSync } from "node:fs";
import { copyFile } from "node:fs/promises";
import { join } from "node:path";
import { listForeignChains, readLatestAudit } from "@tributary/audit";
import { describeOnEachDatabase } from "@tributary/database/testing";
import type { JsonObject } from "@tributary/fhir";
import { aPatient } from "@tributary/fhir/testing";
import { seededRandom } from "@tributary/kernel";
import { expect, it } from "vitest";
import {
  aNoteOn,
  aPatientIn,
  assign,
  enrol,
  moveAll,
  openRestorableNode,
  openSticks,
  sticksBetween,
} from "../../testing/index.ts";
import { readOwnMarker } from "../audit-trail/audit-markers.ts";
import { listOpenConflicts } from "../conflict/conflicts.ts";
import { resolveConflict } from "../conflict/resolve-conflict.ts";
import { keysWithParent } from "../enrolment/carry-keys.ts";
import { revokeChildNode } from "../enrolment/child-nodes.ts";
import { readParentLink } from "../enrolment/parent-link.ts";
import { listFailures } from "../failures/list-failures.ts";
import { RequestSize } from "../push/request-size.ts";
import { RetryBudget } from "../push/retry-budget.ts";
import { unpackPart } from "./bundle-part.ts";
import { CarriedFile } from "./carried-file.ts";
import { exportBundle } from "./export-bundle.ts";

const live = new AbortController().signal;
const named = (id: string, family: string, more: JsonObject = {}) =>
  aPatient(id, { name: [{ use: "official", family }], ...more });

describeOnEachDatabase("bundles on a stick", (open) => {
  it("[S164] carry both sites' changes, merges, conflicts, deletions and the trail, with the line's verdicts", async () => {
    await using sticks = await openSticks(open);
    const { parent, child, around, write, play, take } = sticks;
    await parent.save(named("a", "Otieno"), aPatient("gone"), aPatient("theirs"));
    await child.save(aPatient("ours"), aNoteOn("ours", "note"));
    const first = await around();
    await parent.save(named("a", "Odhiambo", { gender: "female" }));
    await parent.remove("Patient", "gone");
    await child.save(named("a", "Ouma", { birthDate: "1980-01-02" }));

    const played = await play(await write());
    const second = await take(played.answer);

    expect(first).toMatchObject({
      outcome: "taken",
      pushed: { pushed: 2 },
      pulled: { status: "complete", applied: 3 },
    });
    expect(played).toMatchObject({ child: "clinic", outcome: "taken", verdicts: { taken: 1 } });
    expect(second).toMatchObject({ pushed: { merged: 1, conflicts: 1 }, pulled: { status: "complete" } });
    expect(await child.bodies()).toEqual(await parent.bodies());
    expect(Object.keys(await child.bodies())).not.toContain("Patient/gone");
    expect(JSON.parse((await child.bodies())["Patient/a"]!)).toMatchObject({
      gender: "female",
      birthDate: "1980-01-02",
    });
    expect(await listOpenConflicts(child.database, 5)).toHaveLength(1);
    const trail = await readLatestAudit(parent.database, 50);
    expect(trail.filter(({ outcome }) => outcome === "bundle-played")).toHaveLength(2);
    const own = await readLatestAudit(child.database, 50);
    const [chain] = await listForeignChains(parent.database);
    const { told } = await readOwnMarker(child.database, "centre");
    expect(chain).toMatchObject({ node: "clinic" });
    expect(told).toEqual(chain?.head);
    expect(told.position).toBeGreaterThan(4);
    expect(own.map(({ outcome }) => outcome)).toEqual(expect.arrayContaining(["bundle-exported", "answer-imported"]));
  });

  it("[S164] carry decisions about conflicts, and what was parked until the missing record comes", async () => {
    await using sticks = await openSticks(open);
    const { parent, child, around } = sticks;
    await parent.save(named("a", "Otieno"));
    await around();
    await parent.save(named("a", "Odhiambo"));
    await child.save(named("a", "Ouma"));
    await child.save(aNoteOn("late", "waits"));
    await around();
    const [conflict] = await listOpenConflicts(child.database, 5);
    const { conflictId } = conflict!;
    const decided = { conflictId, choice: { take: "child" }, reason: "asked", author: "nurse" } as const;
    await child.database.transaction((tx) => resolveConflict(tx, { ...child, nodeId: child.id }, decided));
    await moveAll(child.database);
    await parent.save(aPatient("late"));

    await around();
    await around();

    expect(await listOpenConflicts(parent.database, 5)).toHaveLength(0);
    expect(await child.bodies()).toEqual(await parent.bodies());
    expect(Object.keys(await parent.bodies())).toContain("Observation/waits");
  });

  it("[S165] change nothing wrongly when they are lost, repeated, late or brought in any order, and a line goes on", async () => {
    await using sticks = await openSticks(open);
    const { parent, child, write, play, take, round } = sticks;
    await parent.save(aPatient("a"));
    await child.save(aPatient("b", { active: true }));
    const first = await write();
    await child.save(aPatient("b", { active: false }), aPatient("c"));
    const second = await write();

    const two = await play(second);
    const old = await play(first);
    const again = await play(second);
    const refusal = await take(old.answer);
    await take(two.answer);
    const repeated = await take(again.answer);
    await parent.save(aPatient("d"));
    const third = await play(await write());
    await round();
    const asked = await round();
    const late = await take(third.answer);
    await expect(take(two.answer)).rejects.toThrow(/the answer to a later bundle/);

    expect(old).toMatchObject({ outcome: "older", verdicts: {} });
    expect(refusal).toMatchObject({ outcome: "older" });
    expect(again.verdicts).toEqual(two.verdicts);
    expect(repeated).toMatchObject({ pushed: { pushed: 0 }, pulled: { applied: 0 } });
    expect(asked).toHaveLength(1);
    expect(late).toMatchObject({ outcome: "taken", pushed: { pushed: 0 }, pulled: { applied: 0 } });
    expect(await child.bodies()).toEqual(await parent.bodies());
    expect(JSON.parse((await parent.bodies())["Patient/b"]!)).toMatchObject({ active: false });
  });

  it("[S165] end alike after any journey", async () => {
    for (const seed of [1, 2, 3]) {
      await using sticks = await openSticks(open);
      const { parent, child, write, play, take, around, round } = sticks;
      const random = seededRandom(seed);
      const pick = (count: number) => Math.floor(random.next() * count);
      const bundles: string[] = [];
      const answers: string[] = [];
      for (let step = 0; step < 25; step++) {
        const node = pick(2) === 0 ? parent : child;
        switch (pick(7)) {
          case 0:
          case 1:
            await node.save(named(`p${pick(4)}`, `${node.id}-${step}`));
            break;
          case 2:
            bundles.push(await write());
            break;
          case 3:
          case 4:
            if (bundles.length > 0) answers.push((await play(bundles[pick(bundles.length)]!)).answer);
            break;
          case 5:
            if (answers.length > 0) {
              const copy = join(sticks.folder, "stick");
              await copyFile(answers[pick(answers.length)]!, copy);
              await take(copy).catch((error: { readonly code?: string }) =>
                expect(error.code).toBe("CARRIED_FILE_REFUSED"),
              );
            }
            break;
          case 6:
            if (pick(3) === 0) await round();
        }
      }
      for (let trips = 0; trips < 3; trips++) await around();

      expect(await child.bodies(), `seed=${seed}`).toEqual(await parent.bodies());
    }
  });

  it("[S166] tell of the child's catchment only: who comes in comes whole, who leaves is let go of", async () => {
    await using sticks = await openSticks(open, "kisumu");
    const { parent, child, around, write, play, take } = sticks;
    await parent.save(
      aPatientIn("Kisumu", "p1"),
      aNoteOn("p1", "o1"),
      aPatientIn("Nairobi", "p2"),
      aNoteOn("p2", "o2"),
    );
    await parent.save(aPatientIn("Nairobi", "secret"), aNoteOn("secret", "hidden", "token-of-secret"));
    await around();
    const first = Object.keys(await child.bodies());
    await parent.save(aPatientIn("Kisumu", "p2"), aPatientIn("Mombasa", "p1"));
    const { answer } = await play(await write());
    await using file = await CarriedFile.open(
      answer,
      { kind: "answer", from: "centre", to: "clinic" },
      await keysWithParent(child.database),
    );
    const said: string[] = [];
    for (let place = 0; place < file.parts; place++) {
      const { head, body } = await unpackPart(await file.part(place));
      said.push(JSON.stringify(head), body.toString("utf8"));
    }
    await take(answer);

    expect(first).toEqual(["Observation/o1", "Patient/p1"]);
    expect(Object.keys(await child.bodies())).toEqual(["Observation/o2", "Patient/p2"]);
    expect(said.join("\n")).toContain("Patient");
    expect(said.join("\n")).not.toMatch(/secret|hidden/);
    await assign(parent, child, "everything");
    await around();
    await around();
    expect(await child.bodies()).toEqual(await parent.bodies());
  });

  it("[S168] carry what fits, page by page and request by request, and the rest with the next ones", async () => {
    await using sticks = await openSticks(open);
    const { parent, child, write, play, take, round } = sticks;
    const many = Array.from({ length: 1_100 }, (_, n) => aPatient(`p${n}`));
    await parent.save(...many);
    const sizes: number[] = [];
    for (let trip = 0; trip < 3; trip++) {
      await take((await play(await write(), 1)).answer);
      sizes.push(Object.keys(await child.bodies()).length);
    }
    const link = (await readParentLink(child.database))!;
    const file = join(sticks.folder, "one");
    const text = "x".repeat(700_000);
    await child.save(named("large-1", text));
    await child.save(named("large-2", text));

    const first = await exportBundle(
      {
        ...child,
        nodeId: child.id,
        parent: link.parent,
        link,
        file,
        author: "nurse",
        bytesMax: 1,
        size: new RequestSize(),
        budget: new RetryBudget(),
        connection: undefined as never,
      },
      live,
    );
    const taken = await take((await play(file)).answer);

    expect(sizes).toEqual([500, 1_000, 1_100]);
    expect(first).toMatchObject({ units: 1, left: 1 });
    expect(taken).toMatchObject({ pushed: { pushed: 1 } });
    await round();
    expect(await child.bodies()).toEqual(await parent.bodies());
  });

  it("[S257] leave a unit out that no file can hold, which stands among what failed, and carry all others", async () => {
    await using sticks = await openSticks(open);
    const { parent, child, write, play, take } = sticks;
    const data = "A".repeat(13 * 1024 * 1024);
    const parts = Array.from({ length: 5 }, (_, n) => ({
      resourceType: "Binary",
      id: `b${n}`,
      contentType: "image/png",
      data,
    }));
    await child.save(...parts);
    await child.save(aPatient("small"));

    const taken = await take((await play(await write())).answer);
    const next = await play(await write());

    expect(taken).toMatchObject({ outcome: "taken", pushed: { pushed: 1 } });
    expect(next.outcome).toBe("taken");
    expect(Object.keys(await parent.bodies())).toEqual(["Patient/small"]);
    expect(await listFailures(child.database, { limit: 9 })).toMatchObject([{ class: "too-large" }]);
  });

  it("[S168] are refused from a child whose access was revoked, and of another child", async () => {
    await using sticks = await openSticks(open);
    const { parent, child, write, play, take } = sticks;
    await child.save(aPatient("a"));
    const bundle = await write();
    await expect(take(bundle)).rejects.toThrow(/it is for centre, and this is clinic/);
    await parent.database.transaction(async (tx) => {
      await revokeChildNode(tx, child.id, 1);
    });

    await expect(play(bundle)).rejects.toMatchObject({ code: "REMOTE_REFUSED" });

    expect(await parent.bodies()).toEqual({});
  });
});

for (const dialect of ["sqlite", "postgres"] as const) {
  it(`[S167] heal a child that was restored from a backup (${dialect})`, async () => {
    await using parent = await openRestorableNode(dialect, "centre");
    await using clinic = await openRestorableNode(dialect, "clinic");
    await enrol(clinic.node, parent.node);
    const sticks = sticksBetween(parent.node, () => clinic.node);
    await clinic.node.save(aPatient("a"));
    await sticks.around();
    await clinic.backUp();
    await clinic.node.save(aPatient("b"));
    await sticks.around();
    await clinic.restore();
    await clinic.node.save(aPatient("c"));

    const first = await sticks.around();
    const second = await sticks.around();

    expect(first.outcome).toBe("restored");
    expect(second).toMatchObject({ outcome: "taken", pulled: { status: "complete" } });
    expect(Object.keys(await parent.node.bodies())).toEqual(["Patient/a", "Patient/b", "Patient/c"]);
    expect(await clinic.node.bodies()).toEqual(await parent.node.bodies());
    rmSync(sticks.folder, { recursive: true, force: true });
  });
}
