import type { ElementDefinitionConstraint } from "@medplum/fhirtypes";
import { type PresenceExpression, parsePresence } from "./presence-expression.ts";

/** With more names than this an expression is left out: there would be too many alternatives to look through. */
const namesMax = 6;

/** One alternative: an element is there, or it is not. */
type Literal = { readonly name: string; readonly isPresent: boolean };

/**
 * Reads from the error constraints of one element those that speak only of which of its children are there.
 *
 * Each becomes one or more rules of a key and alternatives, of which one must hold, `-` meaning absence:
 * `name.exists() or telecom.exists()` is `pat-1 name|telecom`, and `path.exists() xor searchParam.exists()` is
 * `drq-1 path|searchParam` and `drq-1 -path|-searchParam`.
 */
export function presenceRules(
  constraints: readonly ElementDefinitionConstraint[],
  children: ReadonlySet<string>,
): string[] {
  const known = new Set([...children].map((name) => name.replace("[x]", "")));
  return constraints
    .filter((constraint) => constraint.severity === "error")
    .flatMap((constraint) => {
      const expression = parsePresence(constraint.expression ?? "");
      if (!expression || expression.names.length > namesMax) return [];
      if (!expression.names.every((name) => known.has(name))) return [];
      return clausesOf(expression).map((clause) => `${constraint.key} ${clause.map(written).join("|")}`);
    })
    .sort();
}

/** The fewest alternatives that say the same: no clause can be shortened, and none follows from the others. */
function clausesOf({ names, holds }: PresenceExpression): Literal[][] {
  const situations = subsets(names).map((present) => new Set(present));
  const allowed = situations.filter(holds);
  const shortest: Literal[][] = [];
  for (const clause of candidates(names)) {
    const isShorterThere = shortest.some((known) =>
      known.every((one) => clause.some((literal) => isEqual(one, literal))),
    );
    if (!isShorterThere && allowed.every((present) => isTrue(clause, present))) shortest.push(clause);
  }
  return shortest.reduceRight<Literal[][]>((kept, clause) => {
    const others = kept.filter((one) => one !== clause);
    const follows = situations.every(
      (present) => isTrue(clause, present) || !others.every((other) => isTrue(other, present)),
    );
    return follows ? others : kept;
  }, shortest);
}

/** Every choice of some of the names, each there or not, the short ones first. */
function candidates(names: readonly string[]): Literal[][] {
  return subsets(names)
    .filter((chosen) => chosen.length > 0)
    .flatMap((chosen) =>
      subsets(chosen).map((present) => chosen.map((name) => ({ name, isPresent: present.includes(name) }))),
    )
    .sort((a, b) => a.length - b.length);
}

function subsets(names: readonly string[]): string[][] {
  return Array.from({ length: 1 << names.length }, (_, mask) => names.filter((_, index) => (mask >> index) & 1));
}

function isTrue(clause: readonly Literal[], present: ReadonlySet<string>): boolean {
  return clause.some(({ name, isPresent }) => present.has(name) === isPresent);
}

function isEqual(a: Literal, b: Literal): boolean {
  return a.name === b.name && a.isPresent === b.isPresent;
}

function written({ name, isPresent }: Literal): string {
  return isPresent ? name : `-${name}`;
}
