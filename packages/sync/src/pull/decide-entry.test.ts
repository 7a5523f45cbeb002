import { describe, expect, it } from "vitest";
import { bodyDigestOf } from "../stream/stream-entry.ts";
import { decideEntry } from "./decide-entry.ts";
import type { LinkBase } from "./link-base.ts";

const hashOf = (letter: string) => letter.repeat(64);
const change = (version: number, letter: string) => ({
  version,
  isDeleted: false,
  bodyDigest: bodyDigestOf(hashOf(letter)),
  isCurrent: false,
});
const current = (version: number, letter: string) => ({ ...change(version, letter), isCurrent: true });
const deletion = (version: number) => ({ version, isDeleted: true, bodyDigest: "", isCurrent: false });
const local = (version: number, letter: string) => ({
  version,
  isDeleted: false,
  bodyHash: hashOf(letter),
});
const base = (localVersion: number, remoteVersion: number): LinkBase => ({
  type: "Patient",
  id: "1",
  localVersion,
  remoteVersion,
});

describe("what a change at the parent means for a child", () => {
  it.each([
    ["[S7] a record that is not here is taken", change(1, "a"), undefined, undefined, "take"],
    ["[S7] a newer version is taken", change(2, "b"), local(1, "a"), base(1, 1), "take"],
    ["[S8] a version that was taken before is known", change(3, "c"), local(4, "c"), base(4, 3), "known"],
    ["[S151] an older version than the agreed one is doubtful", change(2, "b"), local(4, "c"), base(4, 3), "doubtful"],
    ["[S151] a parent that has an older version now has lost one", current(2, "b"), local(4, "c"), base(4, 3), "take"],
    ["[S151] an edit here outlives what the parent lost", current(2, "b"), local(5, "c"), base(4, 3), "edited-here"],
    ["[S151] another version under the agreed number is news", change(3, "d"), local(4, "c"), base(4, 3), "take"],
    [
      "[S8] equal content needs no fetch, even without a base",
      change(7, "a"),
      local(1, "a"),
      undefined,
      "same-content",
    ],
    [
      "[S11] an edit of this node that is ahead of the base is not overwritten",
      change(2, "b"),
      local(2, "c"),
      base(1, 1),
      "edited-here",
    ],
    [
      "[S11] a record that began here is not overwritten at first contact",
      change(1, "b"),
      local(1, "c"),
      undefined,
      "edited-here",
    ],
    ["[S11] a deletion does not take away an edit of this node", deletion(2), local(2, "c"), base(1, 1), "edited-here"],
    ["[S12] a deletion is taken", deletion(2), local(1, "a"), base(1, 1), "delete"],
    ["[S12] the deletion of a record that was never here is no news", deletion(2), undefined, undefined, "never-mind"],
  ] as const)("%s", (_, remote, here, agreed, kind) => {
    expect(decideEntry(remote, here, agreed).kind).toBe(kind);
  });
});
