import { existsSync, readFileSync } from "node:fs";
import { createRequire, syncBuiltinESMExports } from "node:module";

/**
 * Loaded before the program: gives its SQLite files a quota. While the file named by `TRIBUTARY_TEST_QUOTA` exists, each
 * database may grow by so many pages as it says, counted from when it appears; SQLite itself then says that it is full.
 */
const quotaFile = process.env["TRIBUTARY_TEST_QUOTA"] ?? "";
const lookEveryMs = 50;
/** SQLite's own limit. */
const unlimited = 4_294_967_294;

const sqlite = createRequire(import.meta.url)("node:sqlite") as {
  DatabaseSync: typeof import("node:sqlite").DatabaseSync;
};
const open = new Set<WeakRef<InstanceType<typeof sqlite.DatabaseSync>>>();
let isLimited = false;

sqlite.DatabaseSync = class extends sqlite.DatabaseSync {
  constructor(...given: ConstructorParameters<typeof sqlite.DatabaseSync>) {
    super(...given);
    open.add(new WeakRef(this));
    if (isLimited) limit(this);
  }
};
syncBuiltinESMExports();

setInterval(() => {
  if (isLimited === existsSync(quotaFile)) return;
  isLimited = !isLimited;
  for (const one of open) {
    const database = one.deref();
    if (!database) open.delete(one);
    else if (database.isOpen) limit(database);
  }
}, lookEveryMs).unref();

function limit(database: InstanceType<typeof sqlite.DatabaseSync>): void {
  const { page_count: pages } = database.prepare("pragma page_count").get() as { page_count: number };
  const most = isLimited ? pages + Number(readFileSync(quotaFile, "utf8")) : unlimited;
  database.exec(`pragma max_page_count = ${most}`);
}
