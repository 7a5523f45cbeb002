import { searchParametersOf } from "../../definitions/search-parameters.ts";
import { compilePath, type Walk } from "../expression/compile-path.ts";
import { parseExpression } from "../expression/parse-expression.ts";
import { type Path, pathText } from "../expression/path.ts";
import { hashText } from "../values/hash-text.ts";
import { type ParameterKind, typesOf } from "./parameter-kind.ts";

/** Where a parameter's values lie in the index: under one path, perhaps only those that refer to one type. */
export interface IndexedSource {
  readonly path: number;
  readonly targetType?: string;
}

/** A search parameter of one resource type that is indexed. */
export interface SearchParameter {
  readonly code: string;
  readonly kind: ParameterKind;
  readonly sources: readonly IndexedSource[];
  /** For a reference: the types it may lead to. */
  readonly targets: readonly string[];
}

/**
 * A path whose values are indexed once, however many parameters look at them: `subject` and `patient` of an Observation
 * share one, and `combo-code` has those of `code` and of `component-code`.
 */
export interface IndexedPath {
  /** Stands for kind and path in the index; the same in every version, as long as the path is. */
  readonly path: number;
  readonly kind: ParameterKind;
  readonly walk: Walk;
}

/** What a resource type can be searched by. */
export interface TypeIndex {
  readonly parameters: ReadonlyMap<string, SearchParameter>;
  readonly paths: readonly IndexedPath[];
  /** Parameters that R4 defines and that are not supported: composite and special ones. */
  readonly unsupported: ReadonlySet<string>;
}

/** Parameters that every type has and that the `resource` table answers itself. */
export const builtInParameters: ReadonlySet<string> = new Set(["_id", "_lastUpdated"]);

const indexes = new Map<string, TypeIndex>();

/** The index of one resource type, compiled when it is first asked for. */
export function typeIndexOf(resourceType: string): TypeIndex {
  let index = indexes.get(resourceType);
  if (!index) {
    index = compileType(resourceType);
    indexes.set(resourceType, index);
  }
  return index;
}

/** The parameter of a type by its code; `undefined` when there is none that is indexed. */
export function findParameter(resourceType: string, code: string): SearchParameter | undefined {
  return typeIndexOf(resourceType).parameters.get(code);
}

/** The number under which a logical reference's identifiers are indexed, beside the reference itself. */
export function identifierPath(path: number): number {
  return pathNumber(`identifier of ${path}`);
}

function compileType(resourceType: string): TypeIndex {
  const parameters = new Map<string, SearchParameter>();
  const paths = new Map<number, IndexedPath>();
  const unsupported = new Set<string>();
  for (const { code, type, expression, targets } of searchParametersOf(resourceType)) {
    if (builtInParameters.has(code)) continue;
    if (type === "composite" || type === "special" || !expression) {
      unsupported.add(code);
      continue;
    }
    const sources = pathsOf(resourceType, expression).map((path) => addPath(paths, type, path));
    parameters.set(code, { code, kind: type, sources, targets: targets ?? [] });
  }
  return { parameters, paths: [...paths.values()], unsupported };
}

function pathsOf(resourceType: string, expression: string): Path[] {
  return parseExpression(expression)
    .filter((path) => path.resourceType === undefined || path.resourceType === resourceType)
    .map(({ steps }) => ({ resourceType, steps }));
}

function addPath(paths: Map<number, IndexedPath>, kind: ParameterKind, { resourceType, steps }: Path): IndexedSource {
  const last = steps.at(-1);
  const target = last?.kind === "where-target" ? last.type : undefined;
  const indexed = target === undefined ? steps : steps.slice(0, -1);
  const path = pathNumber(`${kind} ${pathText({ resourceType, steps: indexed })}`);
  if (!paths.has(path)) paths.set(path, { path, kind, walk: compilePath(indexed, typesOf[kind]) });
  return target === undefined ? { path } : { path, targetType: target };
}

function pathNumber(text: string): number {
  return hashText(text) % 0x8000_0000;
}
