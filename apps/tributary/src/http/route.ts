import type { Right } from "@tributary/admin-api";
import type { RouteHandler } from "./streamed-response.ts";

/**
 * Who may call a route: everybody (`public`); everybody, as the operator has chosen (`open`); holders of an API token
 * (`token`); other nodes, whose signature the handler itself checks (`node`); or whoever has a right, by an API token or
 * a session.
 */
export type Caller = "public" | "open" | "token" | "node" | { readonly right: Right };

/** How a route's refusals are written, so that its clients can read them. */
export type ErrorStyle = "fhir" | "json" | "text";

/** One line of the table of routes. */
export interface Route {
  readonly methods: readonly string[];
  /** `:name` stands for one segment, `*` for the rest, which the handler gets as the parameter `path`. */
  readonly path: string;
  readonly caller: Caller;
  /** What the role of a token must allow where one is asked for; every living token may when left out. */
  readonly tokenRight?: Right;
  readonly errors: ErrorStyle;
  readonly handler: RouteHandler;
  /** Its answers end only with the client or the node; they are cut off at once when the node ends. */
  readonly isEndless?: boolean;
  /** A line about it is only worth writing when one looks for it. */
  readonly isQuiet?: boolean;
}
