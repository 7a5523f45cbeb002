/**
 * A process that delivers the log to a file until it is killed: `node consumer.ts ADDRESS FILE`.
 *
 * It remembers its marker in the database after it has delivered, as every consumer outside the database must: a kill
 * between the two delivers again, and never skips.
 */
import { appendFileSync } from "node:fs";
import { openDatabase, sql } from "@tributary/database";
import { systemClock } from "@tributary/kernel";
import { streamFeed } from "../../src/records/feed-name.ts";
import { readFeedRange } from "../../src/records/read-records.ts";

const batchMax = 20;
const readMarker = sql("select position from delivered");
const writeMarker = sql("update delivered set position = $1");

const [address = "", file = ""] = process.argv.slice(2);
const database = await openDatabase({ address, connectionsMax: 2 });
let marker = (await database.first<{ position: number }>(readMarker))!.position;
process.send?.("ready");
for (;;) {
  const entries = await readFeedRange(database, streamFeed("everything"), marker + 1, marker + batchMax);
  if (entries.length === 0) {
    await systemClock.sleep(5);
    continue;
  }
  // A kill may cut the last line short; the line break before the next batch keeps the cut apart.
  appendFileSync(file, `\n${entries.map(({ feedPosition, record }) => `${feedPosition} ${record.uuid} .\n`).join("")}`);
  marker += entries.length;
  await database.transaction((tx) => tx.run(writeMarker, [marker]));
  process.send?.("delivered");
}
