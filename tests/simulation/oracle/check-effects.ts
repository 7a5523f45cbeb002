import { sql } from "@tributary/database";
import { verifyAuditTrail } from "@tributary/runtime";
import type { SimNode } from "../world/sim-node.ts";
import { Violation } from "./violation.ts";

const countTwice = sql(`
  select type, resource_key, origin_node, origin_operation, count(*) as n from resource_version
  where origin_operation is not null
  group by type, resource_key, origin_node, origin_operation having count(*) > 1 limit 1`);
const countPushesTwice = sql(`
  select reference, operation_id, count(*) as n from audit_entries
  where operation in ('push', 'merge') and outcome in ('applied', 'merged')
  group by node, link, reference, operation_id having count(*) > 1 limit 1`);
const countVersions = sql("select count(*) as n from resource_version");
const countEvents = sql(
  "select count(*) as n from event_records where entity_type in ('Patient', 'Encounter', 'Observation', 'Location') and event_type like 'resource.%'",
);
const countTraced = sql(`
  select count(*) as n from resource_version as one join resource as head on head.resource_key = one.resource_key
  where not exists (
    select 1 from audit_entries as entry
    where entry.reference = head.type || '/' || head.id and entry.version_after = one.version)`);

/**
 * I6: an operation has its effect once, however often it was sent: one version, one entry in the trail. I9: every version
 * has its entry and the chain is whole. An event for every version, and none more.
 */
export async function checkEffects({ name, node, mayPurge }: SimNode, wasRestored: boolean): Promise<void> {
  const { database } = node;
  const twice = await database.first<{ type: string; origin_operation: string; n: number }>(countTwice);
  if (twice)
    throw new Violation("I6", `${twice.origin_operation} made ${twice.n} versions of one ${twice.type} at ${name}.`);
  const entries = await database.first<{ reference: string; operation_id: string; n: number }>(countPushesTwice);
  if (entries) {
    throw new Violation("I6", `${entries.operation_id} left ${entries.n} entries for ${entries.reference} at ${name}.`);
  }
  const [versions, events] = [
    await database.first<{ n: number }>(countVersions),
    await database.first<{ n: number }>(countEvents),
  ];
  if (mayPurge ? versions!.n > events!.n : versions!.n !== events!.n)
    throw new Violation("I6", `${name} has ${versions!.n} versions and ${events!.n} events.`);
  const untraced = await database.first<{ n: number }>(countTraced);
  if (untraced!.n > 0) throw new Violation("I9", `${untraced!.n} versions at ${name} have no entry in the trail.`);
  const trail = await verifyAuditTrail(database);
  // A restored node's trail goes another way from the copy on, and its parent says so until somebody has looked.
  if (!trail.isSound && !wasRestored)
    throw new Violation("I9", `The trails at ${name} are not sound: ${JSON.stringify(trail)}`);
}
