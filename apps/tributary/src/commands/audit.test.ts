import type { AuditEntry, AuditVerdict } from "@tributary/admin-api";
import { expect, it } from "vitest";
import { auditTable } from "./audit.ts";
import { LineCount } from "./audit-export.ts";
import { chainTable } from "./audit-verify.ts";

const anEntry = (told: Partial<AuditEntry> = {}): AuditEntry => ({
  entryId: 1,
  node: "clinic-1",
  at: 0,
  actor: "nurse",
  operation: "local-write",
  reference: "Patient/p1",
  versionBefore: null,
  versionAfter: 1,
  link: null,
  operationId: null,
  outcome: "applied",
  error: null,
  position: null,
  chainHash: null,
  ...told,
});

it("draws the trail as a table, with versions, links and error codes", () => {
  const pulled = { operation: "pull", actor: "centre", link: "centre", versionBefore: 1, versionAfter: 2 } as const;
  const failed = { operation: "failed-attempt", versionAfter: null, outcome: "rejected", error: "invalid" } as const;

  expect(auditTable([anEntry(), anEntry(pulled), anEntry(failed)])).toBe(
    [
      "AT                        NODE      ACTOR   OPERATION       RECORD      VERSION  LINK    OUTCOME",
      "1970-01-01T00:00:00.000Z  clinic-1  nurse   local-write     Patient/p1  1        -       applied",
      "1970-01-01T00:00:00.000Z  clinic-1  centre  pull            Patient/p1  1 > 2    centre  applied",
      "1970-01-01T00:00:00.000Z  clinic-1  nurse   failed-attempt  Patient/p1  -        -       rejected (invalid)",
    ].join("\n"),
  );
});

it("takes away what would give orders to the terminal", () => {
  expect(auditTable([anEntry({ actor: "\u001b[2Jnurse\u009b" })])).not.toMatch(/\p{Cc}(?<!\n)/u);
});

it("draws the chains of other nodes, and says where one was told otherwise", () => {
  const chain = {
    node: "clinic-1",
    chain: "a".repeat(16),
    via: "hub",
    first: 1,
    last: 7,
    lastToldAt: 0,
    verdict: { kind: "intact", entries: 7 },
    broken: null,
  } satisfies AuditVerdict["others"][number];

  const table = chainTable([
    { ...chain, broken: { at: 0, position: 5 } },
    { ...chain, first: 5, verdict: { kind: "missing", position: 6 } },
  ]);

  expect(table).toBe(
    [
      "NODE      PLACES  LAST TOLD                 BY   VERDICT",
      "clinic-1  1-7     1970-01-01T00:00:00.000Z  hub  intact, told otherwise from 5 on",
      "clinic-1  5-7     1970-01-01T00:00:00.000Z  hub  missing at 6",
    ].join("\n"),
  );
});

it("counts lines as they come in pieces, and not those within a cell", () => {
  const lines = new LineCount();

  for (const piece of ['node,error\nclinic,"two', '\nlines ""here""', '"\nclinic,\n']) lines.add(piece);

  expect(lines.count).toBe(3);
});
