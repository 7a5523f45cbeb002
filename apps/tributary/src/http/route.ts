import type { HttpHandler } from "@tributary/kernel";

/**
 * Who may call a route: everybody (`public`); everybody, as the operator has chosen (`open`); holders of an API token
 * (`token`); or other nodes, whose signature the handler itself checks (`node`).
 */
export type Caller = "public" | "open" | "token" | "node";

/** How a route's refusals are written, so that its clients can read them. */
export type ErrorStyle = "fhir" | "json" | "text";

/** One line of the table of routes. */
export interface Route {
  readonly methods: readonly string[];
  /** `:name` stands for one segment, `*` for the rest, which the handler gets as the parameter `path`. */
  readonly path: string;
  readonly caller: Caller;
  readonly errors: ErrorStyle;
  readonly handler: HttpHandler;
  /** A line about it is only worth writing when one looks for it. */
  readonly isQuiet?: boolean;
}
