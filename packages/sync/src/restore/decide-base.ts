/** What a child has of one record, and the base that it agreed upon with the parent before the parent's history changed. */
export interface AgreedRecord {
  readonly version: number;
  /** As a stream entry carries it; `null` for a deletion. */
  readonly digest: string | null;
  readonly base: { readonly localVersion: number; readonly remoteVersion: number; readonly differs?: boolean };
}

/** What becomes of a base when the parent's history has changed; without a `base` it is forgotten. */
export type BaseDecision =
  /** It holds as it is. */
  | { readonly kind: "keep" }
  /** Nothing was lost, but the versions are others now. */
  | { readonly kind: "correct"; readonly base: { readonly localVersion: number; readonly remoteVersion: number } }
  /** The parent has lost what was agreed; the record is to be sent again, as an edit of what the parent had in common. */
  | { readonly kind: "lost"; readonly base?: { readonly localVersion: number; readonly remoteVersion: number } };

/**
 * Decides about one base. `remote` is what the parent has now, absent when it has no such record or has deleted it;
 * `firstSince` is the first version that it made behind the last place that both ends have in common: all versions before
 * that one are common, and a base beyond them speaks of a version that was lost.
 */
export function decideBase(
  { version, digest, base }: AgreedRecord,
  remote: { readonly version: number; readonly digest: string } | undefined,
  firstSince: number | undefined,
): BaseDecision {
  const common = firstSince === undefined ? (remote?.version ?? 0) : firstSince - 1;
  const isUnsent = version > base.localVersion || base.differs === true;
  if (!isUnsent && remote && remote.digest === digest) {
    return { kind: "correct", base: { localVersion: version, remoteVersion: remote.version } };
  }
  // A deletion that the parent does not list it has too, or it has never heard of the record: that cannot be told apart.
  const isUnheard = digest === null && remote === undefined && common === 0;
  if (base.remoteVersion <= common && !isUnheard) return { kind: "keep" };
  return common > 0 ? { kind: "lost", base: { localVersion: 0, remoteVersion: common } } : { kind: "lost" };
}
