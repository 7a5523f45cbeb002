/**
 * One step of an indexed path, from an element to elements below it. A path is a list of steps that starts at the
 * resource; it is the part of FHIRPath that search parameters use.
 */
export type PathStep =
  | { readonly kind: "child"; readonly name: string }
  /** The element as one type of a choice: `value as Quantity`. */
  | { readonly kind: "of-type"; readonly type: string }
  | { readonly kind: "item"; readonly index: number }
  | { readonly kind: "extension"; readonly url: string }
  /** Keeps elements whose child has this value: `where(system='phone')`. */
  | { readonly kind: "where-equal"; readonly child: string; readonly value: string | boolean }
  /** Keeps references to one resource type, which the search asks and not the index: `where(resolve() is Patient)`. */
  | { readonly kind: "where-target"; readonly type: string }
  | { readonly kind: "exists" }
  | { readonly kind: "not" }
  /** Present, and not the boolean `false`: `deceased.exists() and deceased != false`. */
  | { readonly kind: "holds" };

/** A path from a resource of one type; without a type it is one from any resource. */
export interface Path {
  readonly resourceType: string | undefined;
  readonly steps: readonly PathStep[];
}

/** The one spelling of a path, whatever way its expression was written; equal paths have equal texts. */
export function pathText({ resourceType, steps }: Path): string {
  return [resourceType ?? "Resource", ...steps.map(stepText)].join(".");
}

function stepText(step: PathStep): string {
  switch (step.kind) {
    case "child":
      return step.name;
    case "of-type":
      return `ofType(${step.type})`;
    case "item":
      return `item(${step.index})`;
    case "extension":
      return `extension('${step.url}')`;
    case "where-equal":
      return `where(${step.child}=${JSON.stringify(step.value)})`;
    case "where-target":
      return `where(resolve() is ${step.type})`;
    case "exists":
    case "not":
    case "holds":
      return `${step.kind}()`;
  }
}
