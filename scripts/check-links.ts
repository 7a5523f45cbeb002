import { existsSync, readFileSync } from "node:fs";
import { join, posix } from "node:path";
import { fileURLToPath } from "node:url";
import { readDocuments, type SourceFile } from "./source-files.ts";

/** What the documents may name beside each other. */
export interface Surroundings {
  /** Whether there is such a file or folder, by its path from the project's root. */
  exists(path: string): boolean;
  /** The names that `npm run` knows. */
  readonly scripts: ReadonlySet<string>;
  /** The text of a package's door, by the name under which it is imported. */
  doorOf(name: string): string | undefined;
}

/** A file or folder that a document names in passing, by its path from the root or from its own folder; patterns and pieces in braces are none. */
const namedPath = /`((?:apps|bench|deploy|docs|examples|packages|scripts|tests)\/[\w./-]+)`/g;
const linkTarget = /\]\((?!https?:|mailto:)([^)\s]+)\)/g;
/** Those of another package are held by whoever runs them. */
const npmScript = /\bnpm run ([\w:-]+)(?![\w:-]| --workspace)/g;

const packageImport = /^import (?:type )?\{([^}]+)\} from "(@tributary\/[\w/-]+)";/gm;

/** Every link, path, script and import that the documents name and that is not there, as sentences. */
export function findBrokenLinks(documents: readonly SourceFile[], { exists, scripts, doorOf }: Surroundings): string[] {
  const anchors = new Map(documents.map(({ path, text }) => [path, anchorsOf(text)]));
  return documents.flatMap(({ path, text }) => {
    const outsideOfCode = withoutCode(text);
    const broken = named(outsideOfCode, linkTarget).filter((target) => !leadsSomewhere(path, target));
    const paths = named(text, namedPath).filter((one) => !exists(one) && !exists(beside(path, one)));
    const unknown = named(text, npmScript).filter((one) => !scripts.has(one));
    return [
      ...broken.map((target) => `${path}: the link to ${target} leads nowhere.`),
      ...paths.map((one) => `${path}: names ${one}, which is not there.`),
      ...unknown.map((one) => `${path}: names the script ${one}, which package.json does not have.`),
      ...missingFromDoors(text).map((one) => `${path}: imports ${one}, which that package does not give.`),
    ];
  });

  function missingFromDoors(text: string): string[] {
    return [...text.matchAll(packageImport)].flatMap(([, names = "", from = ""]) =>
      names
        .split(",")
        .map((name) =>
          name
            .replace(/^\s*type\s/, "")
            .replace(/\sas\s.*$/s, "")
            .trim(),
        )
        .filter((name) => name !== "" && !new RegExp(`\\b${name}\\b`).test(doorOf(from) ?? ""))
        .map((name) => `${name} from ${from}`),
    );
  }

  function leadsSomewhere(path: string, target: string): boolean {
    const [file = "", anchor] = decodeURI(target).split("#");
    const to = file === "" ? path : beside(path, file);
    if (file !== "" && !exists(to)) return false;
    return anchor === undefined || (anchors.get(to)?.has(anchor) ?? false);
  }
}

function beside(path: string, other: string): string {
  return posix.join(posix.dirname(path), other);
}

function named(text: string, pattern: RegExp): string[] {
  return [...new Set([...text.matchAll(pattern)].map(([, name = ""]) => name))];
}

/** The names under which a page's headings can be linked to, as GitHub makes them. */
function anchorsOf(text: string): ReadonlySet<string> {
  const anchors = new Set<string>();
  for (const [, heading = ""] of withoutBlocks(text).matchAll(/^#{1,6} (.+)$/gm)) {
    const name = heading
      .replaceAll(/\[([^\]]*)\]\([^)]*\)/g, "$1")
      .toLowerCase()
      .replaceAll(/[^\p{L}\p{N}\s_-]/gu, "")
      .trim()
      .replaceAll(/\s/g, "-");
    let free = name;
    for (let n = 1; anchors.has(free); n++) free = `${name}-${n}`;
    anchors.add(free);
  }
  return anchors;
}

function withoutBlocks(text: string): string {
  return text.replaceAll(/^( *)```[\s\S]*?^\1```/gm, "");
}

function withoutCode(text: string): string {
  return withoutBlocks(text).replaceAll(/`[^`\n]*`/g, "");
}

/** The text of `packages/sync/src/index.ts` for `@tributary/sync`, of `packages/sync/testing/index.ts` for its testing door. */
function readDoor(packages: string, name: string): string | undefined {
  const [, room = "", door] = name.split("/");
  const file = join(packages, room, door === undefined ? "src/index.ts" : `${door}/index.ts`);
  return existsSync(file) ? readFileSync(file, "utf8") : undefined;
}

if (import.meta.main) {
  const root = fileURLToPath(new URL("..", import.meta.url));
  const { scripts } = JSON.parse(readFileSync(join(root, "package.json"), "utf8")) as { scripts: object };
  const broken = findBrokenLinks(readDocuments(root), {
    exists: (path) => existsSync(join(root, path)),
    scripts: new Set(Object.keys(scripts)),
    doorOf: (name) => readDoor(join(root, "packages"), name),
  });
  for (const one of broken) console.error(one);
  process.exit(broken.length === 0 ? 0 : 1);
}
