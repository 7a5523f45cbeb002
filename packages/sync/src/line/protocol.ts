/** The version of the protocol between nodes that this program speaks; it is named at enrolment. */
export const protocolVersion = 1;

/** The stream that carries every record; a child without a narrower catchment reads this one. */
export const everythingStream = "everything";

/** What a child is told for its stream as long as no catchment has been assigned to it. */
export const noStream = "none";

/**
 * Entries of one page of a stream. It is part of the protocol: page `n` holds the positions from `(n - 1) * 500 + 1` to
 * `n * 500` for ever.
 */
export const streamPageEntries = 500;

/** Records that one request for bodies may name. */
export const readRecordsMax = 1_000;

/** Bytes of bodies, before compression, that one answer carries at most, whatever was asked for. */
export const readBytesMax = 16 * 1024 * 1024;

/** Header in which a parent tells its time, in milliseconds since 1970, with every answer. */
export const timeHeader = "tributary-time";

/** Header in which a parent tells the version of its program with every answer. */
export const versionHeader = "tributary-version";

/**
 * Header in which a child names the last of its operations that the parent took, `incarnation:counter`. A parent that does
 * not know it was restored from a backup since, however well its stream fits what the child has read.
 */
export const settledHeader = "tributary-settled";

/** Media type of a page of a stream. */
export const streamPageType = "application/vnd.tributary.stream+json";

/** Media type of a batch of records. */
export const recordBatchType = "application/vnd.tributary.records";

/** The form in which records and their surroundings travel; it is told beside the protocol's own version. */
export const schemaVersion = 1;

/** Media type of a chunk of a snapshot: it is compressed as it stands, and never again on its way. */
export const snapshotChunkType = "application/zstd";

/**
 * Entries of a stream that make a snapshot worth its while: with fewer to read a child begins by the stream. At some
 * 40 bytes an entry and twice as many for a body the stream costs no more then, and nobody waits for a snapshot.
 */
export const snapshotWorthEntries = 20_000;

/**
 * Patients of a catchment that make a snapshot worth its while for a child that begins it: some 20,000 records. With fewer
 * their compartments come in a minute or two, patient by patient, and nobody waits for a snapshot.
 */
export const snapshotWorthPatients = 2_000;
