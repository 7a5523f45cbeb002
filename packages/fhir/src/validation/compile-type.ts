import { type ElementTable, elementTable } from "../definitions/element-table.ts";
import type { TypeCheck } from "./object-check.ts";
import { compileProperties, isResource } from "./property-check.ts";

const checks = new Map<string, TypeCheck>();

/** The check of a type that has an element table, compiled when it is first asked for. */
export function typeCheckOf(typeName: string): TypeCheck {
  let check = checks.get(typeName);
  if (!check) {
    check = compile(elementTable(typeName)!);
    checks.set(typeName, check);
  }
  return check;
}

/** The most elements that can have a bit in a number; no type of R4 needs half of them. */
const watchedMax = 31;

function compile(table: ElementTable): TypeCheck {
  const named = new Set(table.presenceRules.flatMap((rule) => rule.alternatives.map(({ element }) => element)));
  const watched = table.elements.filter((element) => element.isRequired || element.isChoice || named.has(element.name));
  if (watched.length > watchedMax) throw new Error(`${table.name} has more than ${watchedMax} elements to watch.`);
  const bits = new Map(watched.map((element, index) => [element.name, 1 << index]));

  const requiredNames = watched
    .filter((element) => element.isRequired)
    .map(({ name }) => ({ bit: bits.get(name)!, name }));
  return {
    properties: compileProperties(table, bits),
    required: requiredNames.reduce((mask, { bit }) => mask | bit, 0),
    requiredNames,
    rules: table.presenceRules.map((rule) => {
      const mask = (isPresent: boolean) =>
        rule.alternatives
          .filter((alternative) => alternative.isPresent === isPresent)
          .reduce((all, { element }) => all | bits.get(element)!, 0);
      const claims = rule.alternatives.map(
        ({ element, isPresent }) => `${isPresent ? "have" : "be without"} ${element}`,
      );
      return { present: mask(true), absent: mask(false), reason: `must ${claims.join(" or ")} (${rule.key})` };
    }),
    needsContent: table.name !== "Element" && !isResource(table),
  };
}
