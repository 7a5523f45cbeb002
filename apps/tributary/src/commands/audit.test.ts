import type { AuditEntry } from "@tributary/runtime";
import { expect, it } from "vitest";
import { auditTable } from "./audit.ts";

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
