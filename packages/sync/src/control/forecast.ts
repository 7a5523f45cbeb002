/** How many records of one type would go or come, and how large they are before compression. */
export interface TypeForecast {
  readonly records: number;
  /** Characters of their stored text, about the bytes that travel uncompressed; a deletion has none. */
  readonly size: number;
}

/** What a push or a pull would do now. Nothing was written to find it out. */
export interface Forecast {
  readonly records: number;
  readonly size: number;
  readonly byType: Readonly<Record<string, TypeForecast>>;
  /** Records that would stay, since their type does not go by itself. */
  readonly heldBack: Readonly<Record<string, number>>;
}

/** A record that would go or come. */
export interface ForecastRecord {
  readonly type: string;
  readonly size: number;
}

/** Adds records up by type. Pure. */
export function forecastOf(going: readonly ForecastRecord[], heldBack: Readonly<Record<string, number>>): Forecast {
  const byType = Object.fromEntries(
    [...Map.groupBy(going, ({ type }) => type)]
      .map(([type, some]) => [type, { records: some.length, size: sizeOf(some) }] as const)
      .sort(([one], [other]) => (one < other ? -1 : 1)),
  );
  return { records: going.length, size: sizeOf(going), byType, heldBack };
}

/** How many records of each type there are. */
export function countByType(records: readonly { readonly type: string }[]): Record<string, number> {
  return Object.fromEntries([...Map.groupBy(records, ({ type }) => type)].map(([type, some]) => [type, some.length]));
}

function sizeOf(records: readonly ForecastRecord[]): number {
  return records.reduce((sum, { size }) => sum + size, 0);
}
