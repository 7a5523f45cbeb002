import type { ElementDefinition, ElementTable, ElementType } from "../definitions/element-table.ts";
import { requiredCodes } from "../definitions/required-codes.ts";
import type { JsonObject } from "../model/json-value.ts";
import { checkObject, type TypeCheck } from "./object-check.ts";
import { type PrimitiveFormat, primitiveFormats } from "./primitive-formats.ts";
import { primitiveExtension, primitiveExtensionList, primitiveList } from "./primitive-property.ts";
import { checkTarget } from "./reference-check.ts";
import { codeInValueSet, conceptInValueSet } from "./required-binding.ts";
import { checkResource } from "./resource-check.ts";
import type { ValidationRun } from "./validation-run.ts";

/** Checks one value; the object that holds it is there for values that depend on a sibling. */
export type Check = (value: unknown, run: ValidationRun, holder: JsonObject) => void;

/** The check of one member of a JSON object. */
export interface PropertyCheck {
  /** The element in FHIRPath: `birthDate`, and `value.ofType(Quantity)` for `valueQuantity`. */
  readonly segment: string;
  /** The bit of the element in the check of its type; 0 when nobody asks whether it is there. */
  readonly bit: number;
  readonly isChoice: boolean;
  readonly check: Check;
}

/** Compiles the members that the JSON of a type may have, `_birthDate` and all names of a choice included. */
export function compileProperties(
  table: ElementTable,
  bits: ReadonlyMap<string, number>,
): ReadonlyMap<string, PropertyCheck> {
  const properties = new Map<string, PropertyCheck>();
  for (const element of table.elements) {
    for (const type of element.types) {
      const { isChoice, isList } = element;
      const segment = isChoice ? `${element.name}.ofType(${typeName(type)})` : element.name;
      const common = { segment, bit: bits.get(element.name) ?? 0, isChoice };
      const { jsonName } = type;
      const format = primitiveFormats.get(type.code);
      if (!format) {
        const check = complexCheck(element, type);
        properties.set(jsonName, { ...common, check: isList ? objectList(check) : check });
        continue;
      }
      const check = primitiveCheck(format, element);
      properties.set(jsonName, { ...common, check: isList ? primitiveList(check, `_${jsonName}`) : check });
      if (isPlainValue(table, element)) continue;
      const extension = isList ? primitiveExtensionList(jsonName) : primitiveExtension(jsonName);
      properties.set(`_${jsonName}`, { ...common, check: extension });
    }
  }
  if (isResource(table)) {
    properties.set("resourceType", { segment: "resourceType", bit: 0, isChoice: false, check: () => {} });
  }
  return properties;
}

/** Tells whether a table is that of a resource type; no other type has rules of its own. */
export function isResource(table: ElementTable): boolean {
  return table.elements.some((element) => element.name === "implicitRules");
}

/** Ids and the address of an extension are values without extensions of their own. */
function isPlainValue(table: ElementTable, element: ElementDefinition): boolean {
  return element.name === "id" || (table.name === "Extension" && element.name === "url");
}

function typeName({ code }: ElementType): string {
  return code === "SimpleQuantity" ? "Quantity" : code;
}

function primitiveCheck(format: PrimitiveFormat, { valueSet }: ElementDefinition): Check {
  const codes = valueSet === undefined ? undefined : requiredCodes(valueSet);
  if (codes) return codeInValueSet(codes, format);
  return (value, run) => {
    const problem = format(value);
    if (problem !== undefined) run.report(problem.code, problem.reason);
  };
}

function complexCheck(element: ElementDefinition, type: ElementType): Check {
  if (type.code === "Resource") {
    const place = element.name === "contained" ? "contained" : "part";
    return (value, run) => checkResource(value, run, place);
  }
  // NOTE: Looked up on first use, since types contain themselves and each other.
  let typeCheck: TypeCheck | undefined;
  const check: Check = (value, run) => {
    typeCheck ??= run.typeCheckOf(type.code);
    checkObject(typeCheck, value, run);
  };
  if (type.code === "Reference") {
    const targets = type.targets && new Set(type.targets);
    return (value, run, holder) => {
      check(value, run, holder);
      checkTarget(value, targets, run);
    };
  }
  const codes = element.valueSet === undefined ? undefined : requiredCodes(element.valueSet);
  if (!codes) return check;
  const checkBinding = conceptInValueSet(codes);
  return (value, run, holder) => {
    check(value, run, holder);
    checkBinding(value, run, holder);
  };
}

function objectList(check: Check): Check {
  return (value, run, holder) => {
    if (!Array.isArray(value)) return run.report("structure", "must be a JSON array, since it may repeat");
    if (value.length === 0) return run.report("structure", "must not be an empty array");
    for (let index = 0; index < value.length; index++) {
      run.atItem(index);
      check(value[index], run, holder);
    }
  };
}
