/** The towns of a Patient's present addresses, in small letters. */
export function homeTownsOf(patient: unknown): ReadonlySet<string> {
  const { address } = (patient ?? {}) as { readonly address?: unknown };
  const towns = (Array.isArray(address) ? address : []).flatMap((one: { use?: unknown; city?: unknown } | null) =>
    one && one.use !== "old" && typeof one.city === "string" ? one.city.trim().toLowerCase() : [],
  );
  return new Set(towns.filter((town) => town !== ""));
}
