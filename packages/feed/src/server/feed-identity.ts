import { TributaryError } from "@tributary/kernel";

/** What a server's pages say of themselves; clients show it, and none reads it. */
export interface FeedIdentity {
  readonly title: string;
  readonly author: string;
  readonly generatorTitle: string;
  readonly generatorUri: string;
  /** A page's id is this, a plus sign and the page's number. */
  readonly idPrefix: string;
  /** `number`, the only strategy there is: pages by time move with the server's clock and zone. */
  readonly chunkingStrategy?: string;
}

/** The pages of `openmrs-atomfeed`, as Bahmni runs it. */
export const openmrsIdentity: FeedIdentity = {
  title: "Patient AOP",
  author: "OpenMRS",
  generatorTitle: "OpenMRS Feed Publisher",
  generatorUri: "https://github.com/ICT4H/atomfeed",
  idPrefix: "bec795b1-3d17-451d-b43e-a094019f6984",
};

/** The pages of `openmrs-module-atomfeed`, which Sync 2.0 reads. */
export const sync2Identity: FeedIdentity = {
  title: "Patient AOP",
  author: "SolDevelo",
  generatorTitle: "OpenMRS Feed Publisher for Sync2.0",
  generatorUri: "https://github.com/ICT4H/atomfeed",
  idPrefix: "a2ad93fd-8a7f-405f-bbc1-da4535e6d05c",
};

/** What the historic server says when nothing is configured. */
export const defaultIdentity: FeedIdentity = {
  title: "Event feed",
  author: "Atomfeed",
  generatorTitle: "Atomfeed",
  generatorUri: "https://github.com/ICT4H/atomfeed",
  idPrefix: "",
};

/** Throws `CONFIG_INVALID` for an identity that no server can take on. */
export function requireIdentity(identity: FeedIdentity): void {
  const { chunkingStrategy = "number" } = identity;
  if (chunkingStrategy.toLowerCase() === "number") return;
  throw new TributaryError(
    "CONFIG_INVALID",
    `The chunking strategy "${chunkingStrategy}" is not supported; set chunking.strategy to "number".`,
  );
}
