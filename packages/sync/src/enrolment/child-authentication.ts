import type { Database } from "@tributary/database";
import type { Clock, HttpHandler, HttpRequest, HttpResponse, NodeId } from "@tributary/kernel";
import type { JWK } from "jose";
import { digestHeader, digestOfBody } from "../line/body-digest.ts";
import { refusal } from "../line/json-answer.ts";
import { timeHeader } from "../line/protocol.ts";
import { markerHeader, parseMarkerHeader } from "../stream/marker-header.ts";
import { type ChildNode, noteChildSeen, readChildNode } from "./child-nodes.ts";
import type { ChildGuard } from "./instance-guard.ts";
import { claimedNode, verifyToken } from "./node-token.ts";

/** Proven tokens that are remembered, so that a child's next request costs no signature check. */
const provenTokensMax = 5_000;
/** A child's last contact is written down at most so often. */
const noteSeenEveryMs = 5_000;

/** A handler that knows which child asks. */
export type ChildHandler = (request: HttpRequest, child: ChildNode) => Promise<HttpResponse>;

export interface ChildAuthenticationOptions {
  readonly database: Database;
  readonly nodeId: NodeId;
  readonly clock: Clock;
  /** Asked about every request of a child that has proven who it is; it may answer in the handler's stead. */
  readonly guard?: ChildGuard;
}

/**
 * Lets only enrolled, unrevoked children through to a handler, and tells every asker the parent's time, so that a child
 * with a wrong clock can sign its next request rightly, and the digest of the answer, so that a damaged one is noticed.
 * Denies by default.
 */
export class ChildAuthentication {
  readonly #options: ChildAuthenticationOptions;
  readonly #proven = new Map<string, { readonly node: string; readonly key: string; readonly expiresAt: number }>();
  readonly #noted = new Map<string, number>();

  constructor(options: ChildAuthenticationOptions) {
    this.#options = options;
  }

  require(handler: ChildHandler): HttpHandler {
    return async (request) => {
      const now = this.#options.clock.now();
      const child = await this.#authenticate(request, now);
      const response = "status" in child ? child : await this.#guarded(handler, request, child);
      if (!("status" in child)) await this.#noteSeen(child.node, request, now);
      const { headers, ...rest } = digested(response);
      return { ...rest, headers: { ...headers, [timeHeader]: String(now) } };
    };
  }

  async #guarded(handler: ChildHandler, request: HttpRequest, child: ChildNode): Promise<HttpResponse> {
    if (isDamaged(request)) return refusal(400, "DAMAGED", "The request was damaged on its way; send it again.");
    return (await this.#options.guard?.(request, child)) ?? handler(request, child);
  }

  async #authenticate(request: HttpRequest, now: number): Promise<ChildNode | HttpResponse> {
    const token = /^Bearer ([\w-]+\.[\w-]+\.[\w-]+)$/.exec(request.headers["authorization"] ?? "")?.[1];
    if (!token) return unauthorized("Sign the request with the node's token.");
    const node = this.#proven.get(token)?.node ?? (await claimedNode(token));
    const child = node === undefined ? undefined : await readChildNode(this.#options.database, node);
    if (!child) return unauthorized("This parent knows no such node; enrol it.");
    if (child.revokedAt !== null) {
      return refusal(403, "REMOTE_REFUSED", `The access of node ${child.node} has been revoked; enrol it again.`);
    }
    const proven = this.#proven.get(token);
    if (proven && proven.key === child.publicKey && proven.expiresAt > now) return child;
    const verdict = await verifyToken(token, {
      node: child.node,
      parent: this.#options.nodeId,
      publicKey: JSON.parse(child.publicKey) as JWK,
      now,
    });
    if (verdict.kind === "wrong-time") {
      return refusal(401, "CLOCK_APART", "The token's time is over or has not come; sign by the time in this answer.");
    }
    if (verdict.kind === "forged") return unauthorized("The token was not signed with the node's key.");
    if (this.#proven.size >= provenTokensMax) this.#proven.clear();
    this.#proven.set(token, { node: child.node, key: child.publicKey, expiresAt: verdict.expiresAt });
    return child;
  }

  async #noteSeen(node: string, request: HttpRequest, now: number): Promise<void> {
    const marker = parseMarkerHeader(request.headers[markerHeader]);
    // Markers are noted by a measure of their own: a child that always pushes first would never be known to have read.
    const what = marker ? `${node} marker` : node;
    const noted = this.#noted.get(what);
    if (noted !== undefined && Math.abs(now - noted) < noteSeenEveryMs) return;
    this.#noted.set(node, now).set(what, now);
    await this.#options.database.transaction((tx) => noteChildSeen(tx, node, now, marker));
  }
}

/** Tells the digest of each answer. */
export function withDigest(handler: HttpHandler): HttpHandler {
  return async (request) => digested(await handler(request));
}

function digested(response: HttpResponse): HttpResponse {
  if (response.body === undefined) return response;
  return { ...response, headers: { ...response.headers, [digestHeader]: digestOfBody(response.body) } };
}

function isDamaged({ headers, body }: HttpRequest): boolean {
  const digest = headers[digestHeader];
  return digest !== undefined && digest !== digestOfBody(body);
}

function unauthorized(message: string): HttpResponse {
  const answer = refusal(401, "UNAUTHORIZED", message);
  return { ...answer, headers: { ...answer.headers, "www-authenticate": 'Bearer realm="tributary"' } };
}
