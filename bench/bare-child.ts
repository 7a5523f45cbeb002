import { generateKeyPairSync, type KeyObject, sign } from "node:crypto";
import { type Agent, request } from "node:http";

/** A token lives five minutes and is made anew a minute before: as many polls as a child makes with one. */
const tokenSeconds = 300;

/** An answer, and how long it took to come whole. */
export interface BareAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly body: string;
  readonly tookMs: number;
}

/** A child with nothing behind it: a key, a token and a marker. It asks as a child does, and keeps nothing. */
export class BareChild {
  readonly name: string;
  readonly #url: URL;
  readonly #agent: Agent;
  readonly #key: KeyObject;
  readonly #publicKey: object;
  #token = "";
  #stream = "";
  #epoch = "";
  #position = 0;
  #digest = "";

  constructor(name: string, url: string, agent: Agent) {
    const { privateKey, publicKey } = generateKeyPairSync("ed25519");
    this.name = name;
    this.#url = new URL("/sync/v1/", url);
    this.#agent = agent;
    this.#key = privateKey;
    this.#publicKey = publicKey.export({ format: "jwk" });
  }

  async enrol(code: string): Promise<void> {
    const { name: node } = this;
    const answer = await this.#ask("enrol", { code, node, publicKey: this.#publicKey, protocol: 1 });
    if (answer.status !== 201) throw new Error(`${node} could not enrol: ${answer.status} ${answer.body}`);
    const { parent, stream } = JSON.parse(answer.body) as { readonly parent: string; readonly stream: string };
    this.#stream = stream;
    this.sign(parent);
  }

  /** Makes a new token, as a child does every four minutes. */
  sign(parent: string): void {
    const now = Math.floor(Date.now() / 1000);
    const claims = { iss: this.name, aud: parent, iat: now, exp: now + tokenSeconds };
    const text = [{ alg: "EdDSA" }, claims]
      .map((part) => Buffer.from(JSON.stringify(part)).toString("base64url"))
      .join(".");
    this.#token = `${text}.${sign(null, Buffer.from(text), this.#key).toString("base64url")}`;
  }

  /** Asks for its catchment, as a child does at its beginning, and puts the marker where the stream stands. */
  async begin(): Promise<void> {
    const { body } = await this.#ask("catchment", { after: null });
    const { start } = JSON.parse(body) as { readonly start: StreamStart };
    this.#epoch = start.epoch;
    this.#position = start.position;
    this.#digest = start.entryDigest ?? "";
  }

  /** Asks whether there is anything new: 204 when there is not. */
  poll(): Promise<BareAnswer> {
    const page = Math.floor(this.#position / 500) + 1;
    return this.#ask(`streams/${this.#stream}/${this.#epoch}/${page}?after=${this.#position}`, undefined, {
      "tributary-marker": `${this.#epoch}:${this.#position}:${this.#digest}`,
    });
  }

  /** Asks what is new and fetches it; the requests that a child makes for small changes. */
  async catchUp(): Promise<BareAnswer[]> {
    const page = await this.poll();
    if (page.status !== 200) return [page];
    const { entries } = JSON.parse(page.body) as StreamPage;
    const records = [...new Set(entries.map(([type, id]) => `${type}/${id}`))].map((name) => name.split("/"));
    return [page, await this.#ask("read", { stream: this.#stream, maxBytes: 65_536, records })];
  }

  #ask(path: string, body?: object, more: Readonly<Record<string, string>> = {}): Promise<BareAnswer> {
    const startedAt = performance.now();
    const headers = {
      ...(this.#token ? { authorization: `Bearer ${this.#token}` } : {}),
      ...(body ? { "content-type": "application/json" } : {}),
      ...more,
    };
    return new Promise((resolve, reject) => {
      const asking = request(
        new URL(path, this.#url),
        { agent: this.#agent, method: body ? "POST" : "GET", headers },
        (response) => {
          const parts: Buffer[] = [];
          response.on("data", (part: Buffer) => parts.push(part));
          response.on("error", reject);
          response.on("end", () =>
            resolve({
              status: response.statusCode ?? 0,
              headers: response.headers,
              body: Buffer.concat(parts).toString(),
              tookMs: performance.now() - startedAt,
            }),
          );
        },
      );
      asking.on("error", reject);
      asking.end(body && JSON.stringify(body));
    });
  }
}

interface StreamStart {
  readonly epoch: string;
  readonly position: number;
  readonly entryDigest: string | null;
}

interface StreamPage {
  /** Of each entry the type and the id of the record, and more. */
  readonly entries: readonly (readonly [type: string, id: string, ...more: unknown[]])[];
}
