import type { Issue } from "../model/issue.ts";
import { isJsonObject, type JsonObject } from "../model/json-value.ts";
import { nestingDepthMax } from "../model/limits.ts";
import type { TypeCheck } from "./object-check.ts";

/** How many issues are collected; a resource with more of them is not mended one by one. */
export const issuesMax = 50;

/** Ends a validation that has found enough. */
export class IssueLimitReached extends Error {}

/**
 * One validation on its way through a resource: where it stands and what it has found.
 *
 * The place is a pair of arrays that are written over as the walk goes on, so that a valid resource costs no memory;
 * it becomes text only for an issue.
 */
export class ValidationRun {
  readonly issues: Issue[] = [];
  /** The resource that `#id` references lead into: the root, or the one in an entry of a Bundle. */
  container: JsonObject;
  /** Gives the check of a type; handed in, since the checks of types and of resources lead into each other. */
  readonly typeCheckOf: (typeName: string) => TypeCheck;
  readonly #rootName: string;
  readonly #segments: string[] = [];
  readonly #indexes: number[] = [];
  #depth = 0;

  constructor(resource: unknown, typeCheckOf: (typeName: string) => TypeCheck) {
    this.typeCheckOf = typeCheckOf;
    this.container = isJsonObject(resource) ? resource : {};
    const { resourceType } = this.container;
    this.#rootName = typeof resourceType === "string" && isElementName(resourceType) ? resourceType : "Resource";
  }

  /** Steps into an object; `false` when that is deeper than anything may be. Each `true` needs its `leave`. */
  enter(): boolean {
    if (this.#depth >= nestingDepthMax) {
      this.report("structure", `is nested deeper than the ${nestingDepthMax} levels that are accepted`);
      return false;
    }
    this.#depth += 1;
    return true;
  }

  leave(): void {
    this.#depth -= 1;
  }

  /** Stands at an element of the object that was entered last. */
  at(segment: string): void {
    this.#segments[this.#depth] = segment;
    this.#indexes[this.#depth] = -1;
  }

  /** Stands at one item of the element. */
  atItem(index: number): void {
    this.#indexes[this.#depth] = index;
  }

  /**
   * Notes an error here, or at a child of here. The reason is the rest of a sentence that begins with the place:
   * `report("value", "must be a date")` says `Patient.birthDate must be a date.`
   */
  report(code: string, reason: string, child?: string): undefined {
    const here = child === undefined ? this.#place() : `${this.#place()}.${child}`;
    this.issues.push({ severity: "error", code, diagnostics: `${here} ${reason}.`, expression: [here] });
    if (this.issues.length < issuesMax) return undefined;
    const diagnostics = `After ${issuesMax} issues the rest of the resource was not looked at.`;
    this.issues.push({ severity: "information", code: "informational", diagnostics });
    throw new IssueLimitReached();
  }

  #place(): string {
    let place = this.#rootName;
    for (let level = 1; level <= this.#depth; level++) {
      place += `.${this.#segments[level]}`;
      if (this.#indexes[level]! >= 0) place += `[${this.#indexes[level]}]`;
    }
    return place;
  }
}

/** Tells whether a text is shaped like the name of an element, and so may be repeated in a message. */
export function isElementName(text: string): boolean {
  return /^_?[A-Za-z][A-Za-z0-9]{0,63}$/.test(text);
}
