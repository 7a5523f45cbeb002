import { posix } from "node:path";
import type { SourceFile } from "./source-files.ts";

/**
 * The rings of files that import each other, types included, each as its paths. Imports that are made when a function is
 * called tie nothing: they are how a command's code comes when it is called.
 */
export function findImportRings(files: readonly SourceFile[]): string[][] {
  const imports = new Map(files.map((file) => [file.path, importedBy(file)]));
  const rings: string[][] = [];
  const places = new Map<string, number>();
  const lowest = new Map<string, number>();
  const open: string[] = [];

  // Tarjan's strongly connected components: what can be reached from a file and leads back to it.
  function visit(path: string): number {
    const place = places.size;
    places.set(path, place);
    lowest.set(path, place);
    open.push(path);
    for (const other of imports.get(path) ?? []) {
      if (!imports.has(other)) continue;
      const reached = places.has(other) ? (open.includes(other) ? places.get(other)! : place) : visit(other);
      lowest.set(path, Math.min(lowest.get(path)!, reached));
    }
    if (lowest.get(path) === place) {
      const ring = open.splice(open.indexOf(path));
      if (ring.length > 1) rings.push(ring.toSorted());
    }
    return lowest.get(path)!;
  }

  for (const { path } of files) if (!places.has(path)) visit(path);
  return rings;
}

function importedBy({ path, text }: SourceFile): string[] {
  const statements = /^(?:import|export)\b[^"';]*?\bfrom\s*["'](\.[^"']+)["']/gm;
  return [...text.matchAll(statements)].map(([, specifier = ""]) => posix.join(posix.dirname(path), specifier));
}
