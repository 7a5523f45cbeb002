import { generatedTable } from "./generated-table.ts";

/** The elements of one type: a resource type, a data type, or an element that has elements of its own. */
export interface ElementTable {
  /** `Patient`, `HumanName`, or a path such as `Patient.contact`. */
  readonly name: string;
  /** Inherited elements first, then in the order of the specification. */
  readonly elements: readonly ElementDefinition[];
  readonly presenceRules: readonly PresenceRule[];
}

/** One element, as R4 defines it within its type. */
export interface ElementDefinition {
  /** Without `[x]`: `deceased`, not `deceased[x]`. */
  readonly name: string;
  readonly isChoice: boolean;
  readonly isRequired: boolean;
  /** Whether it may repeat, and is an array in JSON. */
  readonly isList: boolean;
  readonly types: readonly ElementType[];
  /** The value set of a required binding, as `requiredCodes` knows it. */
  readonly valueSet?: string;
}

/** One of the types that an element may have. */
export interface ElementType {
  /** The name of a data type, `Resource`, or the path of the element table that describes it. */
  readonly code: string;
  /** The element's name in JSON when it has this type: `deceasedBoolean`; for all but choices the name itself. */
  readonly jsonName: string;
  /** For a reference that may not lead to every type: the types it may lead to. */
  readonly targets?: readonly string[];
}

/** A constraint on which elements are there: at least one of the alternatives must hold. */
export interface PresenceRule {
  /** Its key in the specification, `pat-1`. */
  readonly key: string;
  readonly alternatives: readonly { readonly element: string; readonly isPresent: boolean }[];
}

interface Generated {
  readonly openTypes: string;
  readonly rules: Readonly<Record<string, string>>;
  readonly elements: Readonly<Record<string, string>>;
}

const generated = generatedTable<Generated>("elements");
const tables = new Map<string, ElementTable>();

/**
 * The elements of a type, inherited ones included; `undefined` when there is no type of that name that has elements.
 * A table is read once and kept. See https://hl7.org/fhir/R4/elementdefinition.html
 */
export function elementTable(typeName: string): ElementTable | undefined {
  let table = tables.get(typeName);
  if (!table && Object.hasOwn(generated().elements, typeName)) {
    table = readTable(typeName, generated().elements[typeName]!);
    tables.set(typeName, table);
  }
  return table;
}

function readTable(name: string, line: string): ElementTable {
  const [base, ...own] = line.split("; ");
  const inherited = elementTable(base!)?.elements ?? [];
  return { name, elements: [...inherited, ...own.map(readElement)], presenceRules: readRules(generated().rules[name]) };
}

/** Reads `deceased[x] 0..1 boolean|dateTime =value-set-key`. */
function readElement(text: string): ElementDefinition {
  const [written, cardinality, types, binding] = text.split(" ");
  const isChoice = written!.endsWith("[x]");
  const name = isChoice ? written!.slice(0, -"[x]".length) : written!;
  return {
    name,
    isChoice,
    isRequired: cardinality!.startsWith("1"),
    isList: cardinality!.endsWith("*"),
    types: (types === "*" ? generated().openTypes : types!).split("|").map((type) => readType(type, name, isChoice)),
    ...(binding && { valueSet: binding.slice("=".length) }),
  };
}

/** Reads `dateTime`, `Reference(Group,Patient)` or, for an element with elements of its own, `@Patient.contact`. */
function readType(text: string, name: string, isChoice: boolean): ElementType {
  const [code, targets] = text.replace("@", "").replace(")", "").split("(");
  // NOTE: In JSON a constrained type goes by the name of the type it constrains.
  const inName = code === "SimpleQuantity" ? "Quantity" : code!;
  const jsonName = isChoice ? name + inName.charAt(0).toUpperCase() + inName.slice(1) : name;
  return { code: code!, jsonName, ...(targets && { targets: targets.split(",") }) };
}

/** Reads `obs-6 -dataAbsentReason|-value; obs-7 …`, where `-` means absent. */
function readRules(text: string | undefined): PresenceRule[] {
  if (text === undefined) return [];
  return text.split("; ").map((rule) => {
    const [key, alternatives] = rule.split(" ");
    return {
      key: key!,
      alternatives: alternatives!
        .split("|")
        .map((literal) => ({ element: literal.replace("-", ""), isPresent: !literal.startsWith("-") })),
    };
  });
}
