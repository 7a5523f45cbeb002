import { listOpenConflicts, resolveConflict } from "@tributary/sync";
import { type Place, tokensIn } from "../oracle/ledger.ts";
import { Crash } from "../world/sim-disk.ts";
import type { SimNode } from "../world/sim-node.ts";
import type { UserSurroundings } from "./user-surroundings.ts";

const seenAtOnce = 20;

/** The clinical reviewers at every node: they decide open conflicts, for one side or for what the record says. */
export class Deciders {
  readonly #surroundings: UserSurroundings;

  constructor(surroundings: UserSurroundings) {
    this.#surroundings = surroundings;
  }

  /** One reviewer at one node decides one conflict, if there is any. */
  async act(simNode: SimNode): Promise<void> {
    const { ledger, random, coverage, tell } = this.#surroundings;
    const { node, name } = simNode;
    const open = await listOpenConflicts(node.database, seenAtOnce);
    const conflict = open[Math.floor(random.next() * open.length)];
    if (!conflict) return;
    const take = (["parent", "child", "current"] as const)[Math.floor(random.next() * 3)]!;
    const record = `${conflict.type}/${conflict.id}`;
    const before = await node.store.read(node.database, conflict);
    const saw = tokensIn(before?.body ?? "");
    let isCertain = true;
    try {
      const { kind } = await node.database.transaction((tx) =>
        resolveConflict(
          tx,
          { store: node.store, nodeId: node.id, clock: node.clock, random: node.random },
          {
            conflictId: conflict.conflictId,
            choice: { take },
            reason: "The simulation says so.",
            author: `reviewer@${name}`,
          },
        ),
      );
      tell(`${name}: decides ${record} ${conflict.element.path} for ${take}: ${kind}`);
      if (kind !== "resolved") return;
    } catch (error) {
      if ((error as { code?: string }).code === "DATABASE_FULL") return;
      if (!(error instanceof Crash)) throw error;
      isCertain = false;
    }
    coverage.note("op.resolve");
    const replaces = conflict.element.path === conflict.type ? "all" : placeOf(conflict.element.path);
    const wrote = new Map<Place, string>();
    const after = isCertain ? await node.store.read(node.database, conflict) : undefined;
    const version = after?.version ?? (before?.version ?? 0) + 1;
    ledger.note({
      node: name,
      record,
      kind: "decision",
      wrote,
      saw,
      sawDeletions: new Set(),
      isCertain,
      version,
      replaces,
    });
  }
}

const places: readonly (readonly [element: string, place: Place])[] = [
  ["name", "name"],
  ["address", "address"],
  ["telecom", "telecom"],
  ["maritalStatus", "marital"],
  ["extension", "note"],
  ["identifier", "identifier"],
];

function placeOf(path: string): Place | undefined {
  if (path.startsWith("Observation.note")) return "note";
  return places.find(([element]) => path.startsWith(`Patient.${element}`))?.[1];
}
