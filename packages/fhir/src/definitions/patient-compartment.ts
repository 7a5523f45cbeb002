import { generatedTable } from "./generated-table.ts";
import { searchParametersOf } from "./search-parameters.ts";

const generated = generatedTable<Readonly<Record<string, readonly string[]>>>("patient-compartment");

/**
 * The search parameters that put a resource of this type into a patient's compartment; empty for a type that belongs to
 * no patient. See https://hl7.org/fhir/R4/compartmentdefinition-patient.html
 */
export function patientParametersOf(type: string): readonly string[] {
  return Object.hasOwn(generated(), type) ? generated()[type]! : [];
}

/**
 * The id of the patient in whose compartment a resource is; of a Patient its own id; `null` when it is in none.
 *
 * A reference counts when it names a Patient, relatively or absolutely, with or without a version. Of several patients
 * the first one counts: `patient` before `subject`, then as the compartment definition orders the parameters and the
 * resource orders its elements.
 */
export function patientOf(resource: object): string | null {
  const { resourceType, id } = resource as { readonly resourceType?: unknown; readonly id?: unknown };
  if (resourceType === "Patient") return typeof id === "string" ? id : null;
  if (typeof resourceType !== "string") return null;
  for (const path of pathsOf(resourceType)) {
    const patient = findPatient(resource, path, 0);
    if (patient !== null) return patient;
  }
  return null;
}

type Path = readonly string[];
const paths = new Map<string, readonly Path[]>();

function pathsOf(type: string): readonly Path[] {
  let found = paths.get(type);
  if (!found) {
    const parameters = searchParametersOf(type);
    const expressions = [...patientParametersOf(type)]
      .sort((a, b) => rankOf(a) - rankOf(b))
      .flatMap((code) => parameters.find((parameter) => parameter.code === code)?.expression.split(" | ") ?? []);
    found = [...new Set(expressions.map(pathText))].map((text) => text.split(".").slice(1));
    paths.set(type, found);
  }
  return found;
}

function rankOf(code: string): number {
  return code === "patient" ? 0 : code === "subject" ? 1 : 2;
}

/** All that these expressions add to a path is `where(resolve() is Patient)`, which every reference is asked anyway. */
function pathText(expression: string): string {
  return expression.replaceAll(/\.where\(resolve\(\) is \w+\)|\.ofType\(Reference\)|[()]/g, "");
}

function findPatient(node: unknown, path: Path, depth: number): string | null {
  if (typeof node !== "object" || node === null) return null;
  if (Array.isArray(node)) {
    for (const item of node) {
      const patient = findPatient(item, path, depth);
      if (patient !== null) return patient;
    }
    return null;
  }
  const name = path[depth];
  if (name !== undefined) return findPatient((node as Record<string, unknown>)[name], path, depth + 1);
  return patientId((node as { readonly reference?: unknown }).reference);
}

const patientReference =
  /^(?:[a-z][a-z0-9+.-]*:\/\/.+\/)?Patient\/([A-Za-z0-9.-]{1,64})(?:\/_history\/[A-Za-z0-9.-]{1,64})?$/;

function patientId(reference: unknown): string | null {
  if (typeof reference !== "string") return null;
  return patientReference.exec(reference)?.[1] ?? null;
}
