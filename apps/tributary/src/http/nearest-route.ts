import type { Refusal } from "./refusal.ts";
import { refusalBy } from "./refuse.ts";
import type { Route } from "./route.ts";

/** Says what a path that leads nowhere may have meant: another method of the same route, or the nearest route. */
export function explainNotFound(method: string, path: string, routes: readonly Route[]): Refusal {
  const same = routes.filter((route) => matches(route.path, path));
  if (same.length > 0) {
    const allowed = [...new Set(same.flatMap(({ methods }) => methods))].sort().join(", ");
    const head = { status: 405, code: "not-supported", headers: { allow: allowed } } as const;
    return refusalBy(head, "no-such-method", { method, allowed });
  }
  const nearest = nearestPath(path, routes);
  const head = { status: 404, code: "not-found" } as const;
  return nearest === undefined
    ? refusalBy(head, "no-such-path", {})
    : refusalBy(head, "no-such-path-near", { nearest });
}

function matches(pattern: string, path: string): boolean {
  const source = pattern
    .split("/")
    .map((part) => (part === "*" ? ".*" : part.startsWith(":") ? "[^/]+" : part.replace(/[.*+?^${}()|[\]\\]/g, "\\$&")))
    .join("/");
  return new RegExp(`^${source}$`).test(path);
}

function nearestPath(path: string, routes: readonly Route[]): string | undefined {
  const parts = path.split("/").filter(Boolean);
  const scored = routes.map((route) => ({
    path: route.path,
    score: likeness(parts, route.path.split("/").filter(Boolean)),
  }));
  const best = scored.sort((a, b) => b.score - a.score)[0];
  return best && best.score > 0 ? best.path : undefined;
}

/** How many leading segments agree; a segment that only begins alike counts half. */
function likeness(asked: readonly string[], offered: readonly string[]): number {
  let score = 0;
  for (const [index, part] of offered.entries()) {
    const given = asked[index];
    if (given === undefined) break;
    if (part === given || part.startsWith(":") || part === "*") score += part === given ? 1 : 0.25;
    else return score + (part.slice(0, 3).toLowerCase() === given.slice(0, 3).toLowerCase() ? 0.5 : 0);
  }
  return score;
}
