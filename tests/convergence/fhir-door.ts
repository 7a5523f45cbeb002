import type { Site } from "../topology/tree.ts";

/** A record as a user read it. */
export interface Reading {
  readonly kind: "there" | "deleted" | "nothing" | "unreachable";
  readonly text: string;
  /** For `If-Match`. */
  readonly tag: string | undefined;
}

/** How a request of a user ended. */
export type Answer = "done" | "refused" | "unknown";

const answerWithinMs = 5_000;

/** A node's FHIR API, as a program of the site uses it. */
export class FhirDoor {
  readonly #site: Site;

  constructor(site: Site) {
    this.#site = site;
  }

  async read(reference: string): Promise<Reading> {
    try {
      const answer = await this.#ask("GET", `/${reference}`);
      const text = await answer.text();
      const tag = answer.headers.get("etag") ?? undefined;
      if (answer.status === 200) return { kind: "there", text, tag };
      if (answer.status === 410) return { kind: "deleted", text: "", tag: undefined };
      return { kind: answer.status === 404 ? "nothing" : "unreachable", text: "", tag: undefined };
    } catch {
      return { kind: "unreachable", text: "", tag: undefined };
    }
  }

  /** Saves a record in the place of the version that was read, or of nothing. */
  save(reference: string, body: unknown, tag: string | undefined): Promise<Answer> {
    return this.#change("PUT", `/${reference}`, body, tag);
  }

  remove(reference: string, tag: string | undefined): Promise<Answer> {
    return this.#change("DELETE", `/${reference}`, undefined, tag);
  }

  /** Saves several records in one transaction. */
  saveTogether(records: readonly { readonly reference: string; readonly body: unknown }[]): Promise<Answer> {
    const entry = records.map(({ reference, body }) => ({
      resource: body,
      request: { method: "PUT", url: reference },
    }));
    return this.#change("POST", "", { resourceType: "Bundle", type: "transaction", entry }, undefined);
  }

  async #change(method: string, path: string, body: unknown, tag: string | undefined): Promise<Answer> {
    try {
      const answer = await this.#ask(method, path, body, tag);
      await answer.arrayBuffer();
      if (answer.ok) return "done";
      return answer.status < 500 ? "refused" : "unknown";
    } catch {
      return "unknown";
    }
  }

  #ask(method: string, path: string, body?: unknown, tag?: string): Promise<Response> {
    const { node, token } = this.#site;
    return fetch(`${node.url}/fhir${path}`, {
      method,
      headers: {
        authorization: `Bearer ${token}`,
        "content-type": "application/fhir+json",
        prefer: "return=minimal",
        ...(tag === undefined ? {} : { "if-match": tag }),
        // Nobody overwrites what came between a look and a write.
        ...(tag === undefined && method === "PUT" ? { "if-none-match": "*" } : {}),
      },
      signal: AbortSignal.timeout(answerWithinMs),
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
  }
}
