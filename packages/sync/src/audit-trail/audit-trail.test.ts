import { type AuditDraft, appendAudit, listAudit, listForeignChains, verifyForeignChains } from "@tributary/audit";
import { sql } from "@tributary/database";
import { describeOnEachDatabase } from "@tributary/database/testing";
import { aPatient } from "@tributary/fhir/testing";
import { describe, expect, it } from "vitest";
import {
  cutting,
  enrol,
  moveAll,
  type NodeForTests,
  openNodeForTests,
  openRestorableNode,
  saying,
  synchronizerOf,
} from "../../testing/index.ts";
import type { Exchange } from "../line/exchange.ts";
import { refusal } from "../line/json-answer.ts";
import type { Synchronizer } from "../synchronizer.ts";

const { signal } = new AbortController();

const aWrite = (n: number): AuditDraft => ({
  at: n,
  actor: "nurse",
  operation: "local-write",
  reference: `Patient/${n}`,
  versionBefore: null,
  versionAfter: 1,
  link: null,
  operationId: null,
  outcome: "applied",
  error: null,
});

async function note(node: NodeForTests, ...numbers: number[]): Promise<void> {
  await node.database.transaction((tx) => appendAudit(tx, node.id, numbers.map(aWrite)));
}

async function entriesOf(node: NodeForTests, of: string) {
  return (await listAudit(node.database, { node: of }, { limit: 500 })).entries.toReversed();
}

const numbersOf = async (node: NodeForTests, of: string) =>
  (await entriesOf(node, of)).filter(({ operation }) => operation === "local-write").map(({ at }) => at);

/** Puts a node's trail back to how it was at a position, as the restoring of a backup does. */
async function restore(node: NodeForTests, position: number): Promise<void> {
  await node.database.transaction(async (tx) => {
    await tx.run(sql("delete from audit_entries where position > $1"), [position]);
    await tx.run(
      sql(`
        update audit_chain set position = $1,
          chain_hash = (select chain_hash from audit_entries where position = $1)`),
      [position],
    );
    await tx.run(
      sql(`
        update audit_markers set position = $1,
          chain_hash = (select chain_hash from audit_entries where position = $1)`),
      [position],
    );
  });
}

/** Loses all that others have told of their trails, as a parent does that is put back to before that. */
async function forgetTold(node: NodeForTests): Promise<void> {
  await node.database.transaction(async (tx) => {
    await tx.run(sql("delete from foreign_audit_entries"));
    await tx.run(sql("delete from foreign_audit_chains"));
  });
}

const telling = (path: string): boolean => path.endsWith("/audit");

describeOnEachDatabase("telling the parent the audit trail", (open) => {
  async function openPair(stack: AsyncDisposableStack, change: (line: Exchange) => Exchange = (line) => line) {
    const parent = await openNodeForTests(stack.use(await open()), "centre");
    const child = await openNodeForTests(stack.use(await open()), "clinic");
    await enrol(child, parent);
    const synchronizer = stack.use(synchronizerOf(child, change(parent.answer)));
    return { parent, child, synchronizer };
  }

  const tell = (synchronizer: Synchronizer) => synchronizer.shareAuditOnce(signal);

  it("[S67] brings every entry to the parent in order, and then asks and writes nothing", async () => {
    await using stack = new AsyncDisposableStack();
    const { parent, child, synchronizer } = await openPair(stack);
    await note(child, 1, 2, 3);

    const first = await tell(synchronizer);
    await note(child, 4);
    const second = await tell(synchronizer);
    const before = [await entriesOf(parent, "centre"), await entriesOf(child, "clinic")];
    const third = await tell(synchronizer);

    expect(first).toMatchObject({ status: "complete", told: 4, requests: 1 });
    expect(second).toMatchObject({ told: 1, requests: 1 });
    expect(third).toMatchObject({ status: "complete", told: 0, requests: 0 });
    expect(await numbersOf(parent, "clinic")).toEqual([1, 2, 3, 4]);
    expect([await entriesOf(parent, "centre"), await entriesOf(child, "clinic")]).toEqual(before);
  });

  it("[S67] goes on after a lost request and a lost answer, and repeats nothing", async () => {
    await using stack = new AsyncDisposableStack();
    let asked = 0;
    const cuts = [undefined, "before", "after"] as const;
    const { parent, child, synchronizer } = await openPair(stack, (line) =>
      cutting(line, (request) => (telling(request.url.pathname) ? cuts[++asked] : undefined)),
    );
    await note(child, 1, 2);

    const statuses = [await tell(synchronizer), await tell(synchronizer), await tell(synchronizer)];

    expect(statuses.map(({ status }) => status)).toEqual(["interrupted", "interrupted", "complete"]);
    expect(await numbersOf(parent, "clinic")).toEqual([1, 2]);
  });

  it("[S67] halves a request that is found too large", async () => {
    await using stack = new AsyncDisposableStack();
    const sizes: number[] = [];
    const limited =
      (line: Exchange): Exchange =>
      async (request, abort) => {
        if (!telling(request.url.pathname)) return line(request, abort);
        sizes.push(request.body?.length ?? 0);
        if ((request.body?.length ?? 0) < 60_000) return line(request, abort);
        const { status, headers, body } = refusal(413, "PAYLOAD_TOO_LARGE", "It is too large.");
        return { status, headers, body: Buffer.from(String(body)), wireBytes: 0 };
      };
    const { parent, child, synchronizer } = await openPair(stack, limited);
    await note(child, ...Array.from({ length: 1_500 }, (_, n) => n + 1));

    const report = await tell(synchronizer);

    expect(report).toMatchObject({ status: "complete", told: 1_501 });
    expect(Math.max(...sizes)).toBeGreaterThan(60_000);
    expect(await verifyForeignChains(parent.database)).toMatchObject([{ verdict: { kind: "intact", entries: 1_501 } }]);
  });

  it("[S68] tells again from where the parent is, when the parent was restored", async () => {
    await using stack = new AsyncDisposableStack();
    const { parent, child, synchronizer } = await openPair(stack);
    await note(child, 1, 2, 3);
    await tell(synchronizer);
    await parent.database.transaction(async (tx) => {
      await tx.run(sql("delete from foreign_audit_entries where position > 2"));
      await tx.run(
        sql(`
          update foreign_audit_chains set position = 2,
            chain_hash = (select chain_hash from foreign_audit_entries where position = 2)`),
      );
    });
    await note(child, 4);

    const report = await tell(synchronizer);

    expect(report.status).toBe("complete");
    expect(await numbersOf(parent, "clinic")).toEqual([1, 2, 3, 4]);
    expect(await verifyForeignChains(parent.database)).toMatchObject([{ verdict: { kind: "intact", entries: 5 } }]);
  });

  it("[S69] goes on in a further chain after a restore, keeps both, and enters it at both ends", async () => {
    await using stack = new AsyncDisposableStack();
    const { parent, child, synchronizer } = await openPair(stack);
    await note(child, 1, 2, 3, 4);
    await tell(synchronizer);
    await restore(child, 3);
    await note(child, 30, 40, 50);

    const report = await tell(synchronizer);
    const next = await tell(synchronizer);

    expect(report).toMatchObject({ status: "partial", broken: 1, error: undefined });
    expect(next).toMatchObject({ status: "complete", broken: 0 });
    expect(await tell(synchronizer)).toMatchObject({ requests: 0 });
    expect(await numbersOf(parent, "clinic")).toEqual([1, 2, 3, 4, 30, 40, 50]);
    expect(await listForeignChains(parent.database)).toMatchObject([
      { begins: { position: 0 }, head: { position: 5 }, broken: { position: 4 } },
      { begins: { position: 3 }, head: { position: 7 }, broken: null },
    ]);
    expect((await entriesOf(parent, "centre")).map(({ outcome, error }) => [outcome, error])).toEqual([
      ["applied", null],
      ["rejected", "AUDIT_CHAIN_BROKEN"],
      ["further-chain", null],
    ]);
    expect(await listAudit(child.database, { operation: "audit" }, { limit: 9 })).toMatchObject({
      entries: [{ outcome: "further-chain", error: "AUDIT_CHAIN_BROKEN", operationId: "4" }],
    });
  });

  it("[S230] begins anew when the parent has lost the further chain, and what that went on from", async () => {
    await using stack = new AsyncDisposableStack();
    const { parent, child, synchronizer } = await openPair(stack);
    await note(child, 1, 2, 3, 4);
    await tell(synchronizer);
    await restore(child, 3);
    await note(child, 30, 40);
    await tell(synchronizer);
    await tell(synchronizer);
    await forgetTold(parent);
    await note(child, 50);

    const report = await tell(synchronizer);

    expect(report).toMatchObject({ status: "complete", broken: 0 });
    expect(await numbersOf(parent, "clinic")).toEqual([1, 2, 30, 40, 50]);
    expect(await verifyForeignChains(parent.database)).toMatchObject([{ verdict: { kind: "intact" } }]);
    expect(await tell(synchronizer)).toMatchObject({ requests: 0 });
  });

  it("[S69] leaves out what was altered before it was told, and goes on behind it", async () => {
    await using stack = new AsyncDisposableStack();
    const { parent, child, synchronizer } = await openPair(stack);
    await note(child, 1);
    await tell(synchronizer);
    await note(child, 2, 3);
    await tell(stack.use(synchronizerOf(child, () => Promise.reject(new Error("down"))))).catch(() => {});
    await child.database.transaction((tx) => tx.run(sql("update audit_entries set actor = 'x' where position = 3")));

    const report = await tell(synchronizer);

    expect(report).toMatchObject({ status: "partial", broken: 1 });
    await tell(synchronizer);
    expect(await numbersOf(parent, "clinic")).toEqual([1, 3]);
    expect(await listForeignChains(parent.database)).toMatchObject([
      { head: { position: 2 } },
      { begins: { position: 3 }, head: { position: 5 } },
    ]);
  });

  it("[S70] brings a grandchild's trail to the root as it was told, once", async () => {
    await using stack = new AsyncDisposableStack();
    const root = await openNodeForTests(stack.use(await open()), "root");
    const hub = await openNodeForTests(stack.use(await open()), "hub");
    const clinic = await openNodeForTests(stack.use(await open()), "clinic");
    await enrol(hub, root);
    await enrol(clinic, hub);
    const [below, above] = [synchronizerOf(clinic, hub.answer), synchronizerOf(hub, root.answer)].map((one) =>
      stack.use(one),
    );
    await note(clinic, 1, 2);
    await tell(below!);
    await note(clinic, 3);
    await tell(above!);
    await tell(below!);

    await tell(above!);
    const quiet = [await tell(below!), await tell(above!)];

    expect(quiet.map(({ requests }) => requests)).toEqual([0, 0]);
    expect(await numbersOf(root, "clinic")).toEqual([1, 2, 3]);
    expect(
      (await verifyForeignChains(root.database)).map(({ chain, verdict }) => [chain.node, chain.via, verdict.kind]),
    ).toEqual([
      ["clinic", "hub", "intact"],
      ["hub", "hub", "intact"],
    ]);
  });

  it("[S70] is not believed about the parent itself or another enrolled child", async () => {
    await using stack = new AsyncDisposableStack();
    const { parent, child } = await openPair(stack);
    const ward = await openNodeForTests(stack.use(await open()), "ward");
    await enrol(ward, parent);
    await note(child, 1);
    let forgedNode = "clinic";
    const forging: Exchange = (request, abort) => {
      const body = request.body?.replace('"node":"ward"', `"node":"${forgedNode}"`);
      return parent.answer(body ? saying(request, body) : request, abort);
    };
    const forger = stack.use(synchronizerOf(ward, forging));
    await note(ward, 9);

    const asClinic = await tell(forger);
    forgedNode = "centre";
    const asCentre = await tell(forger);

    expect([asClinic, asCentre].map(({ status, error }) => [status, error?.code])).toEqual([
      ["refused", "REMOTE_REFUSED"],
      ["refused", "REMOTE_REFUSED"],
    ]);
    expect(await listForeignChains(parent.database)).toEqual([]);
  });

  it("[S68] is refused as a whole when it is malformed", async () => {
    await using stack = new AsyncDisposableStack();
    let damaged = "";
    const { parent, child, synchronizer } = await openPair(stack, (line) => (request, abort) => {
      return line(telling(request.url.pathname) ? saying(request, damaged) : request, abort);
    });
    await note(child, 1);
    const entry = [1, "nurse", "local-write", null, null, null, null, null, "applied", null];
    const segment = { node: "clinic", chain: "a".repeat(16), after: [0, "0".repeat(64)], hash: "0".repeat(64) };

    for (const body of [
      "",
      "[]",
      '{"segments":[{}]}',
      JSON.stringify({ segments: [{ ...segment, entries: [] }] }),
      JSON.stringify({ segments: [{ ...segment, entries: [entry.slice(1)] }] }),
      JSON.stringify({ segments: [{ ...segment, entries: [entry.with(1, "x".repeat(2_000))] }] }),
      JSON.stringify({ segments: [{ ...segment, node: "no node", entries: [entry] }] }),
    ]) {
      damaged = body;
      expect(await tell(synchronizer)).toMatchObject({ status: "refused" });
    }
    expect(await listForeignChains(parent.database)).toEqual([]);
  });
});

describe.each(["sqlite", "postgres"] as const)("what a hub has passed on (%s)", (dialect) => {
  it("[S230] is asked about when the parent was restored, also of a chain that grows no more", async () => {
    await using stack = new AsyncDisposableStack();
    const root = stack.use(await openRestorableNode(dialect, "root"));
    const hub = stack.use(await openRestorableNode(dialect, "hub"));
    const clinic = stack.use(await openRestorableNode(dialect, "clinic"));
    await enrol(hub.node, root.node);
    await enrol(clinic.node, hub.node);
    const [above, below] = [synchronizerOf(hub.node, root.answer), synchronizerOf(clinic.node, hub.answer)].map((one) =>
      stack.use(one),
    );
    await root.node.save(aPatient("first"));
    await moveAll(root.node.database);
    await above!.pullOnce(signal);
    await root.backUp();
    await root.node.save(aPatient("lost"));
    await moveAll(root.node.database);
    await above!.pullOnce(signal);
    await note(clinic.node, 1, 2);
    await below!.shareAuditOnce(signal);
    await above!.shareAuditOnce(signal);
    const told = await numbersOf(root.node, "clinic");
    await root.restore();
    const lost = await numbersOf(root.node, "clinic");
    await root.node.save(aPatient("since"));
    await moveAll(root.node.database);

    await above!.pullOnce(signal);
    await above!.shareAuditOnce(signal);

    expect([told, lost, await numbersOf(root.node, "clinic")]).toEqual([[1, 2], [], [1, 2]]);
    expect(await above!.shareAuditOnce(signal)).toMatchObject({ status: "complete", requests: 0 });
  });
});
