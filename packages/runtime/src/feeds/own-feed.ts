import type { FetchPage } from "@tributary/feed";
import type { Node } from "../node/open-node.ts";

/** One of this node's own feeds. */
export interface OwnFeed {
  /** `all` for everything. */
  readonly category: string;
  /** The address beside which its pages stand, ending in a slash. */
  readonly folder: string;
}

/** Where feeds stand at every node; the last two are where readers of the historic feeds look. */
const pathPattern = /^(\/(?:feed|openmrs\/ws\/atomfeed|ws\/atomfeed)\/(?:([^/]+)\/)?)recent$/;
const ownHosts: ReadonlySet<string> = new Set(["localhost", "127.0.0.1", "[::1]"]);

/** Which of this node's own feeds an address is; `undefined` for a feed of another system. */
export function ownFeedAt(address: string, { config: { http } }: Pick<Node, "config">): OwnFeed | undefined {
  const url = URL.parse(address);
  const [, folder, category] = pathPattern.exec(url?.pathname ?? "") ?? [];
  if (!url || folder === undefined) return undefined;
  const isPublic = http.publicUrl !== undefined && URL.parse(http.publicUrl)?.origin === url.origin;
  const isHere = (ownHosts.has(url.hostname) || url.hostname === http.host) && Number(url.port || 80) === http.port;
  if (!isPublic && !isHere) return undefined;
  return { category: category === undefined ? "all" : decodeURIComponent(category), folder: url.origin + folder };
}

/** Asks for this node's own pages, without a line. */
export function ownPagesOf({ feed }: Pick<Node, "feed">, own: OwnFeed): FetchPage {
  return async (address, { headers, signal }) => {
    const page = address.slice(own.folder.length);
    const parameters = own.category === "all" ? { page } : { category: own.category, page };
    const url = new URL(address);
    const answer = await feed.handle({ method: "GET", url, headers, parameters, body: "", signal });
    const body = typeof answer.body === "string" ? new TextEncoder().encode(answer.body) : answer.body;
    return {
      status: answer.status,
      headers: { get: (name) => answer.headers[name.toLowerCase()] ?? null },
      body: body === undefined ? null : one(body),
    };
  };
}

async function* one(part: Uint8Array): AsyncGenerator<Uint8Array> {
  yield part;
}
