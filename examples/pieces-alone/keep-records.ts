/**
 * FHIR records with history and search, without a server: `node keep-records.ts [FILE-OR-URL]`.
 */
import { migrate, openDatabase } from "@tributary/database";
import { EventBus } from "@tributary/events";
import { createFhirApi, fhirMigrations, ResourceStore, resourceSaved } from "@tributary/fhir";
import { systemClock as clock, type NodeId } from "@tributary/kernel";
import { placeOfDatabase } from "./place-of-database.ts";

await using place = await placeOfDatabase(process.argv[2]);
await using database = await openDatabase({ address: place.address });
await migrate(database, fhirMigrations);
const bus = new EventBus();
bus.on(resourceSaved.of("Patient"), "after-commit", ({ key, version }) => {
  console.log(`Saved: Patient/${key.id}, version ${version}`);
});
const store = new ResourceStore({ nodeId: "desk" as NodeId, bus, clock });
const { handle } = createFhirApi({ database, store });

/** One request of the REST API, as any HTTP server would hand it over. */
async function ask(method: string, path: string, body = "") {
  const url = new URL(`http://desk.example/fhir/${path}`);
  const headers = { "content-type": "application/fhir+json" };
  const parameters = { path: url.pathname.replace("/fhir/", "") };
  return handle({ method, url, headers, parameters, body, signal: AbortSignal.timeout(10_000) });
}

const ada = { resourceType: "Patient", id: "ada", name: [{ family: "Okoro", given: ["Ada"] }] };
await ask("PUT", "Patient/ada", JSON.stringify(ada));
await ask("PUT", "Patient/ada", JSON.stringify({ ...ada, gender: "female" }));
const refused = await ask("PUT", "Patient/ada", JSON.stringify({ ...ada, gender: "fem" }));
const found = await ask("GET", "Patient?family=okoro&gender=female");
const first = await ask("GET", "Patient/ada/_history/1");

console.log(`Refused: ${refused.status}`);
console.log(`Found: ${JSON.parse(String(found.body)).total}`);
console.log(`First version has a gender: ${String(first.body).includes("gender")}`);
