import { listPasses } from "@tributary/sync";
import { nodeNames } from "../node-names.ts";
import { secondsSince } from "../seconds-since.ts";
import { addChild, type Stage } from "../stage.ts";
import { untilInStep } from "../watch-stage.ts";
import { living, northTown, southTown } from "./clinic-catchment.ts";

const name = nodeNames.late;
const lookEveryMs = 100;

/** How a clinic began that joined the others late. */
export interface Beginning {
  readonly clinic: string;
  /** What it began from; a small catchment usually comes patient by patient, here a snapshot is asked for. */
  readonly from: "snapshot" | "compartments";
  readonly records: number;
  /** From its enrolment to being in step. */
  readonly seconds: number;
}

/** Adds a clinic for the town with most patients, which begins from a snapshot; returns the stage with it. */
export async function playBeginning(
  stage: Stage,
  stack: AsyncDisposableStack,
): Promise<{ readonly stage: Stage; readonly began: Beginning }> {
  const { plan, parent, towns } = stage;
  const { clock, terminal } = plan;
  const clinic = living("east", [...(towns.largest === undefined ? [] : [towns.largest]), northTown, southTown]);
  await parent.setCatchment(clinic);
  await untilDecided(stage, clinic.name);
  terminal.redraw(`${name} enrols and begins from a snapshot …`);
  const startedAt = clock.now();
  const joined = await addChild(stage, stack, name, clinic, { TRIBUTARY_SNAPSHOTS_ABOVE_PATIENTS: "1" });
  await untilInStep(joined);
  const child = joined.children.at(-1)!;
  const { records } = await child.status();
  const from = child.hasTakenSnapshot ? "snapshot" : "compartments";
  return { stage: joined, began: { clinic: name, from, records, seconds: secondsSince(startedAt, clock) } };
}

/** Waits until the parent has decided about every patient by a rule that is new. */
async function untilDecided({ plan, parent }: Stage, catchment: string): Promise<void> {
  const { clock, signal } = plan;
  const database = await parent.database();
  while ((await listPasses(database)).some((pass) => pass.catchment === catchment && pass.endedAt === null)) {
    parent.requireRunning();
    await clock.sleep(lookEveryMs, signal);
  }
}
