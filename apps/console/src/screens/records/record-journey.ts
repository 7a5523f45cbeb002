import type { RecordDetail, TimelineAnswer } from "@tributary/admin-api";

/** Where a step of a version's way stands. */
export type StepState = "done" | "current" | "failed" | "ahead";

/** One step of the way of a record's latest version through the network. */
export type JourneyStep =
  | {
      readonly kind: "written";
      readonly state: StepState;
      readonly at: number;
      readonly node: string;
      readonly author: string;
    }
  | {
      readonly kind: "came";
      readonly state: StepState;
      readonly at: number;
      readonly node: string;
      readonly by: string;
    }
  | { readonly kind: "queued"; readonly state: StepState }
  | { readonly kind: "sent"; readonly state: StepState; readonly at: number | null; readonly node: string }
  | { readonly kind: "verdict"; readonly state: StepState; readonly outcome: string | null; readonly node: string }
  | { readonly kind: "delivered"; readonly state: StepState; readonly nodes: readonly string[] };

const takenOutcomes: ReadonlySet<string> = new Set(["applied", "unchanged", "merged", "taken", "deleted"]);

/**
 * The way of a record's latest version: written, queued, sent, judged by the parent, delivered to further nodes. What came
 * from the parent has no way up; a node without a parent has neither. Empty for a timeline without versions. Pure.
 */
export function journeyOf(timeline: TimelineAnswer, { tiers }: Pick<RecordDetail, "tiers">): readonly JourneyStep[] {
  const latest = timeline.entries.at(-1);
  if (!latest) return [];
  const { version, at, originNode, author, link, cameBy, trail } = latest;
  const [above] = tiers;
  const written = { kind: "written", state: "done", at, node: originNode, author: author ?? originNode } as const;
  const came = link === null ? [] : [{ kind: "came", state: "done", at, node: link, by: cameBy ?? "pull" } as const];
  const isFromAbove = above !== undefined && link === above.node;
  const sending = trail.findLast(({ operation, versionBefore }) => operation === "push" && versionBefore === version);
  const up = above === undefined || isFromAbove ? [] : wayUp(above, sending);
  const holders = timeline.whereabouts.filter(({ state }) => state === "has-it").map(({ node }) => node);
  const nodes = holders.filter((node) => node !== above?.node && node !== originNode && node !== link);
  // A node that only has a parent delivers to nobody.
  const isLeaf = above !== undefined && nodes.length === 0;
  const delivered = { kind: "delivered", state: nodes.length > 0 ? "done" : "current", nodes } as const;
  return [written, ...came, ...up, ...(isLeaf ? [] : [delivered])];
}

function wayUp(
  { node, has }: RecordDetail["tiers"][number],
  sending: TimelineAnswer["entries"][number]["trail"][number] | undefined,
): JourneyStep[] {
  const isThere = has === true || (sending !== undefined && takenOutcomes.has(sending.outcome));
  const wasSent = isThere || sending !== undefined;
  const isRefused = sending !== undefined && !isThere;
  return [
    { kind: "queued", state: wasSent ? "done" : "current" },
    { kind: "sent", state: wasSent ? "done" : "ahead", at: sending?.at ?? null, node },
    {
      kind: "verdict",
      state: isThere ? "done" : isRefused ? "failed" : "ahead",
      outcome: sending?.outcome ?? (isThere ? "applied" : null),
      node,
    },
  ];
}
