/** What the name of an operation says: which node gave it, in which of its incarnations, and its number there. */
export interface OperationName {
  readonly node: string;
  readonly incarnation: string;
  readonly counter: number;
}

/**
 * Reads a name such as `clinic-1.0c9f2e:17`; `undefined` when it is none. A node's name may have dots, an incarnation has
 * none: of two nodes `clinic` and `clinic.1` neither can take a name of the other's.
 */
export function parseOperationName(text: string): OperationName | undefined {
  const found = /^(.+)\.([\w-]{1,64}):(\d{1,15})$/.exec(text);
  return found ? { node: found[1]!, incarnation: found[2]!, counter: Number(found[3]) } : undefined;
}

/** The number of an operation, by which those of one incarnation are in order; 0 when its name is none. */
export function counterOf(operationId: string): number {
  return parseOperationName(operationId)?.counter ?? 0;
}
