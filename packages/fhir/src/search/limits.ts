/** The most parameters of one search. A person's form has ten; each becomes a condition of one statement. */
export const parametersMax = 64;

/** The most values of one parameter joined by commas: each is a bound value, and databases bound their number too. */
export const alternativesMax = 500;

/**
 * The most tests that all conditions of a search come to, chains counted once for each type that they may lead to. Each
 * binds up to three values, and SQLite binds 32,766.
 */
export const testsMax = 5_000;

/** The most steps of a path that `:above` climbs. */
export const uriStepsMax = 32;

/** The longest value of one parameter: 500 ids with their types and commas fit. */
export const valueLengthMax = 65_536;

/** The longest single value, far above any name, code, identifier or address. */
export const alternativeLengthMax = 2_048;

/** The most sort keys; each is looked up for every match. */
export const sortKeysMax = 5;

/** The most `_include` and `_revinclude` parameters together. */
export const includesMax = 32;

/** The most resources that one page brings along beside its matches; the page says so when it leaves some out. */
export const includedMax = 2_000;

/** How far `:iterate` goes on from what was included: a place within a place within a place, and one more. */
export const includeRoundsMax = 4;

/** The most resources that may change between two pages of a sorted search; beyond it the search begins again. */
export const changesBetweenPagesMax = 10_000;
