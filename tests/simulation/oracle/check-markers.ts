import { sql } from "@tributary/database";
import type { SimNode } from "../world/sim-node.ts";
import type { World } from "../world/world.ts";
import { Violation } from "./violation.ts";

const everything = "everything";

const readMarker = sql(`select position from stream_markers where stream = '${everything}'`);
const readKnown = sql("select type, id, remote_version from link_bases where remote_version > 0");
const readWaiting = sql("select type, id from failed_pulls union select type, id from held_pulls");
// What was deleted before a child had asked for its content does not concern it.
const readPassed = sql(`
  select passed.type, passed.id, passed.version, exists (
    select 1 from resource r join resource_version v on v.resource_key = r.resource_key
    where r.type = passed.type and r.id = passed.id and v.version >= passed.version and v.body is null) as was_deleted
  from (
    select e.entity_type as type, e.entity_id as id, max(e.version) as version
    from event_record_feeds f join event_records e on e.id = f.record_id
    where f.feed = 'stream:${everything}' and f.feed_position <= $1 and e.event_type in ('resource.saved', 'resource.deleted')
    group by e.entity_type, e.entity_id) as passed`);

interface Named {
  readonly type: string;
  readonly id: string;
}

/** I7: whatever a child's marker has passed is here, or noted as waiting. It is asked of a child after its rounds. */
export async function checkMarker(world: World, child: SimNode): Promise<void> {
  const parent = world.above(child);
  // Of a disk that was put back the marker or the stream is another one.
  if (!parent.isUp || !child.isUp || world.restored.size > 0) return;
  const { database } = child.node;
  const position = (await database.first<{ position: number }>(readMarker))?.position;
  if (position === undefined) return;
  const known = new Map(
    (await database.all<Named & { remote_version: number }>(readKnown)).map((base) => [
      nameOf(base),
      base.remote_version,
    ]),
  );
  const waiting = new Set((await database.all<Named>(readWaiting)).map(nameOf));
  const passed = await parent.node.database.all<Named & { version: number; was_deleted: number }>(readPassed, [
    position,
  ]);
  for (const one of passed) {
    const name = nameOf(one);
    const has = known.get(name) ?? 0;
    if (has >= one.version || waiting.has(name) || (has === 0 && one.was_deleted)) continue;
    throw new Violation(
      "I7",
      `${child.name} has passed ${name} ${one.version} at ${position} and knows version ${has}.`,
    );
  }
}

function nameOf({ type, id }: Named): string {
  return `${type}/${id}`;
}
