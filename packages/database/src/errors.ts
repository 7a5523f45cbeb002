import { TributaryError } from "@tributary/kernel";

const sqliteBusy = 5;
const sqliteLocked = 6;
const sqliteIoError = 10;
const sqliteFull = 13;
const sqliteCannotOpen = 14;
const sqliteUnique = new Set([1555, 2067, 2579]);

/** Tells whether a statement failed because a row with the same key exists. */
export function isUniqueViolation(thrown: unknown): boolean {
  const { code, errcode } = fieldsOf(causeOf(thrown));
  return code === "23505" || (typeof errcode === "number" && sqliteUnique.has(errcode));
}

/**
 * Gives a transaction up because another one has overtaken what it read. It is begun again, as after a race that
 * PostgreSQL itself has noticed, whose code this is.
 */
export class OvertakenError extends Error {
  override readonly name = "OvertakenError";
  readonly code = "40001";
}

/** Tells whether PostgreSQL gave a transaction up in favour of another one; doing it again is right. */
export function isLostRace(thrown: unknown): boolean {
  const { code } = fieldsOf(causeOf(thrown));
  return code === "40001" || code === "40P01";
}

/**
 * Tells whether a failure lies with the database and not with what was to be written: lost races, a lock, a full disk, a
 * broken connection. Doing the same again may succeed; leaving the data out would be wrong.
 */
export function isDatabaseTrouble(thrown: unknown): boolean {
  const told = asDatabaseError(thrown, "the database");
  if (told instanceof TributaryError) return told.code.startsWith("DATABASE_");
  const { code } = fieldsOf(thrown);
  return isSqliteBusy(thrown) || (typeof code === "string" && /^(08|40|53|55|57|58)...$/.test(code));
}

/** Tells whether another process holds SQLite's write lock. */
export function isSqliteBusy(thrown: unknown): boolean {
  const { errcode } = fieldsOf(thrown);
  return typeof errcode === "number" && ((errcode & 0xff) === sqliteBusy || (errcode & 0xff) === sqliteLocked);
}

/** Gives a driver's error its place in the catalogue; what is our own mistake (a wrong statement) stays as it is. */
export function asDatabaseError(thrown: unknown, where: string): unknown {
  const { code, errcode, message } = fieldsOf(thrown);
  const primary = typeof errcode === "number" ? errcode & 0xff : undefined;
  if (primary === sqliteFull || code === "53100" || code === "ENOSPC") {
    return new TributaryError("DATABASE_FULL", `The disk that holds ${where} is full; free some space.`, {
      cause: thrown,
      retryable: true,
    });
  }
  if (primary === sqliteIoError || primary === sqliteCannotOpen || isUnreachable(code)) {
    return unavailable(thrown, where, String(message));
  }
  return thrown;
}

/** Gives what failed on a connection that the server ended its place in the catalogue; the driver has no code for it. */
export function lostConnection(thrown: unknown, where: string): unknown {
  if (thrown instanceof TributaryError) return thrown;
  return unavailable(thrown, where, "the connection was lost");
}

function unavailable(cause: unknown, where: string, why: string): TributaryError {
  return new TributaryError("DATABASE_UNAVAILABLE", `The database ${where} cannot be used (${why}).`, {
    cause,
    retryable: true,
  });
}

function isUnreachable(code: unknown): boolean {
  if (typeof code !== "string") return false;
  return (
    /^(ECONN|ENOTFOUND|ETIMEDOUT|EPIPE|EHOST|EAI_|ENOENT|EACCES)/.test(code) || /^(08|25P03|57P|3D000|28)/.test(code)
  );
}

function causeOf(thrown: unknown): unknown {
  return thrown instanceof TributaryError ? thrown.cause : thrown;
}

function fieldsOf(thrown: unknown): { code?: unknown; errcode?: unknown; message?: unknown } {
  return typeof thrown === "object" && thrown !== null ? thrown : {};
}
