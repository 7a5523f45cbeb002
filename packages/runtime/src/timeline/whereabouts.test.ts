import type { AuditEntry } from "@tributary/audit";
import { expect, it } from "vitest";
import { operationsOf, tellingOf, whereaboutsOf } from "./whereabouts.ts";

const anEntry = (told: Partial<AuditEntry>): AuditEntry => ({
  entryId: 1,
  node: "clinic-a",
  at: 1_000,
  actor: "nurse",
  operation: "pull",
  reference: "Patient/p1",
  versionBefore: null,
  versionAfter: 1,
  link: "centre",
  operationId: "op-1",
  outcome: "applied",
  error: null,
  position: 1,
  chainHash: "a",
  ...told,
});

it("tells of each node whether it has the version, has another one, or could not take it in", () => {
  const trail = [anEntry({ node: "centre", operation: "push", link: "clinic-a", operationId: "unit-1" })];
  const foreign = [
    anEntry({ node: "clinic-a", operation: "local-write", operationId: "op-1", link: null }),
    anEntry({ node: "clinic-b", operationId: "op-1", versionAfter: 4, at: 2_000 }),
    anEntry({ node: "clinic-c", operationId: "op-0", at: 3_000 }),
    anEntry({
      node: "clinic-d",
      operation: "failed-attempt",
      versionAfter: null,
      error: "not-applicable",
      operationId: null,
    }),
  ];
  const elsewhere = tellingOf(operationsOf("op-1", trail), foreign);

  const found = whereaboutsOf({ trail, elsewhere }, foreign);

  expect(found.map(({ node, state, version, error }) => [node, state, version, error])).toEqual([
    ["clinic-a", "has-it", 1, null],
    ["clinic-b", "has-it", 4, null],
    ["clinic-c", "has-another", 1, null],
    ["clinic-d", "failed", null, "not-applicable"],
  ]);
});

it("takes the parent's answer to a push for its having the version, and a refusal not", () => {
  const pushed = anEntry({ node: "clinic-a", operation: "push", link: "centre", versionBefore: 1 });
  const refused = anEntry({ ...pushed, operation: "failed-attempt", outcome: "rejected", versionAfter: null });

  expect(whereaboutsOf({ trail: [pushed], elsewhere: [] }, [])).toMatchObject([{ node: "centre", state: "has-it" }]);
  expect(whereaboutsOf({ trail: [refused], elsewhere: [] }, [])).toEqual([]);
});
