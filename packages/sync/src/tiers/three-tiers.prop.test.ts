import { describeOnEachDatabase } from "@tributary/database/testing";
import { aPatient } from "@tributary/fhir/testing";
import fc from "fast-check";
import { expect, it } from "vitest";
import {
  cutting,
  type NodeForTests,
  oneRound,
  openThreeTiers,
  type ThreeTiers,
  untilQuiet,
} from "../../testing/index.ts";
import { listConflictsOf } from "../conflict/conflicts.ts";

const ids = ["p0", "p1", "p2"];
const dayMs = 86_400_000;

/** Elements that hold one value each; every write gives one of them a value that was never there. */
const elements = {
  birthDate: (n: number) => new Date(n * dayMs).toISOString().slice(0, 10),
  multipleBirthInteger: (n: number) => 10_000 + n,
  language: (n: number) => `x-${n}`,
} as const;
type ElementName = keyof typeof elements;

type Step =
  | { readonly kind: "edit"; readonly node: number; readonly id: string; readonly element: ElementName }
  | { readonly kind: "round"; readonly link: number; readonly cut: number; readonly moment: "before" | "after" };

const aStep: fc.Arbitrary<Step> = fc.oneof(
  fc.record({
    kind: fc.constant("edit" as const),
    node: fc.nat(4),
    id: fc.constantFrom(...ids),
    element: fc.constantFrom(...(Object.keys(elements) as ElementName[])),
  }),
  // A round has few requests: most of those that are cut are cut amid it, the others are whole.
  fc.record({
    kind: fc.constant("round" as const),
    link: fc.nat(3),
    cut: fc.integer({ min: 1, max: 6 }),
    moment: fc.constantFrom("before" as const, "after" as const),
  }),
);

/** One write of a user: the value that it put there, and the one that it took the place of. */
interface Written {
  readonly id: string;
  readonly element: ElementName;
  readonly value: string;
  readonly instead: string | undefined;
}

async function edit(node: NodeForTests, id: string, element: ElementName, n: number): Promise<Written> {
  const current = JSON.parse((await node.bodies())[`Patient/${id}`] ?? "{}") as Record<string, unknown>;
  const value = elements[element](n);
  await node.save(aPatient(id, { ...(current as object), [element]: value }));
  const before = current[element];
  return { id, element, value: String(value), instead: before === undefined ? undefined : String(before) };
}

/** A write counts as lost when no current version has it, no later write saw it, and no conflict keeps it. */
async function lostOf(ledger: readonly Written[], { root, hub }: ThreeTiers): Promise<Written[]> {
  const bodies = await root.bodies();
  const kept = new Map<string, string>();
  for (const id of ids) {
    const conflicts = [root, hub].map(({ database }) => listConflictsOf(database, "Patient", id));
    const sides = (await Promise.all(conflicts)).flat().map(({ element }) => [element.mine, element.theirs]);
    kept.set(id, JSON.stringify(sides) + bodies[`Patient/${id}`]);
  }
  const seen = new Set(ledger.map(({ id, element, instead }) => `${id} ${element} ${instead}`));
  return ledger.filter(
    ({ id, element, value }) => !kept.get(id)?.includes(value) && !seen.has(`${id} ${element} ${value}`),
  );
}

describeOnEachDatabase("three tiers under any schedule", (open, dialect) => {
  const numRuns = dialect === "sqlite" ? 15 : 3;

  it("[S87] end alike, whatever is edited where and whichever lines are cut, and no write is lost", async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(aStep, { minLength: 5, maxLength: 25 }), async (steps) => {
        await using tiers = await openThreeTiers(open);
        const nodes = [tiers.root, tiers.hub, tiers.north, tiers.south, tiers.east];
        const ledger: Written[] = [];
        for (const [n, step] of steps.entries()) {
          if (step.kind === "edit") ledger.push(await edit(nodes[step.node]!, step.id, step.element, n));
          else {
            const { child, parent } = tiers.links[step.link]!;
            const line = cutting(parent.answer, (_, count) => (count === step.cut ? step.moment : undefined));
            await oneRound(child, parent, line);
          }
        }

        await untilQuiet(tiers);

        const held = await tiers.root.bodies();
        for (const node of nodes) expect(await node.bodies()).toEqual(held);
        expect(await lostOf(ledger, tiers)).toEqual([]);
      }),
      { numRuns },
    );
  }, 60_000);
});
