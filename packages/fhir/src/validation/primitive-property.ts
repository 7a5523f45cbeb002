import { isJsonObject } from "../model/json-value.ts";
import { checkObject } from "./object-check.ts";
import type { Check } from "./property-check.ts";
import type { ValidationRun } from "./validation-run.ts";

// A primitive and its id and extensions are two members of a JSON object, `birthDate` and `_birthDate`. When it repeats
// they are two arrays side by side, in which `null` fills the gaps. See https://hl7.org/fhir/R4/json.html#primitive

/** Checks the values of a primitive that may repeat; `null` may stand where the sibling array has something. */
export function primitiveList(check: Check, siblingName: string): Check {
  return (value, run, holder) => {
    if (!Array.isArray(value)) return run.report("structure", "must be a JSON array, since it may repeat");
    if (value.length === 0) return run.report("structure", "must not be an empty array");
    for (let index = 0; index < value.length; index++) {
      run.atItem(index);
      if (value[index] !== null) check(value[index], run, holder);
      else if (!isFilled(holder[siblingName], index)) {
        run.report("structure", "must not be null where it has no extension either");
      }
    }
  };
}

/** Checks the id and extensions of a primitive that does not repeat. */
export function primitiveExtension(valueName: string): Check {
  return (value, run, holder) => {
    checkElement(value, run);
    if (holder[valueName] === undefined && isJsonObject(value) && value["extension"] === undefined) {
      run.report("structure", "must have a value or an extension");
    }
  };
}

/** Checks the ids and extensions of a primitive that may repeat. */
export function primitiveExtensionList(valueName: string): Check {
  return (value, run, holder) => {
    if (!Array.isArray(value))
      return run.report("structure", `must have an array of ids and extensions in _${valueName}`);
    if (value.length === 0) return run.report("structure", `must not have an empty array in _${valueName}`);
    const values = holder[valueName];
    if (Array.isArray(values) && values.length < value.length) {
      run.report(
        "structure",
        `must have as many values in ${valueName} as there are ids and extensions in _${valueName}`,
      );
    }
    for (let index = 0; index < value.length; index++) {
      run.atItem(index);
      if (value[index] !== null) checkElement(value[index], run);
      else if (values === undefined)
        run.report("structure", `must not be null in _${valueName}, since it has no value`);
    }
  };
}

function checkElement(value: unknown, run: ValidationRun): void {
  if (isJsonObject(value) && isEmpty(value))
    run.report("structure", "must not have an empty object for its extensions");
  else checkObject(run.typeCheckOf("Element"), value, run);
}

function isFilled(siblings: unknown, index: number): boolean {
  return Array.isArray(siblings) && siblings[index] !== null && siblings[index] !== undefined;
}

function isEmpty(value: object): boolean {
  for (const _ in value) return false;
  return true;
}
