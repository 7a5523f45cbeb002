import { mkdir, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { CuttableLine } from "./cuttable-line.ts";
import { DemoNode, folderOf } from "./demo-node.ts";
import type { DemoPlan } from "./demo-plan.ts";
import { type FhirClient, fhirClientFor } from "./fhir-client.ts";
import { freePorts } from "./free-port.ts";
import { openParentDatabase } from "./parent-database.ts";

/** How often children look at their parent: often, since somebody watches. */
const pullEverySeconds = "0.5";
const childNames = ["child-1", "child-2"] as const;

/** The nodes of the demonstration, all serving, and the lines between them. */
export interface Stage {
  readonly plan: DemoPlan;
  readonly parent: DemoNode;
  readonly children: readonly DemoNode[];
  /** The parent's FHIR API. */
  readonly client: FhirClient;
  /** One a child, in the order of the children. */
  readonly lines: readonly CuttableLine[];
}

/** Starts a parent and two enrolled children; all of it ends with the stack. */
export async function setUpStage(plan: DemoPlan, stack: AsyncDisposableStack): Promise<Stage> {
  const { terminal, signal, clock } = plan;
  const home = await makeHome(plan, stack);
  const database = plan.onPostgres ? stack.use(await openParentDatabase(terminal.environment)) : undefined;
  const ports = await freePorts(1 + childNames.length);
  const [parentPort = 0, ...childPorts] = ports;
  const common = { clock, signal };
  terminal.redraw("Starting a parent and two children …");
  const parent = stack.use(
    await DemoNode.init({
      ...common,
      role: "parent",
      name: "parent",
      folder: folderOf(home, "parent"),
      port: parentPort,
      environment: { TRIBUTARY_LOG_LEVEL: "warn" },
      ...(database ? { database: database.url } : {}),
    }),
  );
  await parent.serve();
  const lines = await Promise.all(childNames.map(() => CuttableLine.to(parentPort)));
  const children = await Promise.all(
    childNames.map(async (name, index) => {
      const child = stack.use(
        await DemoNode.init({
          ...common,
          role: "child",
          name,
          folder: folderOf(home, name),
          port: childPorts[index] ?? 0,
          environment: { TRIBUTARY_LOG_LEVEL: "debug", TRIBUTARY_PULL_EVERY_SECONDS: pullEverySeconds },
        }),
      );
      await child.enrolWith(parent, lines[index]!.url);
      await child.serve();
      return child;
    }),
  );
  for (const line of lines) stack.use(line);
  return { plan, parent, children, lines, client: fhirClientFor(parent.url, parent.token, signal) };
}

async function makeHome({ folder, keepsFolder, terminal }: DemoPlan, stack: AsyncDisposableStack): Promise<string> {
  const home = folder ?? (await mkdtemp(join(tmpdir(), "tributary-demo-")));
  await mkdir(home, { recursive: true });
  if (folder || keepsFolder) terminal.note(`The nodes stay in ${home}.`);
  else stack.defer(() => rm(home, { recursive: true, force: true }));
  return home;
}
