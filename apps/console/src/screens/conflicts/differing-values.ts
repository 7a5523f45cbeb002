/** Elements of a record, as they stand in it. */
export type Fragment = Readonly<Record<string, unknown>>;

/** A place in a record, `name[0].family`, with what each side says there; `undefined` where it says nothing. */
export interface ValueRow {
  readonly place: string;
  readonly values: readonly (string | undefined)[];
}

/** The places at which the sides are not all alike, with each side's value: only what differs, to the last word. */
export function differingValues(sides: readonly (Fragment | null | undefined)[]): readonly ValueRow[] {
  const told = sides.map(valuesOf);
  const places = [...new Set(told.flatMap((values) => [...values.keys()]))];
  return places
    .map((place) => ({ place, values: told.map((values) => values.get(place)) }))
    .filter(({ values }) => new Set(values).size > 1);
}

function valuesOf(fragment: Fragment | null | undefined): ReadonlyMap<string, string> {
  const values = new Map<string, string>();
  const collect = (value: unknown, place: string): void => {
    if (Array.isArray(value)) {
      for (const [at, item] of value.entries()) collect(item, `${place}[${at}]`);
    } else if (typeof value === "object" && value !== null) {
      for (const [name, member] of Object.entries(value)) collect(member, place === "" ? name : `${place}.${name}`);
    } else if (value !== undefined) {
      values.set(place, String(value));
    }
  };
  collect(fragment ?? undefined, "");
  return values;
}
