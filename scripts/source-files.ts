import { readdirSync, readFileSync } from "node:fs";
import { join, relative, sep } from "node:path";

/** One file of the project. */
export interface SourceFile {
  /** From the project's root, with forward slashes. */
  readonly path: string;
  readonly text: string;
}

const rooms = ["packages", "apps", "examples", "bench", "tests", "scripts"];
const foreign = new Set(["node_modules", "dist", ".types", "coverage"]);

/** Reads every TypeScript file of the project that is written by hand, in the order of their paths. */
export function readSourceFiles(root: string): SourceFile[] {
  return rooms
    .flatMap((room) => listFiles(join(root, room)))
    .filter((file) => /\.tsx?$/.test(file))
    .map((file) => readFile(root, file));
}

/** Reads every Markdown page of the project, those at its root first. */
export function readDocuments(root: string): SourceFile[] {
  const pages = readdirSync(root).filter((name) => name.endsWith(".md"));
  return [
    ...pages.map((name) => join(root, name)),
    ...["docs", "deploy", ...rooms].flatMap((room) => listFiles(join(root, room))),
  ]
    .filter((file) => file.endsWith(".md"))
    .map((file) => readFile(root, file));
}

function readFile(root: string, file: string): SourceFile {
  return { path: relative(root, file).split(sep).join("/"), text: readFileSync(file, "utf8") };
}

function listFiles(folder: string): string[] {
  const entries = readdirSync(folder, { withFileTypes: true }).sort((a, b) => (a.name < b.name ? -1 : 1));
  return entries.flatMap((entry) => {
    if (foreign.has(entry.name)) return [];
    const path = join(folder, entry.name);
    return entry.isDirectory() ? listFiles(path) : [path];
  });
}
