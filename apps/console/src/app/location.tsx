import { type AnchorHTMLAttributes, type MouseEvent, useSyncExternalStore } from "react";

/** Where the console is served; every path within it stands behind this. */
const root = "/console";
const moved = "tributary:moved";

/** The path within the console, `/conflicts/1234`, and what stands behind its question mark. */
export function usePlace(): { readonly path: string; readonly search: URLSearchParams } {
  const href = useSyncExternalStore(onMove, () => location.pathname + location.search);
  const url = new URL(href, location.origin);
  const path = url.pathname.startsWith(root) ? url.pathname.slice(root.length) : url.pathname;
  return { path: path.replace(/\/+$/, "") || "/", search: url.searchParams };
}

/** Goes to a path within the console. */
export function goTo(path: string, { replace = false }: { readonly replace?: boolean } = {}): void {
  history[replace ? "replaceState" : "pushState"](null, "", root + path);
  dispatchEvent(new Event(moved));
  if (!replace) scrollTo(0, 0);
}

/** One parameter behind the question mark, so that a filter survives a reload and can be sent to a colleague. */
export function useSearchParameter(name: string): readonly [value: string, change: (value: string) => void] {
  const { path, search } = usePlace();
  const change = (value: string) => {
    const changed = new URLSearchParams(location.search);
    if (value === "") changed.delete(name);
    else changed.set(name, value);
    const text = changed.toString();
    goTo(text === "" ? path : `${path}?${text}`, { replace: true });
  };
  return [search.get(name) ?? "", change];
}

/** A link to a place within the console, which the browser's own ways of opening links still understand. */
export function PlaceLink({ to, onClick, ...rest }: { readonly to: string } & AnchorHTMLAttributes<HTMLAnchorElement>) {
  return <a {...rest} href={root + to} onClick={(event) => follow(event, to, onClick)} />;
}

function follow(
  event: MouseEvent<HTMLAnchorElement>,
  to: string,
  before?: (event: MouseEvent<HTMLAnchorElement>) => void,
) {
  before?.(event);
  if (event.defaultPrevented || event.button !== 0 || event.metaKey || event.ctrlKey || event.shiftKey) return;
  event.preventDefault();
  goTo(to);
}

function onMove(listener: () => void): () => void {
  addEventListener("popstate", listener);
  addEventListener(moved, listener);
  return () => {
    removeEventListener("popstate", listener);
    removeEventListener(moved, listener);
  };
}
