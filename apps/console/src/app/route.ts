import type { Right } from "@tributary/admin-api";
import type { ComponentType } from "react";
import type { WordKey } from "../words/catalogue.ts";
import type { ScreenProgram } from "./screen-program.ts";

/** One screen: its path, its name, where it stands in the navigation, and who may see it. */
export interface ScreenRoute {
  /** `/conflicts/:id`; `:id` takes one part of a path. */
  readonly path: string;
  readonly title: WordKey;
  readonly screen: ScreenProgram;
  /** Stands in the side navigation, with this picture. */
  readonly icon?: ComponentType;
  /** What the user must be allowed to do to see it; everybody who is signed in when it is left out. */
  readonly right?: Right;
}

/** The route of a path, with the values of its named parts; `undefined` when there is none. */
export function matchRoute(routes: readonly ScreenRoute[], path: string) {
  for (const route of routes) {
    const parameters = matchPath(route.path, path);
    if (parameters) return { route, parameters };
  }
  return undefined;
}

/** The named parts of a path, decoded, or `undefined` when it does not fit the pattern. */
export function matchPath(pattern: string, path: string): Record<string, string> | undefined {
  const wanted = pattern.split("/");
  const given = path.split("/");
  if (wanted.length !== given.length) return undefined;
  const parameters: Record<string, string> = {};
  for (const [at, part] of wanted.entries()) {
    const value = given[at] ?? "";
    if (part.startsWith(":")) parameters[part.slice(1)] = decoded(value);
    else if (part !== value) return undefined;
  }
  return parameters;
}

/** A part of a path as it was meant; one that is not well encoded, as it stands. */
function decoded(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}
