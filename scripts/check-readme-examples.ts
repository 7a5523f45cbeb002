import { spawnSync } from "node:child_process";
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

/** What the examples take for granted: what a program around them has. */
const surroundings = `
declare const database: import("@tributary/database").Database;
declare const store: import("@tributary/fhir").ResourceStore;
declare const synchronizer: import("@tributary/sync").Synchronizer;
declare const nodeId: import("@tributary/kernel").NodeId;
declare const childId: import("@tributary/kernel").NodeId;
declare const clock: import("@tributary/kernel").Clock;
declare const random: import("@tributary/kernel").Random;
declare const logger: import("@tributary/kernel").Logger;
declare const request: import("@tributary/kernel").HttpRequest;
declare const signal: AbortSignal;
declare const author: string;
declare const now: number;
declare const base: import("@tributary/sync").MergeInput["base"];
declare const mine: import("@tributary/sync").MergeInput["mine"];
declare const theirs: import("@tributary/sync").MergeInput["theirs"];
declare const source: import("@tributary/sync").Source<string, string, number>;
declare const target: import("@tributary/sync").Target<string, string, number>;
declare function changeSomething(tx: import("@tributary/database").Transaction): Promise<void>;
declare function wakeTheSender(): void;
declare function sweep(signal: AbortSignal): Promise<number>;
declare function fetchRecord(address: string | undefined, signal: AbortSignal): Promise<string>;
declare function saveRecord(tx: import("@tributary/database").Transaction, record: string): Promise<void>;
`;

/** The examples of a README, each as a module; one without imports takes what it uses from the package itself. */
export function examplesOf(room: string, readme: string, door: string): string[] {
  const given = [...door.matchAll(/^export \{([^}]+)\}/gm)].flatMap(([, names = ""]) =>
    names.split(",").map((name) => name.trim()),
  );
  const values = given.filter((name) => /^\w+$/.test(name));
  return [...readme.matchAll(/^```ts\n(.*?)^```$/gms)].map(([, code = ""]) => {
    const used = values.filter((name) => new RegExp(`\\b${name}\\(`).test(code));
    const isWhole = /^import /m.test(code) || used.length === 0;
    const head = isWhole ? "" : `import { ${used.join(", ")} } from "@tributary/${room}";\n`;
    return `${head}${code}\nexport {};\n`;
  });
}

/** Writes every example of the packages' READMEs into a project of its own, and compiles it. */
function compileExamples(root: string): number {
  const rooms = readdirSync(join(root, "packages"));
  const folder = join(root, ".types", "readme-examples");
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  for (const room of rooms) {
    const [readme, door] = ["README.md", "src/index.ts"].map((file) =>
      readFileSync(join(root, "packages", room, file), "utf8"),
    );
    for (const [at, code] of examplesOf(room, readme!, door!).entries()) {
      writeFileSync(join(folder, `${room}-${at + 1}.ts`), code);
    }
  }
  writeFileSync(join(folder, "surroundings.d.ts"), surroundings);
  const project = {
    extends: "../../tsconfig.base.json",
    compilerOptions: {
      rootDir: ".",
      outDir: "../examples-of-readmes",
      noUnusedLocals: false,
      noUnusedParameters: false,
    },
    include: ["*.ts"],
    references: rooms.map((room) => ({ path: `../../packages/${room}` })),
  };
  writeFileSync(join(folder, "tsconfig.json"), JSON.stringify(project, null, 2));
  return spawnSync("tsc", ["-b", folder], { cwd: root, stdio: "inherit" }).status ?? 1;
}

if (import.meta.main) process.exit(compileExamples(fileURLToPath(new URL("..", import.meta.url))));
