/**
 * Runs the hospital for a moment and then serves its feed until it is interrupted:
 * `node main.ts [--database FILE-OR-URL] [--port NUMBER]`.
 */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { closeWards, WardClosedError } from "./src/closed-wards.ts";
import { confirmByMail } from "./src/confirm-by-mail.ts";
import { openHospital } from "./src/hospital.ts";
import { startMailSink } from "./src/mail-sink.ts";
import { serveFeed } from "./src/serve-feed.ts";

const { values } = parseArgs({ options: { database: { type: "string" }, port: { type: "string", default: "0" } } });
await using cleanUp = new AsyncDisposableStack();
const folder = await mkdtemp(join(tmpdir(), "hospital-"));
cleanUp.defer(() => rm(folder, { recursive: true }));
const sink = cleanUp.use(await startMailSink((subject) => console.log(`Mail: ${subject}`)));
const hospital = cleanUp.use(await openHospital(values.database ?? join(folder, "hospital.db")));
confirmByMail(hospital.bus, sink, (error) => console.error(`No mail was sent: ${String(error)}`));
closeWards(hospital.bus, new Set(["north"]));

console.log(`Booked: ${await hospital.book("17", "2030-03-01T09:00")}`);
console.log(`Assigned: ${await hospital.assignBed("17", "south", 4)}`);
await hospital.assignBed("18", "north", 1).catch((error: unknown) => {
  if (!(error instanceof WardClosedError)) throw error;
  console.log(`Refused: ${error.message}`);
});
console.log(`Booked: ${await hospital.book("18", "2030-03-01T10:00")}`);

const feed = cleanUp.use(await serveFeed(hospital.database, Number(values.port)));
console.log(`Feed: ${feed.url}`);
await new Promise<void>((interrupted) => {
  process.once("SIGINT", () => interrupted());
  process.once("SIGTERM", () => interrupted());
});
