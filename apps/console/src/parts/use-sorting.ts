import { goTo, usePlace } from "../app/location.tsx";

/** By what a list is sorted, which way, and the change of it. */
export interface Sorting {
  readonly by: string;
  readonly order: "asc" | "desc";
  /** Sorts by something else, or the same the other way round. */
  readonly sortBy: (by: string) => void;
}

/** Keeps in the page's address how a list is sorted; `first` is how it is when nothing is said. */
export function useSorting(
  first: string,
  {
    order: firstOrder = "asc",
    list = "",
  }: {
    readonly order?: Sorting["order"];
    /** What the list's parameters begin with, on a page that has several lists. */
    readonly list?: string;
  } = {},
): Sorting {
  const { path, search } = usePlace();
  const by = search.get(`${list}sort`) ?? first;
  const told = search.get(`${list}order`);
  const order = told === "asc" || told === "desc" ? told : by === first ? firstOrder : "asc";
  const sortBy = (chosen: string) => {
    const changed = new URLSearchParams(location.search);
    changed.set(`${list}sort`, chosen);
    changed.set(`${list}order`, chosen === by && order === "asc" ? "desc" : "asc");
    goTo(`${path}?${changed}`, { replace: true });
  };
  return { by, order, sortBy };
}
