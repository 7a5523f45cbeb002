/** The largest body that is read. A whole patient's record in one Bundle is seldom above 10 MiB. */
export const bodyBytesMax = 32 * 1024 * 1024;

/** The most entries of one batch or transaction, so that one request cannot hold the write lock for long. */
export const bundleEntriesMax = 10_000;

/** The most objects and arrays that may stand inside each other; real records stay under 30. */
export const nestingDepthMax = 100;

/** How many entries a page of a search or history has when the client does not say. */
export const pageSizeDefault = 50;

/** The most entries of one page, whatever the client asks for. */
export const pageSizeMax = 1_000;
