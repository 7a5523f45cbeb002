import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Dialect } from "@tributary/database";
import { makeTestDatabase } from "@tributary/database/testing";
import { freePort, ServedNode, tributary } from "./program.ts";

/** A parent and an enrolled child, made with the program's own commands; neither is started. */
export interface Network extends AsyncDisposable {
  readonly parent: ServedNode;
  readonly child: ServedNode;
  /** An API token of the parent. */
  readonly token: string;
}

export async function makeNetwork(dialect: Dialect): Promise<Network> {
  const stack = new AsyncDisposableStack();
  const home = await mkdtemp(join(tmpdir(), "tributary-network-"));
  stack.defer(() => rm(home, { recursive: true, force: true }));
  const databaseWords = async () =>
    dialect === "sqlite" ? [] : ["--database", stack.use(await makeTestDatabase("postgres")).address];
  const [parentPort, childPort] = [await freePort(), await freePort()];
  const [parentFolder, childFolder] = [join(home, "centre"), join(home, "clinic")];
  const token = await tributary(
    "init",
    "parent",
    "--dir",
    parentFolder,
    "--id",
    "centre",
    "--port",
    String(parentPort),
    ...(await databaseWords()),
  );
  await tributary(
    "init",
    "child",
    "--dir",
    childFolder,
    "--id",
    "clinic",
    "--port",
    String(childPort),
    ...(await databaseWords()),
  );
  const parent = stack.use(new ServedNode(parentFolder, parentPort));
  const child = stack.use(new ServedNode(childFolder, childPort, { TRIBUTARY_PULL_EVERY_SECONDS: "0.2" }));
  await parent.start();
  const code = await tributary("enrol", "--dir", parentFolder, "--new", "clinic");
  await tributary("enrol", "--dir", childFolder, "--parent", parent.url, "--code", code);
  await parent[Symbol.asyncDispose]();
  return { parent, child, token, [Symbol.asyncDispose]: () => stack.disposeAsync() };
}
