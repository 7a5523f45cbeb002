import { listAudit } from "@tributary/runtime";
import { northTown, southTown } from "../catchments/clinic-catchment.ts";
import type { ApartResult } from "../demo-result.ts";
import { fhirClientFor } from "../fhir-client.ts";
import { secondsSince } from "../seconds-since.ts";
import type { Stage } from "../stage.ts";
import { untilInStep } from "../watch-stage.ts";
import { findEdits } from "./find-edits.ts";
import { makeEdits } from "./make-edits.ts";
import { writeSharedRecords } from "./shared-records.ts";

/** More merges than the edits can come to. */
const mergesMax = 500;

/** Cuts the children off, lets every node edit, mends the lines, and looks for every edit once all are in step again. */
export async function playApart(stage: Stage): Promise<ApartResult> {
  const { plan, parent, children, client, lines } = stage;
  const { clock, terminal, signal } = plan;
  const shared = await writeSharedRecords(client);
  await untilInStep(stage);
  const [first, second] = await Promise.all(
    children.map(async (child, at) => ({
      name: child.name,
      town: at === 0 ? northTown : southTown,
      client: fhirClientFor(child.url, await child.createToken("demo"), signal),
    })),
  );
  for (const line of lines) line.cut();
  terminal.redraw("The clinics are cut off; every node edits …");
  const edits = await makeEdits([{ name: parent.name, client, town: northTown }, first!, second!], shared);
  for (const line of lines) line.mend();
  const mendedAt = clock.now();
  await untilInStep(stage, 2);
  const meetSeconds = secondsSince(mendedAt, clock);
  const database = await parent.database();
  const { entries } = await listAudit(database, { operation: "merge", node: parent.name }, { limit: mergesMax });
  const { openConflicts } = await parent.status();
  return { editsApart: await findEdits(database, edits), merges: entries.length, openConflicts, meetSeconds };
}
