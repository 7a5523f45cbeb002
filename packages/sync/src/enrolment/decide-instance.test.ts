import { describe, expect, it } from "vitest";
import { decideInstance, type KnownInstance } from "./decide-instance.ts";

const known = (more: Partial<KnownInstance> = {}): KnownInstance => ({
  instance: "a",
  former: [],
  refused: [],
  incarnation: "i",
  isContested: false,
  counter: 5,
  ...more,
});
const told = (instance: string, incarnation: string, counter: number) => ({ instance, incarnation, counter });

describe("what a child's request means by what it tells of itself", () => {
  it.each([
    ["[S150] the first contact is remembered", undefined, told("a", "i", 1), "went-on"],
    ["[S150] nothing has changed", known(), told("a", "i", 5), "same"],
    ["[S150] further operations are remembered", known(), told("a", "i", 6), "went-on"],
    ["[S150] fewer operations than before mean a restore", known(), told("a", "i", 4), "restored"],
    ["[S150] a further incarnation is one after a restore", known({ counter: 0 }), told("a", "j", 4), "went-on"],
    ["[S150] an incarnation that is over means a restore", known({ incarnation: "j" }), told("a", "i", 5), "restored"],
    ["[S150] a restore on another machine is noticed too", known(), told("b", "i", 4), "restored"],
    ["[S153] a move to another machine is one", known(), told("b", "i", 5), "went-on"],
    ["[S153] what comes back after it had moved is a clone", known({ former: ["b"] }), told("b", "i", 5), "cloned"],
    ["[S153] who was turned away stays it", known({ refused: ["b"] }), told("b", "i", 9), "turned-away"],
    ["[S153] the one that was chosen goes on beside it", known({ refused: ["b"] }), told("a", "i", 6), "went-on"],
    ["[S153] neither of two is let in", known({ isContested: true }), told("a", "i", 5), "cloned"],
  ] as const)("%s", (_, before, request, kind) => {
    expect(decideInstance(before, request).kind).toBe(kind);
  });
});
