/** A FHIRPath expression that asks only which elements are there, as a function of what is there. */
export interface PresenceExpression {
  readonly names: readonly string[];
  holds(present: ReadonlySet<string>): boolean;
}

type Term = (present: ReadonlySet<string>) => boolean;

/**
 * Parses `exists()`, `empty()`, `exists().not()`, `and`, `or`, `xor`, `implies`, `=`, `!=` and parentheses, and counts
 * that are compared with 0. `undefined` for every expression that asks more, such as for a value.
 */
export function parsePresence(expression: string): PresenceExpression | undefined {
  const names = new Set<string>();
  const tokens = tokenize(expression);
  let at = 0;
  const term = binary(0);
  return term && at === tokens?.length ? { names: [...names], holds: term } : undefined;

  function binary(level: number): Term | undefined {
    if (level === precedence.length) return primary();
    let left = binary(level + 1);
    for (let join = joinAt(level); left && join; join = joinAt(level)) {
      at += 1;
      const right = binary(level + 1);
      const before = left;
      const joined = join;
      left = right && ((present) => joined(before(present), right(present)));
    }
    return left;
  }

  function joinAt(level: number): Join | undefined {
    const token = tokens?.[at];
    return token === undefined ? undefined : precedence[level]![token];
  }

  function primary(): Term | undefined {
    const token = tokens?.[at];
    at += 1;
    if (token === "(") {
      const inner = binary(0);
      at += 1;
      return tokens?.[at - 1] === ")" ? inner : undefined;
    }
    const claim = token === undefined ? undefined : /^(\w+)\.(exists|empty)\(\)(\.not\(\))?$/.exec(token);
    if (!claim) return undefined;
    const name = claim[1]!;
    names.add(name);
    const isPresent = (claim[2] === "exists") !== (claim[3] !== undefined);
    return (present) => present.has(name) === isPresent;
  }
}

type Join = (left: boolean, right: boolean) => boolean;

/** From the weakest to the strongest. See http://hl7.org/fhirpath/N1/#operator-precedence */
const precedence: readonly Readonly<Record<string, Join>>[] = [
  { implies: (left, right) => !left || right },
  { or: (left, right) => left || right, xor: (left, right) => left !== right },
  { and: (left, right) => left && right },
  { "=": (left, right) => left === right, "!=": (left, right) => left !== right },
];

function tokenize(expression: string): string[] | undefined {
  const text = expression.replaceAll(/\(?((?:\w+\.count\(\)(?: \+ )?)+)\)? ?> ?0/g, (_, counts: string) => {
    return `(${counts.replaceAll("count()", "exists()").replaceAll(" + ", " or ")})`;
  });
  const tokens = text.match(/\w+\.(?:exists|empty)\(\)(?:\.not\(\))?|and|or|xor|implies|!=|=|[()]|\S/g);
  return tokens ?? undefined;
}
