import { spawn } from "node:child_process";
import { fileURLToPath } from "node:url";
import { expect, it } from "vitest";

const fileAt = (path: string) => fileURLToPath(new URL(path, import.meta.url));

/** Runs Node.js with nobody who reads what it prints, from the beginning on. */
async function unread(...words: string[]): Promise<{ readonly code: number | null; readonly noted: string }> {
  const child = spawn(process.execPath, words, { stdio: ["ignore", "pipe", "pipe"] });
  child.stdout.destroy();
  let noted = "";
  child.stderr.on("data", (chunk) => {
    noted += chunk;
  });
  return new Promise((resolve) => child.once("close", (code) => resolve({ code, noted })));
}

it("goes on when nobody reads what it prints, and ends as if somebody did", async () => {
  const program = fileAt("../bin/tributary.js");

  expect(await unread(program, "--help")).toEqual({ code: 0, noted: "" });
  expect(await unread(program, "status", "--dir", fileAt("nowhere"))).toMatchObject({
    code: 2,
    noted: expect.stringContaining("[CONFIG_MISSING]"),
  });
});

it("comes to the end of a long result that nobody reads", async () => {
  const script = `
    const { processTerminal } = await import(${JSON.stringify(fileAt("terminal.ts"))});
    const terminal = processTerminal();
    for (let part = 0; part < 20; part++) await terminal.stream("x".repeat(100_000));
    terminal.note("It came to its end.");
  `;

  expect(await unread("--input-type=module", "--eval", script)).toEqual({ code: 0, noted: "It came to its end.\n" });
});
