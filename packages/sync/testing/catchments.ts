import type { Database } from "@tributary/database";
import type { JsonObject } from "@tributary/fhir";
import { putCatchment } from "../src/catchment/catchments.ts";
import { assignCatchment } from "../src/catchment/child-assignments.ts";
import { beginPass, continuePasses } from "../src/catchment/passes.ts";
import type { CatchmentRule } from "../src/catchment/rule/catchment-rule.ts";
import type { PullReport, PushReport } from "../src/sync-report.ts";
import type { SyncServerOptions } from "../src/sync-server.ts";
import type { Synchronizer } from "../src/synchronizer.ts";
import type { SynchronizerOptions } from "../src/synchronizer-options.ts";
import { counting } from "./bad-lines.ts";
import { enrol, moveAll, type NodeForTests, openNodeForTests, synchronizerOf } from "./node-for-tests.ts";

/** What of a node decides about memberships. */
type Deciding = Pick<NodeForTests, "database" | "memberships" | "clock">;

/** Gives a catchment a rule and decides about every patient by it. */
export async function setCatchment(node: Deciding, name: string, rule: CatchmentRule): Promise<void> {
  const { database, clock } = node;
  await database.transaction(async (tx) => {
    await putCatchment(tx, { name, rule }, { at: clock.now(), author: "operator", reason: null });
    await beginPass(tx, name, clock.now());
  });
  await endPasses(node);
}

/** Does all passes that wait. */
export async function endPasses({ database, memberships, clock }: Deciding): Promise<void> {
  while (await continuePasses(database, memberships, clock));
  await moveAll(database);
}

/** Assigns a catchment to a child, at its parent. */
export async function assign(parent: NodeForTests, child: NodeForTests, catchment: string): Promise<void> {
  const { database, clock } = parent;
  await database.transaction((tx) =>
    assignCatchment(tx, { node: child.id, catchment, by: "operator", at: clock.now() }),
  );
}

/** A parent with a catchment of the patients who live in Kisumu, and a clinic that has it. */
export interface ClinicForTests extends AsyncDisposable {
  readonly parent: NodeForTests;
  readonly child: NodeForTests;
  /** The clinic's line, which counts what it is asked. */
  readonly line: ReturnType<typeof counting>;
  readonly synchronizer: Synchronizer;
  /** Pushes and pulls once. */
  round(): Promise<{ readonly pushed: PushReport; readonly pulled: PullReport }>;
}

/** Opens a parent and a clinic of the patients of Kisumu, each over a database of its own. */
export async function openClinic(
  open: () => Promise<Database>,
  more: Partial<SynchronizerOptions> = {},
  server?: (database: Database) => Partial<SyncServerOptions>,
): Promise<ClinicForTests> {
  const parent = await openNodeForTests(await open(), "centre", undefined, server);
  const child = await openNodeForTests(await open(), "clinic-1", more.clock);
  await setCatchment(parent, "kisumu", livingIn("Kisumu"));
  await enrol(child, parent, parent.answer, "kisumu");
  const line = counting(parent.answer);
  const synchronizer = synchronizerOf(child, line, { memberships: child.memberships, ...more });
  const signal = new AbortController().signal;
  return {
    parent,
    child,
    line,
    synchronizer,
    async round() {
      const pushed = await synchronizer.pushOnce(signal);
      await moveAll(parent.database);
      const pulled = await synchronizer.pullOnce(signal);
      await moveAll(child.database);
      return { pushed, pulled };
    },
    async [Symbol.asyncDispose]() {
      await synchronizer[Symbol.asyncDispose]();
      await child.database.close();
      await parent.database.close();
    },
  };
}

/** Opens another clinic of the same parent, over a database of its own, with the catchment of the patients of a city. */
export async function openClinicBeside(
  { parent }: Pick<ClinicForTests, "parent">,
  open: () => Promise<Database>,
  id: string,
  city: string,
): Promise<Pick<ClinicForTests, "child" | "synchronizer"> & AsyncDisposable> {
  const child = await openNodeForTests(await open(), id);
  await setCatchment(parent, city.toLowerCase(), livingIn(city));
  await enrol(child, parent, parent.answer, city.toLowerCase());
  const synchronizer = synchronizerOf(child, parent.answer, { memberships: child.memberships });
  return {
    child,
    synchronizer,
    async [Symbol.asyncDispose]() {
      await synchronizer[Symbol.asyncDispose]();
      await child.database.close();
    },
  };
}

/** The rule that chooses by the city of an address. */
export function livingIn(city: string): CatchmentRule {
  return { location: { address: `*%*%*%${city}` } };
}

/** A Patient who lives in a city. */
export function aPatientIn(city: string, id: string, more: JsonObject = {}): JsonObject {
  return { resourceType: "Patient", id, address: [{ city, country: "Kenya" }], ...more };
}

/** An Observation about a patient. */
export function aNoteOn(patient: string, id: string, text = "note"): JsonObject {
  const subject = { reference: `Patient/${patient}` };
  return { resourceType: "Observation", id, status: "final", code: { text }, subject };
}
