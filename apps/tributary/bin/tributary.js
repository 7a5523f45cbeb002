#!/usr/bin/env node
// Plain JavaScript on purpose: it must run, and explain itself, on a Node.js that is too old for the program.

const oldest = [24, 15];
const [major = 0, minor = 0] = process.versions.node.split(".").map(Number);

if (major < oldest[0] || (major === oldest[0] && minor < oldest[1])) {
  console.error(
    `Error: Tributary needs Node.js ${oldest.join(".")} or later, and this is ${process.versions.node} (${process.execPath}).\n` +
      "Start it through npm (`npx tributary`, `npm run demo`), which brings the right one, or install it. [NODE_VERSION]",
  );
  process.exit(2);
}

const [{ default: nodeModule }, { homedir }, { join }] = await Promise.all([
  import("node:module"),
  import("node:os"),
  import("node:path"),
]);
// Compiled code is kept in the user's own folder, where nobody else can put any; without a writable one it is not kept.
nodeModule.enableCompileCache(process.env["NODE_COMPILE_CACHE"] ?? join(homedir(), ".cache", "tributary"));
const { main } = await import("../src/main.ts");
process.exitCode = await main(process.argv.slice(2));
