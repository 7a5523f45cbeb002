import type { Reader } from "@tributary/database";
import type { DateTest } from "../../search/request/condition.ts";

/** A resource that is made when it is asked for. */
export interface VirtualResource {
  readonly id: string;
  /** Milliseconds since 1970. */
  readonly lastUpdated: number;
  /** The whole text, `meta` included. */
  readonly text: string;
}

/** A search parameter of a virtual type; the name and its meaning are R4's. */
export interface VirtualParameter {
  readonly code: string;
  /** What this server does otherwise than R4 says, for the CapabilityStatement. */
  readonly documentation?: string;
}

/** One parameter of a search: any of its values is enough, and all parameters must hold. */
export type VirtualCondition =
  | { readonly kind: "date"; readonly code: string; readonly anyOf: readonly DateTest[] }
  | { readonly kind: "text"; readonly code: string; readonly anyOf: readonly string[] };

/** A search, read and checked as far as every type is alike. */
export interface VirtualSearch {
  /** The address of this server's FHIR API, without a slash at its end. */
  readonly base: string;
  readonly conditions: readonly VirtualCondition[];
  /** Matches of one page; 0 asks for the total alone. */
  readonly count: number;
  /** `next` of the page before. */
  readonly page: string | undefined;
  readonly wantsTotal: boolean;
}

/** A page of what a search over a virtual type found. */
export interface VirtualMatches {
  readonly resources: readonly VirtualResource[];
  /** Names the page that follows, in letters, digits, `-` and `_`; absent when there is none. */
  readonly next?: string;
  readonly total?: number;
}

/**
 * A resource type whose resources are not in the store but come from elsewhere: they are read and searched like any other,
 * have one version each, and nobody can write one.
 */
export interface VirtualType {
  readonly parameters: readonly VirtualParameter[];
  /** A sentence for whoever tries to write one: where they come from, and what to write instead. */
  readonly whyReadOnly: string;
  read(reader: Reader, id: string): Promise<VirtualResource | undefined>;
  /** The matches of one page, the latest first. Throws a refusal for a value that none can have. */
  search(reader: Reader, search: VirtualSearch): Promise<VirtualMatches>;
}
