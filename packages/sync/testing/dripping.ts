import type { Exchange } from "../src/line/exchange.ts";
import { saying } from "./bad-lines.ts";
import type { NodeForTests } from "./node-for-tests.ts";

/** A line so slow that every answer brings so few bytes, one record at least; what the child holds at each request is kept. */
export function dripping(
  line: Exchange,
  child: NodeForTests,
  maxBytes = 1,
): Exchange & { readonly held: readonly (readonly string[])[] } {
  const held: string[][] = [];
  const dripped: Exchange = async (request, signal) => {
    held.push(Object.keys(await child.bodies()));
    if (!request.url.pathname.endsWith("/read")) return line(request, signal);
    return line(saying(request, JSON.stringify({ ...JSON.parse(String(request.body)), maxBytes })), signal);
  };
  return Object.assign(dripped, { held });
}
