import { hash } from "node:crypto";
import type { Exchange } from "@tributary/sync";
import { falsifying, wireBodies } from "@tributary/sync/testing";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { openBusyNetwork } from "./busy-network.ts";
import { aDamage, aLineDamage, type Damage } from "./damage.ts";
import { fuzzing, fuzzTimeoutMs, inTime } from "./fuzz-budget.ts";

const lies = 4;
const damagedRounds = 3;
const bodies = 3;
const liesPerRun = 8;
const comparisons = 40;

/** Damages the answers whose turn it is, counted over a round. */
function damaging(line: Exchange, damage: Damage, turns: ReadonlySet<number>, isLie: boolean): Exchange {
  let turn = 0;
  return falsifying(line, (body) => {
    turn += 1;
    return turns.has(turn) ? { body: damage(body), isLie } : undefined;
  });
}

const someTurns = fc.uniqueArray(fc.integer({ min: 1, max: 14 }), { minLength: 1, maxLength: 4 });

describe("a parent that answers nonsense with the right digest", () => {
  it(
    "[S2] ends a child's round with a reason, never with a defect, and the child keeps its own work",
    async () => {
      await fc.assert(
        fc.asyncProperty(
          fc.array(fc.tuple(aDamage, someTurns), { minLength: liesPerRun, maxLength: liesPerRun }),
          async (rounds) => {
            await using network = await openBusyNetwork();
            await network.round();
            for (const [damage, turns] of rounds) {
              await network.work();
              const before = await ownWork(network);
              network.setLine((honest) => damaging(honest, damage, new Set(turns), true));
              await inTime(() => network.round().catch(refuseDefects));
              expect(await ownWork(network)).toEqual(before);
            }
            network.setLine((honest) => honest);
            await network.round().catch(refuseDefects);
          },
        ),
        fuzzing(lies),
      );
    },
    fuzzTimeoutMs,
  );
});

/** Puts other content into the records of an answer, under hashes that are right. */
function rewriting(line: Exchange, damage: Damage): Exchange {
  const { compartments, "record batch": batches } = wireBodies;
  const records = (told: ReturnType<typeof batches.read>["records"]) =>
    told.map((record) => {
      if (record.body === null || !/above/.test(record.id)) return record;
      const body = damage(Buffer.from(record.body)).toString();
      return { ...record, body, bodyHash: hash("sha256", body) };
    });
  return falsifying(line, (body, { url }) => {
    if (body.byteLength === 0 || !url.pathname.endsWith("read")) return undefined;
    if (url.pathname.endsWith("/compartments/read")) {
      const told = compartments.read(body);
      return { body: compartments.write({ ...told, records: records(told.records) }), isLie: true };
    }
    if (!url.pathname.endsWith("v1/read")) return undefined;
    const told = batches.read(body);
    return { body: batches.write({ ...told, records: records(told.records) }), isLie: true };
  });
}

describe("a parent whose records are no records", () => {
  it(
    "[S10] has them refused or kept one by one, and the child goes on",
    async () => {
      await fc.assert(
        fc.asyncProperty(fc.array(aDamage, { minLength: 6, maxLength: 6 }), async (damages) => {
          await using network = await openBusyNetwork();
          await network.round();
          for (const damage of damages) {
            await network.work();
            network.setLine((honest) => rewriting(honest, damage));
            await inTime(() => network.round().catch(refuseDefects));
          }
          network.setLine((honest) => honest);
          await network.work();
          await network.round();
          expect(await network.child.bodies()).toHaveProperty(["Patient/from-above-7"]);
        }),
        fuzzing(bodies),
      );
    },
    fuzzTimeoutMs,
  );
});

/** Says of every comparison that all buckets differ, and damages what it tells of the whole or of them. */
function comparingWrongly(line: Exchange, damage: Damage, isRootDamaged: boolean): Exchange {
  return falsifying(line, (body, { url }) => {
    if (url.pathname.endsWith("/verify/records")) return { body: damage(body), isLie: true };
    if (!url.pathname.endsWith("/verify/root")) return undefined;
    const told = JSON.parse(body.toString()) as object;
    const lie = Buffer.from(JSON.stringify({ ...told, kind: "different", buckets: "" }));
    return { body: isRootDamaged ? damage(lie) : lie, isLie: true };
  });
}

describe("a parent whose comparisons are nonsense", () => {
  it(
    "[S141] ends them with a code or with differences that it made up, and changes no record",
    async () => {
      await using network = await openBusyNetwork();
      for (let round = 0; round < 3; round++) await network.round();
      const before = await network.child.bodies();
      await fc.assert(
        fc.asyncProperty(aDamage, fc.boolean(), async (damage, isRootDamaged) => {
          network.setLine((honest) => comparingWrongly(honest, damage, isRootDamaged));
          await inTime(() => network.synchronizer.verifyOnce(new AbortController().signal).catch(refuseDefects));
        }),
        fuzzing(comparisons),
      );
      expect(await network.child.bodies()).toEqual(before);
    },
    fuzzTimeoutMs,
  );
});

describe("a line that damages bytes", () => {
  it(
    "[S44] delays and changes nothing: afterwards both ends hold the same",
    async () => {
      await fc.assert(
        fc.asyncProperty(fc.array(fc.tuple(aLineDamage, someTurns), { minLength: 2, maxLength: 4 }), async (rounds) => {
          await using network = await openBusyNetwork();
          for (const [damage, turns] of rounds) {
            await network.work();
            network.setLine((honest) => damaging(honest, damage, new Set(turns), false));
            await inTime(() => network.round().catch(refuseDefects));
          }
          network.setLine((honest) => honest);
          for (let round = 0; round < 3; round++) await network.round();

          expect((await network.synchronizer.verifyOnce(new AbortController().signal)).outcome).toBe("identical");
        }),
        fuzzing(damagedRounds),
      );
    },
    fuzzTimeoutMs,
  );
});

/** The records that users of the child have made, which no answer may take away. */
async function ownWork({ child }: Awaited<ReturnType<typeof openBusyNetwork>>): Promise<string[]> {
  return Object.keys(await child.bodies()).filter((name) => /from-below|note-below/.test(name));
}

const codes = ["REMOTE_NONSENSE", "REMOTE_UNAVAILABLE", "REMOTE_REFUSED", "EPOCH_CHANGED"];

/** Ends that are told by a code are what is asked for; all else is a defect. */
function refuseDefects(error: unknown): void {
  if (!codes.includes(String((error as { readonly code?: unknown }).code))) throw error;
}
