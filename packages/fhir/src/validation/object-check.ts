import { isJsonObject, type JsonObject } from "../model/json-value.ts";
import type { PropertyCheck } from "./property-check.ts";
import { isElementName, type ValidationRun } from "./validation-run.ts";

/**
 * The compiled check of one type.
 *
 * Elements of which it matters whether they are there each have a bit: those that are required, those that have a
 * choice of types, and those that a presence rule names. What is there is then one number.
 */
export interface TypeCheck {
  readonly properties: ReadonlyMap<string, PropertyCheck>;
  readonly required: number;
  readonly requiredNames: readonly { readonly bit: number; readonly name: string }[];
  readonly rules: readonly CompiledRule[];
  /** Whether nothing but an id counts as empty, as it does for all but resources and the siblings of primitives. */
  readonly needsContent: boolean;
}

/** A presence rule as bits: one of `present` must be there, or one of `absent` must not. */
export interface CompiledRule {
  readonly present: number;
  readonly absent: number;
  readonly reason: string;
}

/** Checks the members of an object, which members are there, and that there are any. */
export function checkObject(check: TypeCheck, value: unknown, run: ValidationRun): void {
  if (!isJsonObject(value)) {
    run.report("structure", "must be a JSON object");
    return;
  }
  if (!run.enter()) return;
  let present = 0;
  let hasContent = !check.needsContent;
  for (const name in value) {
    if (name !== "id") hasContent = true;
    const property = check.properties.get(name);
    if (property === undefined) {
      reportUnknown(name, run);
      continue;
    }
    run.at(property.segment);
    if ((present & property.bit) !== 0 && property.isChoice) checkIsOneChoice(property, check, value, run);
    present |= property.bit;
    property.check(value[name], run, value);
  }
  run.leave();
  if (!hasContent) run.report("structure", "must have content besides an id");
  if ((present & check.required) !== check.required) reportMissing(check, present, run);
  for (const rule of check.rules) {
    if (((present & rule.present) | (~present & rule.absent)) === 0) run.report("invariant", rule.reason);
  }
}

function reportUnknown(name: string, run: ValidationRun): void {
  run.leave();
  if (isElementName(name)) run.report("structure", "is no element of this type", name);
  else run.report("structure", "has a member whose name is no element of this type");
  run.enter();
}

function reportMissing(check: TypeCheck, present: number, run: ValidationRun): void {
  for (const { bit, name } of check.requiredNames) {
    if ((present & bit) === 0) run.report("required", "is required and missing", name);
  }
}

/** NOTE: A choice is met twice as well when it is a primitive with extensions (`valueString`, `_valueString`). */
function checkIsOneChoice(property: PropertyCheck, check: TypeCheck, value: JsonObject, run: ValidationRun): void {
  for (const name in value) {
    const other = check.properties.get(name);
    if (other === property) return;
    if (other?.bit === property.bit && other.segment !== property.segment) {
      run.report("structure", `must not be there beside ${other.segment}: only one of the choice may be`);
      return;
    }
  }
}
