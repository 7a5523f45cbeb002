/** Names one record: its resource type and its logical id. */
export interface ResourceKey {
  readonly type: string;
  readonly id: string;
}

const idPattern = /^[A-Za-z0-9.-]{1,64}$/;

/** Tells whether a text can be a logical id. See https://hl7.org/fhir/R4/datatypes.html#id */
export function isResourceId(text: string): boolean {
  return idPattern.test(text);
}

/** Writes a key as a relative reference, `Patient/123`. */
export function referenceTo({ type, id }: ResourceKey): string {
  return `${type}/${id}`;
}

/**
 * Reads a relative reference, with or without a version (`Patient/123`, `Patient/123/_history/2`); `undefined` for any
 * other text. It does not ask whether the type exists.
 */
export function parseReference(text: string): ResourceKey | undefined {
  const found = /^([A-Z][A-Za-z]{1,63})\/([A-Za-z0-9.-]{1,64})(?:\/_history\/[A-Za-z0-9.-]{1,64})?$/.exec(text);
  return found ? { type: found[1]!, id: found[2]! } : undefined;
}
