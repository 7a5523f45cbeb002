import { type Node, SignIn } from "@tributary/runtime";
import { lookAt } from "./look-at-node.ts";
import { Watchers } from "./watchers.ts";

/** What the handlers of one server share beyond the node: what is counted, and who follows, between requests. */
export interface AdminRoom {
  readonly signIn: SignIn;
  readonly watchers: Watchers;
}

export function openAdminRoom(node: Node): AdminRoom {
  const { database, clock, random, logger } = node;
  return {
    signIn: new SignIn({ database, nodeId: node.id, clock, random, logger }),
    watchers: new Watchers(lookAt(node), clock),
  };
}
