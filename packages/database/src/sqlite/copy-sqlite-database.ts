import { existsSync, renameSync, rmSync } from "node:fs";
import { DatabaseSync } from "node:sqlite";
import { TributaryError } from "@tributary/kernel";

/**
 * Writes a copy of a SQLite database, as it is at one moment, into a new file, and checks that every page of it is
 * sound. The database may be in use meanwhile; nobody waits for it. The file appears under its name only when it is whole.
 *
 * Throws `CONFIG_INVALID` when there is such a file already, and `DATABASE_UNAVAILABLE` when it cannot be made or is not
 * sound.
 */
export function copySqliteDatabase(from: string, to: string): void {
  if (existsSync(to)) {
    throw new TributaryError("CONFIG_INVALID", `There is already a file ${to}; name another one.`);
  }
  const unfinished = `${to}.part`;
  rmSync(unfinished, { force: true });
  try {
    const source = new DatabaseSync(from, { readOnly: true, timeout: waitMs });
    try {
      source.prepare("vacuum into ?").run(unfinished);
    } finally {
      source.close();
    }
    requireSound(unfinished);
    renameSync(unfinished, to);
  } catch (cause) {
    rmSync(unfinished, { force: true });
    if (cause instanceof TributaryError) throw cause;
    throw new TributaryError("DATABASE_UNAVAILABLE", `A copy of ${from} could not be written to ${to}.`, { cause });
  }
}

/** How long a lock is waited for, such as that of a checkpoint. */
const waitMs = 30_000;

function requireSound(file: string): void {
  const copy = new DatabaseSync(file, { readOnly: true });
  try {
    const [first] = copy.prepare("pragma integrity_check(1)").all() as { integrity_check: string }[];
    if (first?.integrity_check === "ok") return;
  } finally {
    copy.close();
  }
  throw new TributaryError("DATABASE_UNAVAILABLE", "The copy is not sound; the disk may be failing.");
}
