import { expect, it } from "vitest";
import { auditDraft } from "./audit-draft.ts";

it("leaves nothing out of an entry: what is not told is null", () => {
  const told = { at: 1, actor: "nurse", operation: "configure", outcome: "pull-paused", link: "centre" } as const;

  expect(auditDraft(told)).toEqual({
    ...told,
    reference: null,
    versionBefore: null,
    versionAfter: null,
    operationId: null,
    error: null,
  });
});
