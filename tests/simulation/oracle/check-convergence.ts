import type { Disk } from "./disk.ts";
import { Violation } from "./violation.ts";

/** I1: every node holds every record with the same content. */
export function checkConvergence([root, ...others]: readonly Disk[]): void {
  for (const { node, current } of others) {
    for (const [record, body] of root!.current) {
      if (current.get(record) === body) continue;
      // A record that was deleted before a node heard of it never comes to be there.
      if (body === undefined && !current.has(record)) continue;
      throw new Violation(
        "I1",
        `${record} differs between ${root!.node} and ${node}:\n${body}\n${current.get(record)}`,
      );
    }
    for (const [record, body] of current) {
      if (body !== undefined && !root!.current.has(record)) {
        throw new Violation("I1", `${record} is at ${node} and not at ${root!.node}.`);
      }
    }
  }
}
