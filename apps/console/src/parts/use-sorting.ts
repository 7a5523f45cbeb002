import { goTo, usePlace } from "../app/location.tsx";

/** By what a list is sorted, which way, and the change of it. */
export interface Sorting {
  readonly by: string;
  readonly order: "asc" | "desc";
  /** Sorts by something else, or the same the other way round. */
  readonly sortBy: (by: string) => void;
}

/** Keeps in the page's address how a list is sorted; `first` is how it is when nothing is said. */
export function useSorting(first: string, firstOrder: Sorting["order"] = "asc"): Sorting {
  const { path, search } = usePlace();
  const by = search.get("sort") ?? first;
  const told = search.get("order");
  const order = told === "asc" || told === "desc" ? told : by === first ? firstOrder : "asc";
  const sortBy = (chosen: string) => {
    const changed = new URLSearchParams(location.search);
    changed.set("sort", chosen);
    changed.set("order", chosen === by && order === "asc" ? "desc" : "asc");
    goTo(`${path}?${changed}`, { replace: true });
  };
  return { by, order, sortBy };
}
