import type { Mutation } from "./mutation.ts";

/** A source file with the mutation's edits in it; `undefined` when none of them belongs there. */
export function mutated({ edits }: Mutation, path: string, source: string): string | undefined {
  const here = edits.filter(({ room, find }) => path.startsWith(`${room}/`) && source.includes(find));
  if (here.length === 0 || /\.test\.ts$/.test(path)) return undefined;
  return here.reduce((text, { find, replace }) => text.replace(find, () => replace), source);
}
