import { type Random, TributaryError } from "@tributary/kernel";
import type { Exchange, ExchangeRequest, ExchangeResponse } from "@tributary/sync";
import { saying } from "@tributary/sync/testing";
import type { Coverage } from "../coverage.ts";
import type { Fault, Plan } from "../plan.ts";
import { Crash } from "./sim-disk.ts";
import type { SimNode } from "./sim-node.ts";

/** What a line needs of the world that it runs through. */
export interface LineSurroundings {
  readonly plan: Plan;
  readonly random: Random;
  readonly coverage: Coverage;
  readonly above: () => SimNode;
  /** Lets others act while a request is on its way. */
  readonly meanwhile: () => Promise<void>;
  /** Lets something happen at a later step. */
  readonly later: (what: () => Promise<void>) => void;
  /** Sees every answer as it leaves the node above. */
  readonly tap: (request: ExchangeRequest, answer: ExchangeResponse) => void;
  /** Tells one line of what happens, for the timeline of a failure. */
  readonly tell: (what: string) => void;
}

/** What a line does by itself; the rest happens to nodes. */
type LineFault = Exclude<
  Fault,
  "partition" | "kill" | "crash" | "disk-full" | "clock-jump" | "restore" | "old-version" | "clone"
>;

const answersKept = 8;
const otherAge = "protocol=90-91, schema=90-91";

/** The line from one node to the node above it: it delivers, or does one of the things that bad lines do. */
export class SimLine {
  isDown = false;
  /** While it is down, requests arrive all the same, and no answer comes back. */
  isOneWay = false;
  /** The child's program is of another age, and speaks only versions that nobody above it knows. */
  isOfAnotherAge = false;
  /** Once healed, a line does no more harm. */
  isHealed = false;
  readonly #surroundings: LineSurroundings;
  readonly #earlier = new Map<string, ExchangeResponse>();

  constructor(surroundings: LineSurroundings) {
    this.#surroundings = surroundings;
  }

  readonly exchange: Exchange = async (request, signal) => {
    const { tell } = this.#surroundings;
    const what = `${request.method} ${request.url.pathname.replace("/sync/v1/", "")}${request.url.search}`;
    if (this.isDown && !this.isOneWay) throw unavailable(what);
    if (this.#happens("lost-request")) throw unavailable(what);
    const refused = this.#refusal();
    if (refused) {
      tell(`${what} -> ${refused.status} by something on the way`);
      return refused;
    }
    if (this.#happens("interleave")) await this.#surroundings.meanwhile();
    const stale = request.method === "GET" ? this.#earlier.get(request.url.href) : undefined;
    if (stale && this.#happens("stale-page")) return stale;
    if (this.#happens("late-duplicate")) {
      this.#surroundings.later(async () => void (await this.#deliver(request, new AbortController().signal)));
    }
    if (this.#happens("duplicate")) await this.#deliver(request, signal).catch(ignoreUnavailable);
    const answer = await this.#deliver(this.#inSmallParts(request), signal);
    tell(`${what} -> ${answer.status}`);
    this.#remember(request, answer);
    if (this.#happens("interleave")) await this.#surroundings.meanwhile();
    if (this.isDown || this.#happens("lost-answer")) throw unavailable(what);
    return this.#damaged(answer);
  };

  #happens(fault: LineFault): boolean {
    const rate = this.isHealed ? 0 : (this.#surroundings.plan.rates[fault] ?? 0);
    if (rate === 0 || this.#surroundings.random.next() >= rate) return false;
    this.#surroundings.coverage.note(`fault.${fault}`);
    return true;
  }

  async #deliver(request: ExchangeRequest, signal: AbortSignal): Promise<ExchangeResponse> {
    try {
      const aged = { ...request.headers, "tributary-versions": otherAge };
      const told = this.isOfAnotherAge ? { ...request, headers: aged } : request;
      const answer = await this.#surroundings.above().answer(told, signal);
      this.#surroundings.tap(request, answer);
      return answer;
    } catch (error) {
      if (error instanceof Crash) throw unavailable("the other end has died");
      if (error instanceof TributaryError && error.code === "DATABASE_FULL") return plain(507, "full");
      throw error;
    }
  }

  /** Has the node above answer with as little as it can, as on a slow line: one record. */
  #inSmallParts(request: ExchangeRequest): ExchangeRequest {
    if (!request.url.pathname.endsWith("/read") || !this.#happens("small-answer")) return request;
    return saying(request, JSON.stringify({ ...JSON.parse(String(request.body)), maxBytes: 1 }));
  }

  #refusal(): ExchangeResponse | undefined {
    if (this.#happens("portal")) {
      return plain(200, "<html><body>Welcome to the guest network. Please log in.</body></html>", "text/html");
    }
    if (this.#happens(401)) return plain(401, "<html>Unauthorized</html>", "text/html");
    if (this.#happens(413)) return plain(413, "too large");
    if (this.#happens(429)) return plain(429, "slow down");
    if (this.#happens(500)) return plain(500, "oops");
    if (this.#happens(503)) return plain(503, "later");
    return undefined;
  }

  #damaged(answer: ExchangeResponse): ExchangeResponse {
    const { random } = this.#surroundings;
    if (answer.body.byteLength === 0) return answer;
    if (this.#happens("cut")) {
      return { ...answer, body: answer.body.slice(0, Math.floor(random.next() * answer.body.byteLength)) };
    }
    if (this.#happens("corrupt")) {
      const body = Uint8Array.from(answer.body);
      const at = Math.floor(random.next() * body.byteLength);
      body[at] = (body[at] ?? 0) ^ (1 << Math.floor(random.next() * 8));
      return { ...answer, body };
    }
    return answer;
  }

  #remember(request: ExchangeRequest, answer: ExchangeResponse): void {
    if (request.method !== "GET") return;
    const { random } = this.#surroundings;
    if (this.#earlier.size >= answersKept) this.#earlier.delete(this.#earlier.keys().next().value ?? "");
    if (!this.#earlier.has(request.url.href) || random.next() < 0.3) this.#earlier.set(request.url.href, answer);
  }
}

function unavailable(what: string): TributaryError {
  return new TributaryError("REMOTE_UNAVAILABLE", `No whole answer to ${what}.`, { retryable: true });
}

function ignoreUnavailable(error: unknown): void {
  if (!(error instanceof TributaryError)) throw error;
}

function plain(status: number, text: string, type = "text/plain"): ExchangeResponse {
  const body = Buffer.from(text);
  return { status, headers: { "content-type": type }, body, wireBytes: body.byteLength };
}
