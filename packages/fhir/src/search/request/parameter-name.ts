/** The name of a search parameter as a client writes it, taken apart: `subject:Patient.name:exact`. */
export interface ParameterName {
  /** As it was written. */
  readonly full: string;
  readonly code: string;
  readonly modifier?: string;
  /** What follows the first dot: the parameter of the resource that is referred to. */
  readonly chained?: string;
}

/** Takes a name apart; it does not ask whether such a parameter exists. */
export function parseParameterName(full: string): ParameterName {
  const dot = full.indexOf(".");
  const own = dot < 0 ? full : full.slice(0, dot);
  const colon = own.indexOf(":");
  return {
    full,
    code: colon < 0 ? own : own.slice(0, colon),
    ...(colon < 0 ? {} : { modifier: own.slice(colon + 1) }),
    ...(dot < 0 ? {} : { chained: full.slice(dot + 1) }),
  };
}
