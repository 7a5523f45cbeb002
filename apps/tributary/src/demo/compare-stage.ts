import type { Terminal } from "../terminal.ts";
import { compareHoldings, readHoldings } from "./compare-nodes.ts";
import type { ChildResult } from "./demo-result.ts";
import type { Stage } from "./stage.ts";

/** A few references are enough to begin looking for the reason. */
const referencesTold = 10;

/** Compares every record of every child with the parent's, text by text; tells the terminal of the first that differ. */
export async function compareStage({ parent, children, plan }: Stage): Promise<{
  readonly converged: boolean;
  readonly records: number;
  readonly children: readonly ChildResult[];
}> {
  const held = await readHoldings(await parent.database());
  const results: ChildResult[] = [];
  for (const child of children) {
    const { records, missing, different, extra } = compareHoldings(held, await readHoldings(await child.database()));
    tellDifferences(child.name, { missing, different, extra }, plan.terminal);
    results.push({
      name: child.name,
      records,
      missing: missing.length,
      different: different.length,
      extra: extra.length,
      ...child.traffic,
    });
  }
  const converged = held.size > 0 && results.every((one) => one.missing + one.different + one.extra === 0);
  return { converged, records: held.size, children: results };
}

function tellDifferences(
  child: string,
  differences: Readonly<Record<string, readonly string[]>>,
  terminal: Terminal,
): void {
  for (const [kind, references] of Object.entries(differences)) {
    if (references.length === 0) continue;
    terminal.note(`${child}, ${references.length} ${kind}: ${references.slice(0, referencesTold).join(", ")}`);
  }
}
