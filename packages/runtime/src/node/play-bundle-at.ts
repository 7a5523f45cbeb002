import { type PlayBundleOptions, type PlayedBundle, playBundle } from "@tributary/sync";
import type { Node } from "./open-node.ts";
import { programVersion } from "./program-version.ts";

/** Takes in at an open node what a child says in a file, by the node's own rules, and writes the answer. */
export async function playBundleAt(
  node: Node,
  bundle: Pick<PlayBundleOptions, "file" | "answerFile" | "author" | "onProgress">,
  signal: AbortSignal,
): Promise<PlayedBundle> {
  const { database, store, id: nodeId, clock, random, settings, snapshots } = node;
  const { policies } = settings;
  return playBundle({ database, store, nodeId, clock, random, policies, snapshots, programVersion, ...bundle }, signal);
}
