import type { Exchange } from "@tributary/sync";
import type { SimNode } from "./sim-node.ts";

const instanceHeader = "tributary-instance";

/** Copies of nodes that are at work beside them under the same name, and which installation each says that it is. */
export class Clones {
  readonly all: SimNode[] = [];
  readonly #installations = new Map<SimNode, string>();

  /** A line that notes what a node says of itself. */
  noting(node: SimNode, line: Exchange): Exchange {
    return (request, signal) => {
      const [installation] = (request.headers[instanceHeader] ?? "").split(".");
      if (installation) this.#installations.set(node, installation);
      return line(request, signal);
    };
  }

  /** `undefined` before a node has asked anything. */
  installationOf(node: SimNode): string | undefined {
    return this.#installations.get(node);
  }
}
