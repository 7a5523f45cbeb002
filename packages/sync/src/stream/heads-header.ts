/** Header in which a parent tells, with every page of a stream, how long the child's other streams are. */
export const headsHeader = "tributary-heads";

/** Streams in one header; a child follows a handful. */
const headsMax = 16;

/** `conflicts=45,metadata=12` */
export function writeHeads(heads: ReadonlyMap<string, number>): string {
  return [...heads].map(([stream, head]) => `${stream}=${head}`).join(",");
}

/** Reads the header; what is missing or malformed in it tells nothing. */
export function parseHeads(text: string | undefined): ReadonlyMap<string, number> {
  const heads = new Map<string, number>();
  for (const part of (text ?? "").split(",", headsMax)) {
    const [, stream, head] = /^([\w-]{1,64})=(\d{1,15})$/.exec(part) ?? [];
    if (stream !== undefined) heads.set(stream, Number(head));
  }
  return heads;
}
