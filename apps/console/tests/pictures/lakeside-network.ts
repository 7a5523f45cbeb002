import { addConsumers } from "../consumers.ts";
import { password } from "../linked-nodes.ts";
import { enrol, type NodeForBrowser, startNode } from "../node-for-browser.ts";
import { aPatient, people } from "./people.ts";

/** A network in which something is going on everywhere, and the names of what there is to be seen. */
export interface LakesideNetwork extends AsyncDisposable {
  readonly hospital: NodeForBrowser;
  readonly lake: NodeForBrowser;
  /** A child of the hospital that has a child of its own. */
  readonly hub: NodeForBrowser;
}

/** Children speak often, so that one that stopped is soon known to be silent. */
const lively = { TRIBUTARY_PULL_EVERY_SECONDS: "3" };
const watchful = { TRIBUTARY_ALERTS_SILENT_MINUTES: "0.4" };
const askAgainMs = 200;

/**
 * A hospital with a hub and three clinics: one in step, one with a conflict and failed events, one that went silent, and a
 * post whose access was taken away.
 */
export async function startLakeside(): Promise<LakesideNetwork> {
  await using started = new AsyncDisposableStack();
  const start = async (role: "parent" | "child" | "hub", id: string, settings: Readonly<Record<string, string>>) =>
    started.use(await startNode(role, id, settings));
  const hospital = await start("parent", "district-hospital", watchful);
  for (const [at, person] of people.entries()) await hospital.put(aPatient(at, person));
  for (const town of ["kisumu", "homa-bay", "siaya"]) {
    const city = town === "homa-bay" ? "Homa Bay" : town[0]?.toUpperCase() + town.slice(1);
    await hospital.admin("PUT", `/catchments/${town}`, {
      rule: { location: { address: `Kenya%*%*%${city}` } },
      reason: "The clinics have patients of their own.",
    });
  }
  const hub = await start("hub", "north-hub", lively);
  const lake = await start("child", "lake-clinic", lively);
  const hill = await start("child", "hill-clinic", lively);
  const island = await start("child", "island-clinic", lively);
  const post = await start("child", "border-post", lively);
  const ferry = await start("child", "ferry-post", lively);
  for (const [child, parent, catchment] of [
    [hub, hospital, undefined],
    [lake, hospital, "kisumu"],
    [hill, hospital, "siaya"],
    [island, hospital, "homa-bay"],
    [post, hospital, "siaya"],
    [ferry, hub, undefined],
  ] as const) {
    const { code } = await parent.admin("POST", "/children", {
      node: child.id,
      ...(catchment ? { catchment } : {}),
    });
    await enrol(child, parent, String(code));
  }
  await until(async () => ((await lake.admin("GET", "/records?q=otieno"))["items"] as unknown[]).length > 0);
  for (const node of [hospital, lake, hub]) {
    for (const [name, role] of [
      ["achieng", "administrator"],
      ["baraka", "operator"],
      ["nafula", "reviewer"],
      ["otieno", "viewer"],
    ]) {
      await node.admin("POST", "/users", { name, role, password });
    }
  }
  const seen = async () => (await hospital.admin("GET", "/network?sort=lastSeenAt&state=never-seen"))["total"] === 0;
  await until(seen);
  await hospital.admin("DELETE", "/children/border-post");
  await island[Symbol.asyncDispose]();
  await editBothEnds(hospital, lake);
  await failSome(lake);
  addConsumers(hospital);
  // The one that was stopped is known to be silent, and the others have told of themselves since.
  await until(async () => {
    const { counts, children } = await hospital.admin("GET", "/network?q=north-hub");
    const [told] = children as readonly { children: number | null }[];
    return (counts as Record<string, number>)["silent"] === 1 && told?.children === 1;
  });
  const running = started.move();
  return { hospital, lake, hub, [Symbol.asyncDispose]: () => running.disposeAsync() };
}

async function until(holds: () => Promise<boolean>): Promise<void> {
  while (!(await holds())) await new Promise((resolve) => setTimeout(resolve, askAgainMs));
}

/** Two patients are edited at both ends while the line is down; then the edits meet. */
async function editBothEnds(hospital: NodeForBrowser, lake: NodeForBrowser): Promise<void> {
  const [first, second] = people;
  if (!first || !second) return;
  await lake.admin("POST", "/pause", { reason: "the mast is being mended" });
  await hospital.put(aPatient(0, { ...first, birthDate: "1984-03-12", phone: "+254 700 000 111" }));
  await lake.put(aPatient(0, { ...first, birthDate: "1984-12-03", phone: "+254 700 000 222" }));
  await hospital.put(aPatient(1, { ...second, family: "Atieno" }));
  await lake.put(aPatient(1, { ...second, family: "Owino" }));
  await lake.put(aPatient(3, { ...people[3]!, phone: "+254 700 000 333" }));
  await lake.admin("POST", "/resume", {});
  await lake.admin("POST", "/push", {});
  await lake.admin("POST", "/pull", {});
}

/** What refers to nobody is parked at the parent. */
async function failSome(lake: NodeForBrowser): Promise<void> {
  for (const [id, subject, text, value] of [
    ["weight-17", "unregistered-7", "Body weight", 61.5],
    ["temperature-4", "unregistered-7", "Body temperature", 38.4],
    ["weight-21", "unregistered-9", "Body weight", 14.2],
  ] as const) {
    await lake.put({
      resourceType: "Observation",
      id,
      status: "final",
      code: { text },
      subject: { reference: `Patient/${subject}` },
      effectiveDateTime: "2031-05-02T09:30:00Z",
      valueQuantity: { value, unit: text.endsWith("weight") ? "kg" : "Cel" },
    } as never);
  }
  await lake.admin("POST", "/push", {});
}
