/**
 * Which resource types go one way of a link by themselves: all of them, `only` these, or all but those to `exclude`. A
 * type in both lists does not go.
 */
export interface TypeFilter {
  readonly only?: readonly string[] | undefined;
  readonly exclude?: readonly string[] | undefined;
}

/** Lets every type through. */
export const everyType: TypeFilter = {};

/** Whether records of a type go by themselves; what does not is held back, and never lost. */
export function allowsType({ only, exclude }: TypeFilter, type: string): boolean {
  return (only === undefined || only.includes(type)) && !(exclude?.includes(type) ?? false);
}
