import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { writeConfigurationPage } from "./docs/configuration-page.ts";
import { writeErrorsPage } from "./docs/errors-page.ts";
import { dumpSchemas } from "./docs/schema-dump.ts";

const folder = fileURLToPath(new URL("../docs/reference/", import.meta.url));

/** The texts of every generated document, by file name. */
export async function generateDocuments(): Promise<Readonly<Record<string, string>>> {
  const schemas = await dumpSchemas();
  return {
    "errors.md": writeErrorsPage(),
    "configuration.md": writeConfigurationPage(),
    "schema.sqlite.sql": schemas.sqlite,
    "schema.postgres.sql": schemas.postgres,
  };
}

/** The names of documents that are not there or differ from what would be generated now. */
export function findStaleDocuments(
  fresh: Readonly<Record<string, string>>,
  read: (name: string) => string | undefined,
): string[] {
  return Object.entries(fresh).flatMap(([name, text]) => (read(name) === text ? [] : [name]));
}

if (import.meta.main) {
  const fresh = await generateDocuments();
  const read = (name: string) => {
    const file = join(folder, name);
    return existsSync(file) ? readFileSync(file, "utf8") : undefined;
  };
  const stale = findStaleDocuments(fresh, read);
  if (process.argv.includes("--check")) {
    for (const name of stale) console.error(`docs/reference/${name} is out of date; run \`npm run docs\`.`);
    process.exitCode = stale.length === 0 ? 0 : 1;
  } else {
    mkdirSync(folder, { recursive: true });
    for (const name of stale) {
      writeFileSync(join(folder, name), fresh[name]!);
      console.log(`docs/reference/${name} written.`);
    }
  }
}
