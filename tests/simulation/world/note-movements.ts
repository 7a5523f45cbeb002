import { sql } from "@tributary/database";
import type { Happening } from "../coverage.ts";
import type { World } from "./world.ts";

const happenings: Readonly<Record<string, Happening>> = {
  entered: "catchment.entered",
  left: "catchment.left",
  purged: "catchment.purged",
  "accepted-late": "catchment.late-edit",
};

const countOutcomes = sql(`
  select outcome, count(*) as n from audit_entries
  where outcome in (${Object.keys(happenings)
    .map((outcome) => `'${outcome}'`)
    .join(", ")})
  group by outcome`);

/** Counts who came into catchments and left them, as the children's trails tell. */
export async function noteMovements({ children, coverage }: World): Promise<void> {
  for (const { node } of children) {
    for (const { outcome, n } of await node.database.all<{ outcome: string; n: number }>(countOutcomes)) {
      coverage.note(happenings[outcome]!, n);
    }
  }
}
