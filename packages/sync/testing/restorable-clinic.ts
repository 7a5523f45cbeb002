import { livingIn, setCatchment } from "./catchments.ts";
import { enrol } from "./node-for-tests.ts";
import { openRestorableNode, type RestorableNode } from "./restorable-node.ts";

/** A parent and a clinic with a catchment of it, each of which can be put back to what it was. */
interface RestorableClinic extends AsyncDisposable {
  readonly parent: RestorableNode;
  readonly clinic: RestorableNode;
}

/**
 * Opens a parent with a catchment of the patients who live in each of some cities, named after it in lower case, and a
 * clinic that has the first of them.
 */
export async function openRestorableClinic(
  dialect: "sqlite" | "postgres",
  cities: readonly [string, ...string[]] = ["Kisumu"],
): Promise<RestorableClinic> {
  const stack = new AsyncDisposableStack();
  const parent = stack.use(await openRestorableNode(dialect, "centre"));
  const clinic = stack.use(await openRestorableNode(dialect, "clinic"));
  for (const city of cities) await setCatchment(parent.node, city.toLowerCase(), livingIn(city));
  await enrol(clinic.node, parent.node, parent.answer, cities[0].toLowerCase());
  return { parent, clinic, [Symbol.asyncDispose]: () => stack.disposeAsync() };
}
