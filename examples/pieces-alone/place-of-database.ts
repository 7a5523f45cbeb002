import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** Where an example keeps what it keeps: the place that it was told, or a file that goes with it. */
export async function placeOfDatabase(told?: string): Promise<{ readonly address: string } & AsyncDisposable> {
  if (told !== undefined) return { address: told, async [Symbol.asyncDispose]() {} };
  const folder = await mkdtemp(join(tmpdir(), "tributary-example-"));
  return { address: join(folder, "example.db"), [Symbol.asyncDispose]: () => rm(folder, { recursive: true }) };
}
