import { sql } from "@tributary/database";
import { describeOnEachDatabase } from "@tributary/database/testing";
import { categoryFeed, readFeedRange } from "@tributary/events";
import { TributaryError } from "@tributary/kernel";
import { expect, it } from "vitest";
import { counting, cutting, falsifying, moveAll, type NodeForTests, saying } from "../../../testing/index.ts";
import type { Exchange } from "../../line/exchange.ts";
import { assignOneConflict } from "../assign-conflict.ts";
import type { Conflict } from "../conflict.ts";
import { listConflictsOf, listOpenConflicts, readConflict } from "../conflicts.ts";
import { countQueuedDecisions } from "../decide/decision-queue.ts";
import { readMeeting } from "../meeting.ts";
import { resolveConflict } from "../resolve-conflict.ts";
import {
  born,
  clash,
  clashApart,
  contestedPatient,
  decide,
  openTree,
  patientAt,
  pull,
  push,
  round,
} from "../testing/clashing-tree.ts";

const live = new AbortController().signal;
const turnTimesRound = sql("update conflicts set opened_at = 100 - version");
const growBody = sql("update conflict_meetings set theirs_body = $1");
const growChange = sql("update conflicts set resolution_change = $1 where state = 'resolved'");
const growDecision = sql("update conflict_decisions set change = $1");
const editElement = sql("update conflicts set element = replace(element, $1, $2)");

describeOnEachDatabase("conflicts at both ends", (open) => {
  it("[S60] tells the heads of the other streams, so that an idle cycle is one small request", async () => {
    await using tree = await openTree(open);
    await clash(tree, born("1981-01-01"), born("1982-01-01"));
    let answered = 0;
    const measured: Exchange = async (request, signal) => {
      const answer = await tree.parent.answer(request, signal);
      answered += JSON.stringify(answer.headers).length + answer.body.byteLength;
      expect(answer.headers["tributary-heads"]).toBe("conflicts=1");
      return answer;
    };
    const line = counting(measured);

    await round(tree.child, tree.parent, line);

    expect(line.paths).toHaveLength(1);
    expect(answered).toBeLessThan(1024);
  });

  it("[S60] takes each conflict once, wherever the line is cut, and never moves the marker before the data", async () => {
    await using tree = await openTree(open);
    await clashApart(tree, born("1981-01-01"), born("1982-01-01"));
    await push(tree.child, tree.parent.answer);
    await moveAll(tree.parent.database);

    for (let cutAt = 1; cutAt <= 3; cutAt++) {
      const line = cutting(tree.parent.answer, ({ url }) =>
        url.pathname.includes("conflicts") ? (cutAt === 2 ? "after" : cutAt === 1 ? "before" : undefined) : undefined,
      );
      const report = await pull(tree.child, line);
      expect(report.status).toBe("complete");
      expect(report.sideError?.code).toBe(cutAt === 3 ? undefined : "REMOTE_UNAVAILABLE");
      expect(await listOpenConflicts(tree.child.database, 9)).toHaveLength(cutAt === 3 ? 1 : 0);
    }

    expect(await announcedAt(tree.child)).toHaveLength(1);
  });

  it("[S60] takes nothing of a damaged answer, and reads a side stream anew under another epoch", async () => {
    await using tree = await openTree(open);
    const conflict = await clash(tree, born("1981-01-01"), born("1982-01-01"));
    await assign(tree.parent, conflict, "ward 3");
    const damaged = falsifying(tree.parent.answer, (body, { url }) =>
      url.pathname.endsWith("conflicts/read")
        ? { body: Buffer.from(body.toString().replace('"open"', '"odd"')) }
        : undefined,
    );

    const { sideError } = await pull(tree.child, damaged);
    expect(sideError?.code).toBe("REMOTE_NONSENSE");
    expect(await readConflict(tree.child.database, conflict.conflictId)).toMatchObject({ assignee: null });

    await tree.parent.database.transaction((tx) =>
      tx.run(sql("update event_sequencer set epoch = 'after the restore'")),
    );
    await round(tree.child, tree.parent);
    expect(await readConflict(tree.child.database, conflict.conflictId)).toMatchObject({ assignee: "ward 3" });
  });

  it("[S61] brings a conflict to the child with its values, both hands and the three whole bodies", async () => {
    await using tree = await openTree(open);
    const there = await clash(tree, born("1981-01-01"), born("1982-01-01", { active: true }));

    const here = await readConflict(tree.child.database, there.conflictId);
    expect(here).toEqual({ ...there, link: "centre", revision: 1, linkRevision: 1 });

    for (const { node, conflict, isOwn } of [
      { node: tree.parent, conflict: there, isOwn: true },
      { node: tree.child, conflict: here!, isOwn: false },
    ]) {
      const meeting = await readMeeting(node.database, node.store, conflict.meetingId!, conflict, isOwn);
      expect(meeting?.mine).toMatchObject({ node: "centre", version: 2, at: expect.any(Number) });
      expect(meeting?.theirs).toMatchObject({ node: "north", version: 2 });
      expect(Object.values(meeting!.bodies).map((body) => JSON.parse(body ?? "null"))).toEqual([
        contestedPatient,
        born("1981-01-01"),
        born("1982-01-01", { active: true }),
      ]);
    }
  });

  it("[S254] brings what is contested of an item with a long key, and what is behind it, and can be decided", async () => {
    const url = `data:image/png;base64,${"A".repeat(6_000)}`;
    const pictured = (title: string, birthDate = "1980-01-01") =>
      born(birthDate, { photo: [{ contentType: "image/png", url, title }] });
    await using tree = await openTree(open, pictured("first"));
    const there = await clash(tree, pictured("at the centre"), pictured("at the clinic"));
    await clash(tree, pictured("at the centre", "1981-01-01"), pictured("at the centre", "1982-01-01"));

    const rows = await listOpenConflicts(tree.child.database, 9);
    await decide(tree.child, there.conflictId, { take: "child" });
    await round(tree.child, tree.parent);

    expect(rows.map(({ element }) => element.path)).toEqual([
      expect.stringMatching(/^Patient\.photo\[#[0-9a-f]{8}\]$/),
      "Patient.birthDate",
    ]);
    expect(await patientAt(tree.parent)).toEqual(pictured("at the clinic", "1981-01-01"));
    expect(await readConflict(tree.parent.database, there.conflictId)).toMatchObject({ state: "resolved" });
  });

  it("[S254] finds an element of an item by the hash of its key, whatever else the item says by now", async () => {
    const contact = (gender: string, family: string) =>
      born("1980-01-01", { contact: [{ relationship: [{ text: "a".repeat(300) }], gender, name: { family } }] });
    await using tree = await openTree(open, contact("unknown", "Okello"));
    const there = await clash(tree, contact("female", "Okello"), contact("male", "Okello"));
    await tree.parent.save(contact("female", "Okelo"));

    await decide(tree.parent, there.conflictId, { take: "child" });

    expect(there.element.path).toMatch(/^Patient\.contact\[#[0-9a-f]{8}\]\.gender$/);
    expect(await patientAt(tree.parent)).toEqual(contact("male", "Okelo"));
  });

  it("[S254] takes a name in which a long key stands in full, as programs of other versions write it", async () => {
    await using tree = await openTree(open);
    const path = `Patient.photo.where(url='${"A".repeat(60_000)}')`;
    await clashApart(tree, born("1981-01-01"), born("1982-01-01"));
    await push(tree.child, tree.parent.answer);
    await tree.parent.database.transaction((tx) => tx.run(editElement, ["Patient.birthDate", path]));
    await moveAll(tree.parent.database);

    await pull(tree.child, tree.parent.answer);

    const [row] = await listOpenConflicts(tree.child.database, 9);
    expect(row?.element.path === path).toBe(true);
  });

  it("[S258] comes without whole bodies that are too large, and so does what is behind it", async () => {
    await using tree = await openTree(open);
    await clashApart(tree, born("1981-01-01"), born("1982-01-01"));
    await push(tree.child, tree.parent.answer);
    await tree.parent.database.transaction((tx) => tx.run(growBody, ["x".repeat(17 * 1024 * 1024)]));
    await moveAll(tree.parent.database);

    await pull(tree.child, tree.parent.answer);

    const [here] = await listOpenConflicts(tree.child.database, 9);
    const meeting = await readMeeting(tree.child.database, tree.child.store, here!.meetingId!, here!, false);
    expect(meeting).toMatchObject({ mine: { node: "centre" }, theirs: { node: "north" } });
    expect(Object.values(meeting!.bodies)).toEqual([undefined, undefined, undefined]);
  });

  it("[S258] stays at the parent where no answer could hold it, and those behind it come", async () => {
    await using tree = await openTree(open);
    await clashApart(tree, born("1981-01-01"), born("1982-01-01"));
    await push(tree.child, tree.parent.answer);
    await tree.parent.database.transaction((tx) => tx.run(editElement, ["1981-01-01", "x".repeat(33 * 1024 * 1024)]));
    await moveAll(tree.parent.database);

    const report = await pull(tree.child, tree.parent.answer);
    const behind = await clash(tree, born("1981-01-01", { gender: "male" }), born("1981-01-01", { gender: "other" }));

    expect(report).toMatchObject({ status: "complete" });
    expect(report.sideError).toBeUndefined();
    const here = await listOpenConflicts(tree.child.database, 9);
    expect(here.map(({ conflictId }) => conflictId)).toEqual([behind.conflictId]);
  });

  it("[S258] is decided at either end also where what that changes is too large to be told", async () => {
    await using tree = await openTree(open);
    const large = JSON.stringify({ before: null, after: { birthDate: "x".repeat(9 * 1024 * 1024) } });
    const untold = { state: "resolved", resolution: { choice: "child", by: "nurse" } };

    const first = await clash(tree, born("1981-01-01"), born("1982-01-01"));
    await decide(tree.child, first.conflictId, { take: "child" });
    await tree.child.database.transaction((tx) => tx.run(growDecision, [large]));
    await round(tree.child, tree.parent);
    const atParent = await readConflict(tree.parent.database, first.conflictId);
    const second = await clash(tree, born("1983-01-01"), born("1984-01-01"));
    await decide(tree.parent, second.conflictId, { take: "child" });
    await tree.parent.database.transaction((tx) => tx.run(growChange, [large]));
    await round(tree.child, tree.parent);
    const atChild = await readConflict(tree.child.database, second.conflictId);

    for (const decided of [atParent, atChild]) {
      expect(decided).toMatchObject(untold);
      expect(decided?.resolution).not.toHaveProperty("change");
    }
  });

  it("[S61] tells every child of the parent, not only the one that pushed", async () => {
    await using tree = await openTree(open);
    await clash(tree, born("1981-01-01"), born("1982-01-01"));

    await round(tree.sibling, tree.parent);

    expect(await listOpenConflicts(tree.sibling.database, 9)).toHaveLength(1);
  });

  it("[S61] announces a conflict without content, in a category of its own, and pushes none", async () => {
    await using tree = await openTree(open);
    const conflict = await clash(tree, born("1981-01-01"), born("1982-01-01"));
    const line = counting(tree.parent.answer);

    await push(tree.child, line);

    expect(line.paths).toEqual([]);
    const [announced] = await readFeedRange(tree.parent.database, categoryFeed("conflict"), 1, 9);
    expect(announced?.record).toMatchObject({ content: `urn:uuid:${conflict.conflictId}`, entityType: "Conflict" });
    const patients = await readFeedRange(tree.parent.database, categoryFeed("patient"), 1, 99);
    expect(patients.filter(({ record }) => record.entityType !== "Patient")).toEqual([]);
  });

  it("[S61] tells what a rule has settled", async () => {
    await using tree = await openTree(open, { resourceType: "Location", id: "p", name: "Hill" });
    await tree.parent.save({ resourceType: "Location", id: "p", name: "Hilltop" });
    await tree.child.save({ resourceType: "Location", id: "p", name: "Hillside" });
    await round(tree.child, tree.parent);

    const there = await listConflictsOf(tree.parent.database, "Location", "p");
    const here = await listConflictsOf(tree.child.database, "Location", "p");

    expect(there).toMatchObject([{ state: "settled" }]);
    expect(here).toMatchObject([{ state: "settled", conflictId: there[0]?.conflictId }]);
  });

  it("[S62] decides at the child at once and offline, and closes the parent's row after the edit has arrived", async () => {
    await using tree = await openTree(open);
    const { conflictId } = await clash(tree, born("1981-01-01"), born("1982-01-01"));

    const outcome = await decide(tree.child, conflictId, { take: "child" });

    expect(outcome).toMatchObject({ kind: "resolved", isChanged: true });
    expect(await patientAt(tree.child)).toEqual(born("1982-01-01"));
    expect(await readConflict(tree.child.database, conflictId)).toMatchObject({ state: "resolved" });
    expect(await readConflict(tree.parent.database, conflictId)).toMatchObject({ state: "open" });

    const line = counting(tree.parent.answer);
    await round(tree.child, tree.parent, line);

    expect(line.paths.slice(0, 2)).toEqual(["push", "conflicts/decide"]);
    expect(await patientAt(tree.parent)).toEqual(born("1982-01-01"));
    const resolution = { by: "nurse", reason: "The card says so.", choice: "child", node: "north" };
    expect(await readConflict(tree.parent.database, conflictId)).toMatchObject({ state: "resolved", resolution });
    expect(await readConflict(tree.child.database, conflictId)).toMatchObject({ state: "resolved", resolution });
  });

  it("[S62] never loops: after a decision both ends fall silent without a further conflict", async () => {
    await using tree = await openTree(open);
    const { conflictId } = await clash(tree, born("1981-01-01"), born("1982-01-01"));
    await decide(tree.child, conflictId, { take: "child" });
    await round(tree.child, tree.parent);
    await round(tree.child, tree.parent);

    const line = counting(tree.parent.answer);
    await round(tree.child, tree.parent, line);

    expect(line.paths).toHaveLength(1);
    expect(await listConflictsOf(tree.parent.database, "Patient", "p")).toHaveLength(1);
    expect(await tree.child.bodies()).toEqual(await tree.parent.bodies());
  });

  it("[S62] keeps the decision back while its edit has not been taken by the parent", async () => {
    await using tree = await openTree(open);
    const { conflictId } = await clash(tree, born("1981-01-01"), born("1982-01-01"));
    await decide(tree.child, conflictId, { take: "child" });
    const line = counting(
      cutting(tree.parent.answer, ({ url }) => (url.pathname.endsWith("push") ? "before" : undefined)),
    );

    await push(tree.child, line);

    expect(line.paths).toEqual(["push"]);
    expect(await countQueuedDecisions(tree.child.database)).toBe(1);
  });

  it("[S62] says so when the record itself has not come to this node", async () => {
    await using tree = await openTree(open);
    const { conflictId } = await clash(tree, born("1981-01-01"), born("1982-01-01"));
    await tree.child.database.transaction((tx) => tx.run(sql("update conflicts set id = 'elsewhere'")));

    expect(await decide(tree.child, conflictId, { take: "child" })).toEqual({ kind: "record-absent" });
  });

  it("[S63] lets the parent's earlier decision stand in the row, and merges the child's edit as the edit it is", async () => {
    await using tree = await openTree(open);
    const { conflictId } = await clash(tree, born("1981-01-01"), born("1982-01-01"));
    await decide(tree.parent, conflictId, { value: { birthDate: "1983" } });
    await decide(tree.child, conflictId, { take: "child" });

    await round(tree.child, tree.parent);

    const stands = { state: "resolved", resolution: { choice: "value", node: "centre" } };
    expect(await readConflict(tree.parent.database, conflictId)).toMatchObject(stands);
    expect(await readConflict(tree.child.database, conflictId)).toMatchObject(stands);
    const [further] = await listOpenConflicts(tree.child.database, 9);
    expect(further?.element).toMatchObject({ mine: { birthDate: "1983" }, theirs: { birthDate: "1982-01-01" } });
    expect(await tree.child.bodies()).toEqual(await tree.parent.bodies());
  });

  it("[S63] opens no further conflict when both ends decided alike", async () => {
    await using tree = await openTree(open);
    const { conflictId } = await clash(tree, born("1981-01-01"), born("1982-01-01"));
    await decide(tree.parent, conflictId, { take: "child" });
    await decide(tree.child, conflictId, { take: "child" });

    await round(tree.child, tree.parent);

    expect(await listOpenConflicts(tree.parent.database, 9)).toEqual([]);
    expect(await tree.child.bodies()).toEqual(await tree.parent.bodies());
  });

  it.each(["before", "after"] as const)(
    "[S64] tells a decision once when the line is cut %s the parent hears it",
    async (when) => {
      await using tree = await openTree(open);
      const { conflictId } = await clash(tree, born("1981-01-01"), born("1982-01-01"));
      await decide(tree.child, conflictId, { take: "child" });
      const cut = cutting(tree.parent.answer, ({ url }) => (url.pathname.endsWith("decide") ? when : undefined));

      const { sideError, status } = await push(tree.child, cut);
      expect([status, sideError?.code]).toEqual(["partial", "REMOTE_UNAVAILABLE"]);
      await round(tree.child, tree.parent);
      await round(tree.child, tree.parent);

      expect(await countQueuedDecisions(tree.child.database)).toBe(0);
      expect(await readConflict(tree.parent.database, conflictId)).toMatchObject({ state: "resolved", revision: 2 });
      expect(await readConflict(tree.child.database, conflictId)).toMatchObject({ state: "resolved", linkRevision: 2 });
    },
  );

  it("[S64] ends alike at both ends, wherever a round with a decision is cut", async () => {
    await using tree = await openTree(open);
    const cuts = [1, 2, 3, 4].flatMap((at) => [
      { at, side: "before" as const },
      { at, side: "after" as const },
    ]);

    for (const [year, { at, side }] of cuts.entries()) {
      const { conflictId } = await clash(tree, born(`${1900 + year}-01-01`), born(`${1950 + year}-01-01`));
      await decide(tree.child, conflictId, { take: "child" });
      const line = cutting(tree.parent.answer, (_request, count) => (count === at ? side : undefined));
      await round(tree.child, tree.parent, line);
      await round(tree.child, tree.parent);

      expect(await countQueuedDecisions(tree.child.database)).toBe(0);
      for (const node of [tree.parent, tree.child]) {
        expect(await readConflict(node.database, conflictId)).toMatchObject({ state: "resolved" });
        expect(await patientAt(node)).toEqual(born(`${1950 + year}-01-01`));
      }
    }
    expect(await listConflictsOf(tree.parent.database, "Patient", "p")).toHaveLength(cuts.length);
    expect(await listConflictsOf(tree.child.database, "Patient", "p")).toHaveLength(cuts.length);
  });

  it("[S64] keeps edit, closed row and queued decision together, or none of them", async () => {
    await using tree = await openTree(open);
    const { conflictId } = await clash(tree, born("1981-01-01"), born("1982-01-01"));
    const { database, store, id: nodeId, clock, random } = tree.child;

    const failing = database.transaction(async (tx) => {
      const request = { conflictId, choice: { take: "child" }, reason: "Seen.", author: "nurse" } as const;
      await resolveConflict(tx, { store, nodeId, clock, random }, request);
      throw new TributaryError("DATABASE_UNAVAILABLE", "The power failed before the commit.");
    });

    await expect(failing).rejects.toThrow("power failed");
    expect(await countQueuedDecisions(database)).toBe(0);
    expect(await readConflict(database, conflictId)).toMatchObject({ state: "open" });
    expect(await patientAt(tree.child)).toEqual(born("1981-01-01"));
  });

  it("[S64] does not take a row's older state over what was decided here", async () => {
    await using tree = await openTree(open);
    const conflict = await clash(tree, born("1981-01-01"), born("1982-01-01"));
    await decide(tree.child, conflict.conflictId, { take: "child" });
    await assign(tree.parent, conflict, "ward 3");

    await pull(tree.child, tree.parent.answer);

    expect(await readConflict(tree.child.database, conflict.conflictId)).toMatchObject({
      state: "resolved",
      assignee: "ward 3",
    });
  });

  it.each([
    ["nothing", {}],
    ["no list", { decisions: "all" }],
    ["too many", { decisions: Array.from({ length: 51 }, () => aDecision({})) }],
    ["no reason", { decisions: [aDecision({ reason: "  " })] }],
    ["a long reason", { decisions: [aDecision({ reason: "x".repeat(501) })] }],
    ["another choice", { decisions: [aDecision({ choice: "mine" })] }],
    ["another kind", { decisions: [aDecision({ kind: "delete" })] }],
    ["a name that is none", { decisions: [aDecision({ conflictId: "' or 1=1" })] }],
  ])("[S64] refuses a request with %s", async (_case, body) => {
    await using tree = await openTree(open);
    const { conflictId } = await clash(tree, born("1981-01-01"), born("1982-01-01"));

    const answer = await ask(tree.child, tree.parent, "conflicts/decide", body);

    expect(answer.status).toBe(400);
    expect(await readConflict(tree.parent.database, conflictId)).toMatchObject({ state: "open" });
  });

  it("[S64] refuses a decision in another child's name, and one of a stranger", async () => {
    await using tree = await openTree(open);
    const { conflictId } = await clash(tree, born("1981-01-01"), born("1982-01-01"));

    const forged = await ask(tree.child, tree.parent, "conflicts/decide", {
      decisions: [aDecision({ conflictId, node: "south" })],
    });
    const { status } = await tree.parent.answer(
      { method: "POST", url: new URL("http://parent.test/sync/v1/conflicts/decide"), headers: {}, body: "{}" },
      live,
    );

    expect(JSON.parse(Buffer.from(forged.body).toString())).toMatchObject({
      outcomes: [[expect.any(String), "refused"]],
    });
    expect(status).toBe(401);
    expect(await readConflict(tree.parent.database, conflictId)).toMatchObject({ state: "open" });
  });

  it("[S64] answers what is not there, or not for this child, alike", async () => {
    await using tree = await openTree(open);
    const { conflictId } = await clash(tree, born("1981-01-01"), born("1982-01-01"));
    await hideEverythingFrom(tree.parent, "north");
    const nowhere = "00000000-0000-7000-8000-000000000000";

    const read = await ask(tree.child, tree.parent, "conflicts/read", {
      conflicts: [conflictId, nowhere],
      maxBytes: 9,
    });
    const decided = await ask(tree.child, tree.parent, "conflicts/decide", { decisions: [aDecision({ conflictId })] });

    expect(JSON.parse(Buffer.from(read.body).toString())).toEqual({
      conflicts: [],
      meetings: [],
      missing: [conflictId, nowhere],
    });
    expect(JSON.parse(Buffer.from(decided.body).toString())).toMatchObject({
      outcomes: [[expect.any(String), "unknown"]],
      conflicts: [],
    });
  });

  it("[S65] supersedes the older open conflicts of the element that is decided, and leaves the others", async () => {
    await using tree = await openTree(open);
    const older = await clash(tree, born("1981-01-01"), born("1982-01-01"));
    await clash(tree, born("1981-01-01", { gender: "male" }), born("1981-01-01", { gender: "other" }));
    const shown = { gender: (await patientAt(tree.child))["gender"] as string };
    await clash(tree, born("1983-01-01", shown), born("1984-01-01", shown));
    const [, other, younger] = await listConflictsOf(tree.child.database, "Patient", "p");

    await decide(tree.child, younger!.conflictId, { take: "child" });
    await round(tree.child, tree.parent);

    for (const node of [tree.child, tree.parent]) {
      expect(await readConflict(node.database, older.conflictId)).toMatchObject({
        state: "superseded",
        supersededBy: younger!.conflictId,
      });
      expect((await listOpenConflicts(node.database, 9)).map(({ conflictId }) => conflictId)).toEqual([
        other!.conflictId,
      ]);
    }
  });

  it("[S255] supersedes what is older by the record's versions, though the clock was set back since", async () => {
    await using tree = await openTree(open);
    const oldest = await clash(tree, born("1981-01-01"), born("1982-01-01"));
    const middle = await clash(tree, born("1983-01-01"), born("1984-01-01"));
    const youngest = await clash(tree, born("1985-01-01"), born("1986-01-01"));
    for (const { database } of [tree.parent, tree.child]) {
      await database.transaction((tx) => tx.run(turnTimesRound));
    }

    await decide(tree.child, middle.conflictId, { take: "child" });
    await round(tree.child, tree.parent);

    for (const node of [tree.child, tree.parent]) {
      expect(await readConflict(node.database, oldest.conflictId)).toMatchObject({
        state: "superseded",
        supersededBy: middle.conflictId,
      });
      expect(await readConflict(node.database, youngest.conflictId)).toMatchObject({ state: "open" });
    }
  });

  it("[S65] supersedes every older conflict of a record that is deleted by a decision", async () => {
    await using tree = await openTree(open);
    const older = await clash(tree, born("1981-01-01"), born("1982-01-01"));
    await tree.parent.remove("Patient", "p");
    await tree.child.save(born("1985-01-01"));
    await round(tree.child, tree.parent);
    const [, deletion] = await listConflictsOf(tree.child.database, "Patient", "p");

    await decide(tree.child, deletion!.conflictId, { take: "parent" });
    await round(tree.child, tree.parent);

    expect(await tree.parent.bodies()).toEqual({});
    for (const node of [tree.child, tree.parent]) {
      expect(await readConflict(node.database, older.conflictId)).toMatchObject({ state: "superseded" });
    }
  });

  it("[S65] leaves a row open when the element is edited by hand, or contested again", async () => {
    await using tree = await openTree(open);
    const older = await clash(tree, born("1981-01-01"), born("1982-01-01"));
    await tree.child.save(born("1990-01-01"));
    await round(tree.child, tree.parent);
    await clash(tree, born("1991-01-01"), born("1992-01-01"));

    for (const node of [tree.child, tree.parent]) {
      expect((await listOpenConflicts(node.database, 9)).map(({ conflictId }) => conflictId)).toContain(
        older.conflictId,
      );
    }
  });

  it("[S65] lets either end say who is to decide, and take it back", async () => {
    await using tree = await openTree(open);
    const conflict = await clash(tree, born("1981-01-01"), born("1982-01-01"));

    await assign(tree.child, conflict, "A. Okoro");
    await round(tree.child, tree.parent);
    expect(await readConflict(tree.parent.database, conflict.conflictId)).toMatchObject({ assignee: "A. Okoro" });

    await assign(tree.parent, conflict, null);
    await round(tree.child, tree.parent);
    expect(await readConflict(tree.child.database, conflict.conflictId)).toMatchObject({ assignee: null });
    expect(await assign(tree.child, conflict, " ")).toEqual({ kind: "name-refused" });
  });

  it("[S65] stays open at a hub as long as the parent has it open, whatever the hub decides about its own", async () => {
    await using tree = await openTree(open);
    const grandchild = await tree.below("village", tree.child);
    const { conflictId } = await clash(tree, born("1981-01-01"), born("1982-01-01"));
    await tree.child.save(born("1983-01-01"));
    await grandchild.save(born("1984-01-01"));
    await round(grandchild, tree.child);
    const own = (await listOpenConflicts(tree.child.database, 9)).find(({ link }) => link === null);
    await decide(tree.child, own?.conflictId ?? "", { take: "child" });
    for (let n = 0; n < 2; n++) {
      await round(tree.child, tree.parent);
      await round(grandchild, tree.child);
    }
    const stillOpen = [tree.parent, tree.child, grandchild].map((node) => readConflict(node.database, conflictId));

    expect(await Promise.all(stillOpen)).toMatchObject(Array.from({ length: 3 }, () => ({ state: "open" })));
    await decide(tree.child, conflictId, { take: "current" });
    for (let n = 0; n < 2; n++) {
      await round(tree.child, tree.parent);
      await round(grandchild, tree.child);
    }
    for (const node of [tree.parent, tree.child, grandchild]) {
      expect(await listOpenConflicts(node.database, 9)).toEqual([]);
      expect(await patientAt(node)).toEqual(born("1984-01-01"));
    }
  });

  it("[S66] is handed down by a hub, and its decision up, with the node that decided", async () => {
    await using tree = await openTree(open);
    const grandchild = await tree.below("village", tree.child);
    const { conflictId } = await clash(tree, born("1981-01-01"), born("1982-01-01"));
    await round(grandchild, tree.child);
    expect(await readConflict(grandchild.database, conflictId)).toMatchObject({ state: "open", link: "north" });

    await decide(grandchild, conflictId, { take: "child" });
    await round(grandchild, tree.child);
    await round(tree.child, tree.parent);
    await round(grandchild, tree.child);

    for (const node of [tree.parent, tree.child, grandchild]) {
      expect(await patientAt(node)).toEqual(born("1982-01-01"));
      expect(await readConflict(node.database, conflictId)).toMatchObject({
        state: "resolved",
        resolution: { node: "village", by: "nurse" },
      });
      expect(await listConflictsOf(node.database, "Patient", "p")).toHaveLength(1);
    }
  });
});

async function assign(
  { database, store, id: nodeId, clock, random }: NodeForTests,
  { conflictId }: Conflict,
  assignee: string | null,
) {
  const request = { conflictId, assignee, author: "nurse" };
  const outcome = await database.transaction((tx) => assignOneConflict(tx, { store, nodeId, clock, random }, request));
  await moveAll(database);
  return outcome;
}

/** What a child's own request is answered, with a body of the test's making. */
async function ask(child: NodeForTests, parent: NodeForTests, path: string, body: unknown) {
  let headers: Readonly<Record<string, string>> = {};
  await pull(child, (request, signal) => {
    headers = request.headers;
    return parent.answer(request, signal);
  });
  const url = new URL(`http://parent.test/sync/v1/${path}`);
  return parent.answer(saying({ method: "POST", url, headers }, JSON.stringify(body)), live);
}

async function hideEverythingFrom({ database }: NodeForTests, child: string): Promise<void> {
  await database.transaction((tx) =>
    tx.run(sql("update child_catchments set catchment = 'nobody' where node = $1"), [child]),
  );
}

async function announcedAt({ database }: NodeForTests) {
  return readFeedRange(database, categoryFeed("conflict"), 1, 99);
}

function aDecision(more: Readonly<Record<string, unknown>>) {
  return {
    decisionId: "01000000-0000-7000-8000-000000000001",
    conflictId: "01000000-0000-7000-8000-000000000002",
    kind: "resolve",
    at: 1,
    by: "nurse",
    node: null,
    reason: "The card says so.",
    choice: "child",
    ...more,
  };
}
