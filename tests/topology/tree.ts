import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Dialect } from "@tributary/database";
import { makeTestDatabase } from "@tributary/database/testing";
import { freePort } from "../program/free-port.ts";
import { ServedNode } from "../program/served-node.ts";
import { tributary } from "../program/tributary.ts";

/** A node of a tree, with an API token of its own. */
export interface Site {
  readonly name: string;
  readonly node: ServedNode;
  readonly token: string;
}

/** A parent and its enrolled children, made with the program's own commands; none of them is started. */
export interface Tree extends AsyncDisposable {
  readonly parent: Site;
  readonly children: readonly Site[];
}

/** The line that a child is to have to its parent: opens it to the parent's port and tells where it begins. */
export type LineTo = (parentPort: number, child: string, stack: AsyncDisposableStack) => Promise<string>;

const directly: LineTo = async (parentPort) => `http://127.0.0.1:${parentPort}`;
const pullEverySeconds = "0.2";

/** Makes a tree of one parent, `centre`, and children of the given names. */
export async function makeTree(
  dialect: Dialect,
  children: readonly string[],
  lineTo: LineTo = directly,
): Promise<Tree> {
  await using stack = new AsyncDisposableStack();
  const home = await mkdtemp(join(tmpdir(), "tributary-tree-"));
  stack.defer(() => rm(home, { recursive: true, force: true }));

  const make = async (role: "parent" | "child", name: string): Promise<Site & { readonly port: number }> => {
    const [port, folder] = [await freePort(), join(home, name)];
    const database = dialect === "sqlite" ? [] : ["--database", stack.use(await makeTestDatabase("postgres")).address];
    const words = ["--dir", folder, "--id", name, "--port", String(port), ...database];
    await tributary("init", role, ...words);
    const token = await tributary("token", "create", "tests", "--dir", folder);
    const environment = role === "child" ? { TRIBUTARY_PULL_EVERY_SECONDS: pullEverySeconds } : {};
    return { name, port, token, node: stack.use(new ServedNode(folder, port, environment)) };
  };

  const parent = await make("parent", "centre");
  const sites = await Promise.all(children.map((name) => make("child", name)));
  await parent.node.start();
  for (const { name, node } of sites) {
    const code = await tributary("enrol", "--dir", parent.node.folder, "--new", name);
    const url = await lineTo(parent.port, name, stack);
    await tributary("enrol", "--dir", node.folder, "--parent", url, "--code", code);
  }
  await parent.node[Symbol.asyncDispose]();
  const made = stack.move();
  return { parent, children: sites, [Symbol.asyncDispose]: () => made.disposeAsync() };
}
