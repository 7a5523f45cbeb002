import { pathToFileURL } from "node:url";
import { TributaryError } from "@tributary/kernel";
import { builtInStrategyNames, type CatchmentStrategy } from "@tributary/sync";
import type { NodeConfig } from "../config/config-schema.ts";

/** Words that join rules in place of naming a strategy. */
const joining = ["all", "any", "not"];

/**
 * A site's own ways to choose patients: those of the module that `catchments.strategies` names, then those that were
 * handed in by code. Rules call them by their names.
 *
 * Throws `CONFIG_INVALID` when the module cannot be loaded, holds anything else, or a name is taken.
 */
export async function catchmentStrategiesOf(
  { catchments }: Pick<NodeConfig, "catchments">,
  handedIn: readonly CatchmentStrategy[] = [],
): Promise<readonly CatchmentStrategy[]> {
  const inModule = catchments.strategies === undefined ? [] : await loadStrategies(catchments.strategies);
  const all = [...inModule, ...handedIn];
  const taken = new Set<string>([...builtInStrategyNames, ...joining]);
  for (const { name } of all) {
    if (taken.has(name)) throw invalid(`There are two strategies for catchments of the name ${name}.`);
    taken.add(name);
  }
  return all;
}

async function loadStrategies(file: string): Promise<readonly CatchmentStrategy[]> {
  let module: { readonly strategies?: unknown };
  try {
    module = (await import(pathToFileURL(file).href)) as { readonly strategies?: unknown };
  } catch (cause) {
    throw invalid(`catchments.strategies names ${file}, which cannot be loaded.`, cause);
  }
  const { strategies } = module;
  if (Array.isArray(strategies) && strategies.every(isStrategy)) return strategies;
  throw invalid(
    `${file} must export \`strategies\`, a list such as { name: "born-before", read: (year) => ({ needs: { body: true }, holds: ({ body }) => (body?.birthDate ?? year) < year }) }.`,
  );
}

function isStrategy(value: unknown): value is CatchmentStrategy {
  const { name, read } = (value ?? {}) as Record<string, unknown>;
  return typeof name === "string" && /^[a-z][a-z-]{0,62}$/.test(name) && typeof read === "function";
}

function invalid(sentence: string, cause?: unknown): TributaryError {
  return new TributaryError("CONFIG_INVALID", sentence, { cause });
}
