import type { PathStep } from "./path.ts";

/** Hands every element that a path leads to, from one node, to `visit`; absent elements are no elements. */
export type Walk = (node: unknown, visit: (element: unknown) => void) => void;

type Fields = Readonly<Record<string, unknown>>;

/**
 * Compiles a path into a closure over plain JSON.
 *
 * An element of a choice type has several names in JSON (`value` is `valueQuantity`, `valueString` …); where the path
 * itself does not say which one, `openChoice` lists the types that the last step may have.
 */
export function compilePath(steps: readonly PathStep[], openChoice: readonly string[] = []): Walk {
  let walk: Walk = (node, visit) => visit(node);
  for (let at = steps.length - 1; at >= 0; at--) {
    const step = steps[at]!;
    const before = steps[at - 1];
    if (step.kind === "of-type" && before?.kind === "child") {
      walk = child(choiceName(before.name, step.type), walk);
      at -= 1;
    } else if (step.kind === "child") {
      walk = child(step.name, walk, at === steps.length - 1 ? openChoice : []);
    } else if (step.kind === "item" && before?.kind === "child") {
      walk = childAt(before.name, step.index, walk);
      at -= 1;
    } else if ((step.kind === "holds" || step.kind === "exists") && before?.kind === "child") {
      walk = claim(step.kind, before.name, walk);
      at -= 1;
    } else {
      walk = filter(step, walk);
    }
  }
  return walk;
}

/** The name that an element of a choice type has in JSON: `value`, `Quantity` → `valueQuantity`. */
export function choiceName(name: string, type: string): string {
  return name + type.charAt(0).toUpperCase() + type.slice(1);
}

function child(name: string, next: Walk, openChoice: readonly string[] = []): Walk {
  const choices = openChoice.map((type) => choiceName(name, type));
  return (node, visit) => {
    const value = (node as Fields)[name];
    if (value !== undefined) each(value, next, visit);
    else for (const choice of choices) each((node as Fields)[choice], next, visit);
  };
}

function childAt(name: string, index: number, next: Walk): Walk {
  return (node, visit) => {
    const value = (node as Fields)[name];
    if (Array.isArray(value) && value[index]) next(value[index], visit);
  };
}

function each(value: unknown, next: Walk, visit: (element: unknown) => void): void {
  if (value === undefined || value === null) return;
  if (!Array.isArray(value)) next(value, visit);
  else for (const item of value) if (item !== undefined && item !== null) next(item, visit);
}

/** A claim about a child of any type; a resource of which it is not true makes it false, so it always has a value. */
function claim(kind: "holds" | "exists", name: string, next: Walk): Walk {
  const isNamed = new RegExp(`^${name}(?=[A-Z]|$)`);
  return (node, visit) => {
    let isTrue = false;
    for (const member in node as Fields) {
      if (!isNamed.test(member)) continue;
      const value = (node as Fields)[member];
      isTrue ||= kind === "exists" || value !== false;
    }
    next(isTrue, visit);
  };
}

function filter(step: PathStep, next: Walk): Walk {
  switch (step.kind) {
    case "extension":
      return child("extension", (node, visit) => {
        if ((node as Fields)["url"] === step.url) next(node, visit);
      });
    case "where-equal":
      return (node, visit) => {
        if ((node as Fields)[step.child] === step.value) next(node, visit);
      };
    case "not":
      return (node, visit) => next(node !== true, visit);
    default:
      // What is left asks nothing of the data: the search asks for the target, and a type without a child names no choice.
      return next;
  }
}
