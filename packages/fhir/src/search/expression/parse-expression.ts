import type { Path, PathStep } from "./path.ts";

/** An expression that is outside the part of FHIRPath that search parameters use. */
export class UnsupportedExpressionError extends Error {
  override readonly name = "UnsupportedExpressionError";
}

/** At the start of a path these mean a resource of any type. */
const anyResource = new Set(["Resource", "DomainResource"]);

/**
 * Parses the expression of a search parameter into the paths that its union has.
 *
 * ```ts
 * parseExpression("Patient.name | (Observation.value as Quantity)").map(pathText)
 * // ["Patient.name", "Observation.value.ofType(Quantity)"]
 * ```
 *
 * Throws `UnsupportedExpressionError` for anything else than paths, `|`, `as`, `ofType`, `[n]`, `extension`, `exists`,
 * `not`, `where(child = 'value')`, `where(resolve() is Type)` and `path.exists() and path != false`.
 * See https://hl7.org/fhir/R4/search.html#expression
 */
export function parseExpression(expression: string): readonly Path[] {
  const tokens = tokenize(expression);
  const paths = parseUnion(tokens);
  if (tokens.peek() !== undefined) throw unsupported(expression);
  return paths;
}

interface Tokens {
  peek(): string | undefined;
  next(): string;
  /** Takes the next token when it is this one. */
  take(token: string): boolean;
  expect(token: string): void;
}

function parseUnion(tokens: Tokens): Path[] {
  const paths = parseOperand(tokens);
  while (tokens.take("|")) paths.push(...parseOperand(tokens));
  return paths;
}

function parseOperand(tokens: Tokens): Path[] {
  const paths = parseTerm(tokens);
  if (tokens.take("as")) return withStep(paths, { kind: "of-type", type: tokens.next() });
  if (tokens.take("and")) {
    tokens.expect(paths[0]?.resourceType ?? "");
    return parseHolds(tokens, paths);
  }
  return paths;
}

function parseTerm(tokens: Tokens): Path[] {
  let paths: Path[];
  if (tokens.take("(")) {
    paths = parseUnion(tokens);
    tokens.expect(")");
  } else {
    paths = [startOf(name(tokens))];
  }
  while (true) {
    if (tokens.take(".")) paths = withStep(paths, parseInvocation(tokens));
    else if (tokens.take("[")) {
      paths = withStep(paths, { kind: "item", index: Number(name(tokens)) });
      tokens.expect("]");
    } else return paths;
  }
}

function startOf(first: string): Path {
  if (anyResource.has(first)) return { resourceType: undefined, steps: [] };
  if (/^[A-Z]/.test(first)) return { resourceType: first, steps: [] };
  return { resourceType: undefined, steps: [{ kind: "child", name: first }] };
}

function parseInvocation(tokens: Tokens): PathStep {
  const called = name(tokens);
  if (!tokens.take("(")) return { kind: "child", name: called };
  const step = parseFunction(called, tokens);
  tokens.expect(")");
  return step;
}

function parseFunction(called: string, tokens: Tokens): PathStep {
  switch (called) {
    case "as":
    case "ofType":
      return { kind: "of-type", type: name(tokens) };
    case "exists":
    case "not":
      return { kind: called };
    case "extension":
      return { kind: "extension", url: String(literal(tokens)) };
    case "where":
      return parseCriterion(tokens);
    default:
      throw unsupported(called);
  }
}

function parseCriterion(tokens: Tokens): PathStep {
  const child = name(tokens);
  if (child === "resolve") {
    for (const token of ["(", ")", "is"]) tokens.expect(token);
    return { kind: "where-target", type: name(tokens) };
  }
  tokens.expect("=");
  return { kind: "where-equal", child, value: literal(tokens) };
}

/** Reads the second half of `A.exists() and A != false`, whose first half ended in `exists`. */
function parseHolds(tokens: Tokens, paths: Path[]): Path[] {
  const [path] = paths;
  const steps = path?.steps.slice(0, -1) ?? [];
  if (paths.length !== 1 || !path || path.steps.at(-1)?.kind !== "exists") throw unsupported("and");
  for (const step of steps) {
    if (step.kind !== "child") throw unsupported("and");
    tokens.expect(".");
    tokens.expect(step.name);
  }
  tokens.expect("!=");
  tokens.expect("false");
  return [{ ...path, steps: [...steps, { kind: "holds" }] }];
}

function withStep(paths: readonly Path[], step: PathStep): Path[] {
  return paths.map(({ resourceType, steps }) => ({ resourceType, steps: [...steps, step] }));
}

function name(tokens: Tokens): string {
  const token = tokens.next();
  if (!/^\w+$/.test(token)) throw unsupported(token);
  return token;
}

function literal(tokens: Tokens): string | boolean {
  const token = tokens.next();
  if (token === "true" || token === "false") return token === "true";
  if (!token.startsWith("'")) throw unsupported(token);
  return token.slice(1, -1);
}

const tokenPattern = /\s*(\w+|'[^'\\]*'|!=|[.()[\]|=])\s*/y;

function tokenize(expression: string): Tokens {
  const found: string[] = [];
  tokenPattern.lastIndex = 0;
  for (let at = 0; at < expression.length; at = tokenPattern.lastIndex) {
    const match = tokenPattern.exec(expression);
    if (!match) throw unsupported(expression.slice(at));
    found.push(match[1]!);
  }
  let at = 0;
  const next = (): string => {
    const token = found[at++];
    if (token === undefined) throw unsupported(expression);
    return token;
  };
  return {
    peek: () => found[at],
    next,
    take(token) {
      if (found[at] !== token) return false;
      at += 1;
      return true;
    },
    expect(token) {
      if (next() !== token) throw unsupported(expression);
    },
  };
}

function unsupported(what: string): UnsupportedExpressionError {
  return new UnsupportedExpressionError(`The expression of a search parameter uses more than is supported: ${what}.`);
}
