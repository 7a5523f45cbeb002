import type { Dialect } from "@tributary/database";
import type { ServedNode } from "../program/served-node.ts";
import { makeTree } from "./tree.ts";

/** A parent and an enrolled child, made with the program's own commands; neither is started. */
export interface Network extends AsyncDisposable {
  readonly parent: ServedNode;
  readonly child: ServedNode;
  /** An API token of the parent. */
  readonly token: string;
}

export async function makeNetwork(dialect: Dialect): Promise<Network> {
  const tree = await makeTree(dialect, ["clinic"]);
  const [clinic] = tree.children;
  if (!clinic) throw new Error("The tree has no child.");
  const { parent } = tree;
  return {
    parent: parent.node,
    child: clinic.node,
    token: parent.token,
    [Symbol.asyncDispose]: () => tree[Symbol.asyncDispose](),
  };
}
