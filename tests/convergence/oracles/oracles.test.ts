import { describe, expect, it } from "vitest";
import type { HeldVersion, Holdings, Row } from "../holdings.ts";
import { Ledger, type Write } from "../ledger.ts";
import { checkAuditCompleteness } from "./audit-completeness.ts";
import { Causality } from "./causality.ts";
import { checkConvergence } from "./convergence.ts";
import { checkExactlyOnce } from "./exactly-once.ts";
import { checkNoLostUpdate } from "./lost-updates.ts";
import { MarkerSafety } from "./marker-safety.ts";
import { checkNoPhantom } from "./phantoms.ts";
import { checkQuiescence } from "./quiescence.ts";
import { checkNoResurrection } from "./resurrections.ts";

const reference = "Patient/p";

function held(site: string, versions: readonly Partial<HeldVersion>[], more: Partial<Holdings> = {}): Holdings {
  const all = versions.map((one, at) => ({ reference, version: at + 1, body: "", operation: null, ...one }));
  return {
    site,
    versions: all,
    newest: new Map(all.map((one) => [one.reference, one])),
    conflicts: [],
    bases: new Map(),
    marker: undefined,
    announced: [],
    heads: new Map(),
    audit: all.map(({ reference: name, version }): Row => audited(site, name, version)),
    waiting: [],
    queued: 0,
    refused: 0,
    ...more,
  };
}

function audited(node: string, name: string, version: number): Row {
  const words = { actor: "ada", operation: "local-write", outcome: "applied", operation_id: null };
  return { node, reference: name, version_before: null, version_after: version, ...words };
}

function ledgerOf(...writes: readonly Partial<Write>[]): Ledger {
  const ledger = new Ledger();
  for (const write of writes) {
    const fresh = write.fresh ?? [];
    const standard = { site: "north", reference, kind: "save", ending: "acknowledged", saw: "nothing" } as const;
    ledger.add({ ...standard, transaction: undefined, fresh, written: fresh, ...write });
  }
  return ledger;
}

describe("an oracle finds what is broken", () => {
  it("I1: another body, and a base that is none", () => {
    const parent = held("centre", [{ body: "a" }]);

    expect(checkConvergence(parent, [held("north", [{ body: "a" }])]).broken).toEqual([]);
    expect(checkConvergence(parent, [held("north", [{ body: "b" }])]).broken).toHaveLength(1);
    const bases = new Map([[reference, { local: 1, remote: 1 }]]);
    expect(checkConvergence(parent, [held("north", [{ body: "x" }, { body: "a" }], { bases })]).broken).toHaveLength(1);
  });

  it("I2: a value that is neither there, nor taken away by who saw it, nor disputed", () => {
    const ledger = ledgerOf({ fresh: ["tk1q"] }, { fresh: ["tk2q"] });
    const north = held("north", [{ body: "tk1q" }, { body: "tk2q" }]);
    const parent = held("centre", [{ body: "tk2q" }]);
    const disputed = held("centre", [{ body: "tk2q" }], {
      conflicts: [{ type: "Patient", id: "p", element: "tk1q tk2q" }],
    });

    expect(checkNoLostUpdate(ledger, parent, [parent, north]).broken).toHaveLength(1);
    expect(checkNoLostUpdate(ledger, disputed, [disputed, north]).broken).toEqual([]);
    const seen = ledgerOf({ fresh: ["tk1q"] }, { fresh: ["tk2q"], saw: ["tk1q"] });
    expect(checkNoLostUpdate(seen, parent, [parent, north]).broken).toEqual([]);
  });

  it("I3: a value that nobody wrote into this record", () => {
    const ledger = ledgerOf({ fresh: ["tk1q"] }, { fresh: ["tk2q"], reference: "Patient/other" });

    expect(checkNoPhantom(ledger, [held("centre", [{ body: "tk1q" }])]).broken).toEqual([]);
    expect(checkNoPhantom(ledger, [held("centre", [{ body: "tk2q" }])]).broken).toHaveLength(1);
  });

  it("I4: a deleted record that lives though nobody touched it", () => {
    const ledger = ledgerOf({ fresh: ["tk1q"], saw: ["tk0q"] }, { kind: "delete", saw: ["tk1q"] });

    expect(checkNoResurrection(ledger, [held("centre", [{ body: "tk1q" }])]).broken).toHaveLength(1);
    expect(checkNoResurrection(ledger, [held("centre", [{ body: null }])]).broken).toEqual([]);
  });

  it("I6: an operation with two versions, two audit entries or two announcements", () => {
    const twice = held("centre", [{ operation: "north.a:1" }, { operation: "north.a:1" }], {
      audit: [1, 2].map((version) => ({ ...audited("centre", reference, version), operation_id: "north.a:1" })),
      announced: [1, 2].map((position) => ({ feed: "f", position, reference, version: 1 })),
    });

    expect(checkExactlyOnce(twice, [twice]).broken).toHaveLength(3);
  });

  it("I7: a marker that has passed what is not here, or goes back", () => {
    const safety = new MarkerSafety();
    const announced = [1, 2].map((version) => ({ feed: "stream:s", position: version, reference, version }));
    const parent = held("centre", [{}, {}], { announced });
    const bases = new Map([[reference, { local: 1, remote: 1 }]]);
    const at = (position: number) => held("north", [{}], { bases, marker: { stream: "s", epoch: "e", position } });

    safety.check(at(1), parent);
    expect(safety.finding.broken).toEqual([]);
    safety.check(at(2), parent);
    safety.check(at(1), parent);
    expect(safety.finding.broken).toHaveLength(2);
  });

  it("I8: a reference to what never was, and half of a transaction", () => {
    const causality = new Causality();
    const ledger = ledgerOf({ transaction: "t" }, { transaction: "t", reference: "Encounter/e" });

    const north = held("north", [{ body: '{"subject":{"reference":"Patient/gone"}}' }]);
    causality.check(north, held("centre", []), ledger);

    expect(causality.finding.broken).toHaveLength(2);
  });

  it("I9: a version without an entry, and one with two", () => {
    const entry = audited("north", reference, 1);
    const north = (audit: readonly Row[]) => held("north", [{ body: "a" }], { audit });

    expect(checkAuditCompleteness([north([entry])]).broken).toEqual([]);
    expect(checkAuditCompleteness([north([])]).broken).toHaveLength(1);
    expect(checkAuditCompleteness([north([entry, entry])]).broken).toHaveLength(1);
  });

  it("I12: a round that wrote or carried something, or that was not made", () => {
    const [before, after] = [held("north", [{}]), held("north", [{}, {}])];
    const quiet = { child: "north", requests: 5, bodies: 0 };

    expect(checkQuiescence([before], [before], [quiet]).broken).toEqual([]);
    expect(checkQuiescence([before], [after], [quiet]).broken.length).toBeGreaterThan(0);
    expect(checkQuiescence([before], [before], [{ ...quiet, bodies: 1 }]).broken).toHaveLength(1);
    expect(checkQuiescence([before], [before], [{ ...quiet, requests: 0 }]).broken).toHaveLength(1);
  });
});
