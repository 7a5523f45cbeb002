import type { Database, Reader } from "@tributary/database";
import type { Clock, HttpRequest, HttpResponse, Logger, Random } from "@tributary/kernel";
import type { ResourceStore } from "../store/resource-store.ts";
import { type Preferences, readPreferences } from "./preferences.ts";
import type { VirtualType } from "./virtual/virtual-type.ts";

/** An operation on a type that stands beside this API. */
export interface TypeOperation {
  readonly type: string;
  readonly name: string;
  /** The canonical address of its definition, and of the guide that it follows. */
  readonly definition: string;
  readonly guide: string;
}

/** What every interaction works with. */
export interface FhirNode {
  readonly database: Database;
  /** Where reads look: the database, or the transaction of the Bundle that a read is part of. */
  readonly reader: Reader;
  readonly store: ResourceStore;
  /** Makes the changes that a client asks for, as the store does, and tells whoever keeps their trail. */
  readonly write: ResourceStore["write"];
  /** The types whose resources are not in the store, by name. */
  readonly virtualTypes: Readonly<Record<string, VirtualType>>;
  readonly operations: readonly TypeOperation[];
  readonly clock: Clock;
  readonly random: Random;
  readonly logger: Logger;
  readonly software: { readonly name: string; readonly version: string };
  /** When this API was made, in milliseconds since 1970. */
  readonly startedAt: number;
  /** Answers any request of this API, so that a Bundle's entries take the same road as requests of their own. */
  readonly dispatch: FhirHandler;
}

/** A request to the FHIR API, read as far as all interactions need it. */
export interface FhirRequest {
  readonly method: string;
  /** The address of the API, without a slash at its end. */
  readonly base: string;
  /** What follows the base, `Patient/123`. */
  readonly path: string;
  /** What follows `?`, as it was sent. */
  readonly query: string;
  /** The values that the route's pattern found in the path. */
  readonly parameters: Readonly<Record<"type" | "id" | "version", string>>;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string | undefined>>;
  readonly body: string;
  readonly preferences: Preferences;
  /** Who is asking, for the record's history. */
  readonly author: string | undefined;
}

/** Answers one interaction. What it cannot do it throws as a `FhirRefusal`. */
export type FhirHandler = (node: FhirNode, request: FhirRequest) => Promise<HttpResponse>;

/** Reads a request whose `parameters.path` is what follows the API's base. */
export function readFhirRequest(request: HttpRequest, author: string | undefined): FhirRequest {
  const { url, method, headers, body } = request;
  const path = (request.parameters["path"] ?? "").replace(/^\/|\/$/g, "");
  const whole = url.origin + url.pathname.replace(/\/$/, "");
  const base = (path !== "" && whole.endsWith(path) ? whole.slice(0, -path.length) : whole).replace(/\/$/, "");
  return fhirRequest({ method, base, path, query: url.search.slice(1), headers, body, author });
}

/** Makes a request of its parts; an entry of a Bundle is one too. */
export function fhirRequest(parts: Omit<FhirRequest, "parameters" | "preferences">): FhirRequest {
  return { ...parts, parameters: noParameters, preferences: readPreferences(parts.headers["prefer"]) };
}

const noParameters = { type: "", id: "", version: "" } as const;
