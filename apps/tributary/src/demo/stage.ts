import { mkdir, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type ChosenTowns, chooseTowns } from "./catchments/choose-towns.ts";
import { type ClinicCatchment, living, livingElsewhere, northTown, southTown } from "./catchments/clinic-catchment.ts";
import { CuttableLine } from "./cuttable-line.ts";
import { DemoNode, folderOf } from "./demo-node.ts";
import type { DemoPlan } from "./demo-plan.ts";
import { type FhirClient, fhirClientFor } from "./fhir-client.ts";
import { freePorts } from "./free-port.ts";
import { nodeNames } from "./node-names.ts";
import { openParentDatabase } from "./parent-database.ts";

/** How often children look at their parent: often, since somebody watches. */
const pullEverySeconds = "0.5";
const childNames = [nodeNames.first, nodeNames.second] as const;
/** A child that has not been heard of for so long is silent: soon, since somebody watches. */
const silentAfterMinutes = 0.2;
export const silentAfterMs = silentAfterMinutes * 60_000;

/** The nodes of the demonstration, all serving, and the lines between them. */
export interface Stage {
  readonly plan: DemoPlan;
  /** Where the nodes' folders are. */
  readonly home: string;
  readonly parent: DemoNode;
  readonly children: readonly DemoNode[];
  /** The catchment of each child, by the child's name. */
  readonly clinics: ReadonlyMap<string, ClinicCatchment>;
  readonly towns: ChosenTowns;
  /** The parent's FHIR API. */
  readonly client: FhirClient;
  /** One a child, in the order of the children. */
  readonly lines: readonly CuttableLine[];
}

/** Starts a parent with two catchments and a clinic for each; all of it ends with the stack. */
export async function setUpStage(plan: DemoPlan, stack: AsyncDisposableStack): Promise<Stage> {
  const { terminal, signal, clock, source } = plan;
  const home = await makeHome(plan, stack);
  const towns = await chooseTowns(source);
  const database = plan.onPostgres ? stack.use(await openParentDatabase(terminal.environment)) : undefined;
  const [port = 0] = await freePorts(1);
  terminal.redraw("Starting a hospital and two clinics …");
  const parent = stack.use(
    await DemoNode.init({
      clock,
      signal,
      role: "parent",
      name: nodeNames.parent,
      folder: folderOf(home, nodeNames.parent),
      port,
      environment: { TRIBUTARY_LOG_LEVEL: "warn", TRIBUTARY_ALERTS_SILENT_MINUTES: String(silentAfterMinutes) },
      ...(database ? { database: database.url } : {}),
    }),
  );
  await parent.serve();
  const northTowns = [...towns.north, northTown];
  const clinics = [living("north", northTowns), livingElsewhere("south", southTown, northTowns)];
  for (const clinic of clinics) await parent.setCatchment(clinic);
  const client = fhirClientFor(parent.url, parent.token, signal);
  let stage: Stage = { plan, home, parent, children: [], clinics: new Map(), towns, client, lines: [] };
  for (const [at, clinic] of clinics.entries()) stage = await addChild(stage, stack, childNames[at]!, clinic);
  return stage;
}

/** Starts one more clinic and enrols it for its catchment; returns the stage with it. */
export async function addChild(
  stage: Stage,
  stack: AsyncDisposableStack,
  name: string,
  clinic: ClinicCatchment,
  environment: Readonly<Record<string, string>> = {},
): Promise<Stage> {
  const { plan, home, parent, children, clinics, lines } = stage;
  const { clock, signal } = plan;
  const line = await CuttableLine.to(Number(new URL(parent.url).port));
  const [port = 0] = await freePorts(1);
  const child = stack.use(
    await DemoNode.init({
      clock,
      signal,
      role: "child",
      name,
      folder: folderOf(home, name),
      port,
      environment: { TRIBUTARY_LOG_LEVEL: "debug", TRIBUTARY_PULL_EVERY_SECONDS: pullEverySeconds, ...environment },
    }),
  );
  stack.use(line);
  await child.enrolWith(parent, line.url, clinic.name);
  await child.serve();
  return {
    ...stage,
    children: [...children, child],
    clinics: new Map([...clinics, [name, clinic]]),
    lines: [...lines, line],
  };
}

async function makeHome({ folder, keepsFolder, terminal }: DemoPlan, stack: AsyncDisposableStack): Promise<string> {
  const home = folder ?? (await mkdtemp(join(tmpdir(), "tributary-demo-")));
  await mkdir(home, { recursive: true });
  if (folder || keepsFolder) terminal.note(`The nodes stay in ${home}.`);
  else stack.defer(() => rm(home, { recursive: true, force: true }));
  return home;
}
