/** The field that a refusal is about: what the key names with which the node's sentence begins. */
export interface RefusedField {
  /** The last word of the key: `cron` of `pull.cron`, `only` of `push.types.only.0`. */
  readonly name: string | undefined;
  /** The last place in a list, where the key names one. */
  readonly at: number | undefined;
}

/** Reads from a sentence of the node's, `pull.cron in … is …`, which field of a form it is about. Pure. */
export function refusedField(sentence: string): RefusedField {
  const parts = /^[A-Za-z]+(?:\.\w+)+/.exec(sentence)?.[0].split(".") ?? [];
  const isPlace = (part: string) => /^\d+$/.test(part);
  const place = parts.findLast(isPlace);
  return { name: parts.findLast((part) => !isPlace(part)), at: place === undefined ? undefined : Number(place) };
}
