import { isResourceType } from "../../definitions/resource-types.ts";
import { refusal } from "../../model/fhir-refusal.ts";
import { findParameter, type IndexedSource, typeIndexOf } from "../parameter/search-parameter.ts";

/** Resources to bring along: those that resources of a type refer to, or, reverse, those of a type that refer to them. */
export interface Include {
  readonly isReverse: boolean;
  /** The type whose references are followed; absent for `*`. */
  readonly sourceType: string;
  readonly sources: readonly IndexedSource[];
  /** Only resources of this type are brought (reverse: only for resources of this type). */
  readonly targetType?: string;
  /** Whether it also looks at what was brought along. */
  readonly isIterated: boolean;
}

/** Reads `Type:parameter`, `Type:parameter:Target`, `Type:*` or, for `_include`, `*`; a string tells what is unknown. */
export function parseInclude(
  searched: string,
  value: string,
  { isReverse, isIterated }: { readonly isReverse: boolean; readonly isIterated: boolean },
): Include | string {
  const [first = "", code, targetType, ...more] = value.split(":");
  const sourceType = first === "*" && !isReverse ? searched : first;
  if (more.length > 0 || !isResourceType(sourceType) || (code === undefined && first !== "*")) {
    throw refusal(400, "value", `The include ${value} cannot be read; write Type:parameter or Type:parameter:Target.`);
  }
  if (targetType !== undefined && !isResourceType(targetType)) {
    throw refusal(400, "value", `The include ${value} names ${targetType}, which is no resource type.`);
  }
  const sources = sourcesOf(sourceType, code ?? "*");
  if (!sources) return `${sourceType} has no reference parameter ${code}.`;
  return { isReverse, isIterated, sourceType, sources, ...(targetType === undefined ? {} : { targetType }) };
}

function sourcesOf(sourceType: string, code: string): readonly IndexedSource[] | undefined {
  if (code === "*") {
    return typeIndexOf(sourceType)
      .paths.filter(({ kind }) => kind === "reference")
      .map(({ path }) => ({ path }));
  }
  const parameter = findParameter(sourceType, code);
  return parameter?.kind === "reference" ? parameter.sources : undefined;
}
