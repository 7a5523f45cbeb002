import { catchmentMutations } from "./catchment-mutations.ts";
import { eventMutations } from "./event-mutations.ts";
import { mergeMutations } from "./merge-mutations.ts";
import type { Mutation } from "./mutation.ts";
import { pullMutations } from "./pull-mutations.ts";
import { pushMutations } from "./push-mutations.ts";

/** Every bug that is put back, by the part of the engine that it is put into. */
export const mutations: readonly Mutation[] = [
  ...pullMutations,
  ...pushMutations,
  ...mergeMutations,
  ...catchmentMutations,
  ...eventMutations,
];

/** Throws when there is none of that name. */
export function mutationByName(name: string): Mutation {
  const mutation = mutations.find((one) => one.name === name);
  if (!mutation) throw new Error(`There is no mutation ${JSON.stringify(name)}.`);
  return mutation;
}
