import { readFile, writeFile } from "node:fs/promises";
import { cpus, loadavg } from "node:os";

const page = new URL("../../docs/reference/long-runs.md", import.meta.url);

/** Writes what a long run came to into its part of the page of long runs; what was there before goes. */
export async function recordRun(part: string, markdown: string): Promise<void> {
  await writeFile(page, withPart(await readFile(page, "utf8"), part, `${markdown.trim()}\n\n${circumstances()}`));
}

/** What a part of the page says now. */
export async function readPart(part: string): Promise<string> {
  const text = await readFile(page, "utf8");
  const [from, to] = boundsOf(text, part);
  return text.slice(from, to).trim();
}

/** The page with another text between the marks of a part. */
export function withPart(text: string, part: string, markdown: string): string {
  const [from, to] = boundsOf(text, part);
  return `${text.slice(0, from)}\n\n${markdown}\n\n${text.slice(to)}`;
}

function boundsOf(text: string, part: string): [from: number, to: number] {
  const [begin, end] = [`<!-- ${part}: written by its command -->`, `<!-- end of ${part} -->`];
  const [from, to] = [text.indexOf(begin), text.indexOf(end)];
  if (from < 0 || to < from) throw new Error(`The page of long runs has no part ${part}.`);
  return [from + begin.length, to];
}

function circumstances(): string {
  const day = new Date().toISOString().slice(0, 10);
  const [cpu] = cpus();
  const load = loadavg()[1]?.toFixed(0);
  return `_${day}, Node ${process.versions.node}, ${cpus().length} cores (${cpu?.model.trim() ?? "unknown"}), load ${load}._`;
}
