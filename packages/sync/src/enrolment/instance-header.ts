/** Header in which a child tells, with every request, which installation it is and how many operations it has named. */
export const instanceHeader = "tributary-instance";

/** What a child says of itself. */
export interface ToldInstance {
  /** Names the installation: the machine and the very file of the database. A copy has another one. */
  readonly instance: string;
  /** Begins anew after every restore; operations are counted within it. Empty before the first. */
  readonly incarnation: string;
  /** The number that its next operation will have. */
  readonly counter: number;
}

export function writeInstanceHeader({ instance, incarnation, counter }: ToldInstance): string {
  return `${instance}.${incarnation}:${counter}`;
}

/** Reads the header; `undefined` when it is missing or says nothing. */
export function parseInstanceHeader(text: string | undefined): ToldInstance | undefined {
  const found = /^([\w-]{1,64})\.([\w-]{0,64}):(\d{1,15})$/.exec(text ?? "");
  return found ? { instance: found[1]!, incarnation: found[2]!, counter: Number(found[3]) } : undefined;
}
