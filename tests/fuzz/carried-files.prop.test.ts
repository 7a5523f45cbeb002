import { readFile, writeFile } from "node:fs/promises";
import { openTestDatabase } from "@tributary/database/testing";
import { TributaryError } from "@tributary/kernel";
import { aNoteOn, aPatientIn, openSticks, resealFile, type Sticks } from "@tributary/sync/testing";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { contentOf } from "./busy-network.ts";
import { aDamage, type Damage } from "./damage.ts";
import { fuzzing, fuzzTimeoutMs, inTime } from "./fuzz-budget.ts";

const damagedFiles = 60;
const lies = 6;
const liesPerRun = 6;

/** A parent and a child with work at both ends, of which nothing has been carried yet. */
async function openBusySticks(): Promise<Sticks> {
  const sticks = await openSticks(() => openTestDatabase("sqlite"));
  await work(sticks, 0);
  return sticks;
}

async function work({ parent, child }: Sticks, nth: number): Promise<void> {
  const born = (year: number) => ({ birthDate: `${year + nth}-01-01` });
  await parent.save(aPatientIn("Kisumu", "shared", born(1950)), aPatientIn("Kisumu", `above-${nth}`));
  await child.save(aPatientIn("Kisumu", "shared", born(1960)), aPatientIn("Kisumu", `below-${nth}`));
  await child.save(aNoteOn(`below-${nth}`, `note-below-${nth}`));
}

describe("a carried file that was damaged", () => {
  it(
    "[S161] is refused with a code, and nothing is changed at either end",
    async () => {
      await using sticks = await openBusySticks();
      const bundle = await sticks.write();
      const { answer } = await sticks.play(bundle);
      const files = { bundle: await readFile(bundle), answer: await readFile(answer) };
      const before = [await contentOf(sticks.parent.database), await contentOf(sticks.child.database)];
      await fc.assert(
        fc.asyncProperty(fc.constantFrom("bundle", "answer"), aDamage, async (which, damage) => {
          const damaged = damage(files[which]);
          if (damaged.equals(files[which])) return;
          const path = `${bundle}-damaged`;
          await writeFile(path, damaged);

          const ended = await inTime(() =>
            (which === "bundle" ? sticks.play(path) : sticks.take(path)).catch((error: unknown) => error),
          );

          expect(ended).toBeInstanceOf(TributaryError);
          expect((ended as TributaryError).code).toBe("CARRIED_FILE_REFUSED");
        }),
        fuzzing(damagedFiles),
      );
      expect([await contentOf(sticks.parent.database), await contentOf(sticks.child.database)]).toEqual(before);
    },
    fuzzTimeoutMs,
  );
});

const someLies = fc.array(fc.tuple(aDamage, fc.nat(5)), { minLength: liesPerRun, maxLength: liesPerRun });

describe("a carried file that its own sender has filled with nonsense", () => {
  it(
    "[S164] ends with a code at the parent, never with a defect",
    async () => {
      await fc.assert(
        fc.asyncProperty(someLies, async (told) => {
          await using sticks = await openBusySticks();
          for (const [damage, which] of told) {
            const lying = await resealed(sticks, await sticks.write(), "bundle", damage, which);
            await inTime(() => sticks.play(lying).catch(refuseDefects));
          }
        }),
        fuzzing(lies),
      );
    },
    fuzzTimeoutMs,
  );

  it(
    "[S164] ends with a code at the child, never with a defect, and the child keeps its own work",
    async () => {
      await fc.assert(
        fc.asyncProperty(someLies, async (told) => {
          await using sticks = await openBusySticks();
          for (const [nth, [damage, which]] of told.entries()) {
            await work(sticks, nth + 1);
            const { answer } = await sticks.play(await sticks.write());
            const before = await ownWork(sticks);
            const lying = await resealed(sticks, answer, "answer", damage, which);
            await inTime(() => sticks.take(lying).catch(refuseDefects));
            expect(await ownWork(sticks)).toEqual(before);
          }
        }),
        fuzzing(lies),
      );
    },
    fuzzTimeoutMs,
  );
});

function resealed(
  { parent, child }: Sticks,
  file: string,
  kind: "bundle" | "answer",
  damage: Damage,
  which: number,
): Promise<string> {
  return resealFile(file, { kind, parent, child }, (part, place) => (place === which ? damage(part) : part));
}

async function ownWork({ child }: Sticks): Promise<string[]> {
  return Object.keys(await child.bodies()).filter((name) => /below/.test(name));
}

const codes = ["CARRIED_FILE_REFUSED", "REMOTE_NONSENSE", "REMOTE_REFUSED", "EPOCH_CHANGED"];

/** Ends that are told by a code are what is asked for; all else is a defect. */
function refuseDefects(error: unknown): void {
  if (!codes.includes(String((error as { readonly code?: unknown }).code))) throw error;
}
