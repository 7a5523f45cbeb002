import type { ElementDefinitionConstraint } from "@medplum/fhirtypes";

/**
 * Reads from the error constraints of one element those that speak only of which of its children are there.
 *
 * Each is written as a key and alternatives of which one must hold, `-` meaning absence:
 * `name.exists() or telecom.exists()` is `pat-1 name|telecom`, `dataAbsentReason.empty() or value.empty()` is
 * `obs-6 -dataAbsentReason|-value`. An equality or an exclusive or becomes two of them. Any other expression is left out.
 */
export function presenceRules(
  constraints: readonly ElementDefinitionConstraint[],
  children: ReadonlySet<string>,
): string[] {
  const names = new Set([...children].map((name) => name.replace("[x]", "")));
  return constraints
    .filter((constraint) => constraint.severity === "error")
    .flatMap((constraint) =>
      clausesOf(constraint.expression ?? "")
        .filter((clause) => clause.every((literal) => names.has(literal.replace("-", ""))))
        .map((clause) => `${constraint.key} ${clause.join("|")}`),
    )
    .sort();
}

function clausesOf(expression: string): string[][] {
  const text = expression.trim().replaceAll(/\s+/g, " ");
  const exclusive = pairOf(text, " xor ") ?? pairOf(text, " != ");
  if (exclusive) return [exclusive, exclusive.map(negated)];
  const equivalent = pairOf(text, " = ");
  if (equivalent)
    return [
      [equivalent[0]!, negated(equivalent[1]!)],
      [negated(equivalent[0]!), equivalent[1]!],
    ];
  const implication = text.split(" implies ");
  if (implication.length === 2) {
    const [given, then] = [literalOf(implication[0]!), alternativesOf(implication[1]!)];
    return given && then ? [[negated(given), ...then]] : [];
  }
  const counted = /^\(?((?:\w+\.count\(\) ?\+? ?)+)\)? ?> ?0$/.exec(text);
  if (counted) return [[...counted[1]!.matchAll(/(\w+)\.count/g)].map((match) => match[1]!)];
  const alternatives = alternativesOf(text);
  return alternatives && alternatives.length > 1 ? [alternatives] : [];
}

function pairOf(text: string, operator: string): string[] | undefined {
  const sides = text.split(operator).map(literalOf);
  return sides.length === 2 && sides.every((side) => side !== undefined) ? sides : undefined;
}

function alternativesOf(text: string): string[] | undefined {
  const literals = text
    .replace(/^\(([^()]*(?:\(\)[^()]*)*)\)$/, "$1")
    .split(" or ")
    .map(literalOf);
  return literals.every((literal) => literal !== undefined) ? literals : undefined;
}

function literalOf(text: string): string | undefined {
  const match = /^(\w+)\.(exists|empty)\(\)(\.not\(\))?$/.exec(text.trim());
  if (!match) return undefined;
  const isPresence = (match[2] === "exists") !== (match[3] !== undefined);
  return isPresence ? match[1]! : `-${match[1]}`;
}

function negated(literal: string): string {
  return literal.startsWith("-") ? literal.slice(1) : `-${literal}`;
}
