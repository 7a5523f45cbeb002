import { openPair, type PairSurroundings } from "./open-pair.ts";
import { runHere } from "./run-here.ts";

type Role = "viewer" | "operator" | "reviewer" | "administrator";

/**
 * A parent and a child that listen, and the command line as it asks each of them over the line: with the token of an
 * administrator, which is called so, or of another role.
 */
export async function openServed(
  dialect: Parameters<typeof openPair>[0],
  folder: string,
  surroundings: PairSurroundings = {},
) {
  const pair = await openPair(dialect, folder, { ...surroundings, port: 0 });
  const addresses = { parent: await pair.servers.parent.listen(), child: await pair.servers.child.listen() };
  const tokenOf = async (ask: typeof pair.ask, role: Role) =>
    String((await ask("POST", "/tokens", { name: role, role })).body["token"]);
  const tokens = {
    parent: await tokenOf(pair.askParent, "administrator"),
    child: await tokenOf(pair.ask, "administrator"),
  };
  const asking =
    (address: string, token: string) =>
    (...words: string[]) =>
      runHere([...words, "--node", address], { TRIBUTARY_TOKEN: token });
  return {
    ...pair,
    addresses,
    tokens,
    atParent: asking(addresses.parent, tokens.parent),
    atChild: asking(addresses.child, tokens.child),
    /** The command line of somebody at the parent. */
    atParentAs: async (role: Role) => asking(addresses.parent, await tokenOf(pair.askParent, role)),
    [Symbol.asyncDispose]: () => pair[Symbol.asyncDispose](),
  };
}
