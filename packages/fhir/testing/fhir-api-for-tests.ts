import type { Database } from "@tributary/database";
import type { HttpResponse } from "@tributary/kernel";
import type { JsonObject } from "../src/model/json-value.ts";
import { createFhirApi } from "../src/rest/fhir-api.ts";
import { type StoreForTests, storeForTests } from "./store-for-tests.ts";

/** An answer with its body parsed. */
export interface TestAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly text: string;
  /** The parsed body; an empty object when there is none. */
  readonly json: JsonObject;
}

/** The REST API over an empty database, called without a socket. */
export interface FhirApiForTests extends StoreForTests {
  /** `path` is what follows the base, query included; an object as body is sent as JSON. */
  ask(method: string, path: string, body?: unknown, headers?: Readonly<Record<string, string>>): Promise<TestAnswer>;
}

/** The base address of the API in tests. */
export const testBase = "http://parent.test/fhir";

/** Makes the FHIR tables, a store, and the API over it. */
export async function fhirApiForTests(database: Database): Promise<FhirApiForTests> {
  const { store, bus } = await storeForTests(database);
  const { handle } = createFhirApi({ database, store, software: { name: "Tributary", version: "0.0.0" } });
  return {
    store,
    bus,
    async ask(method, path, body, headers = {}) {
      const url = new URL(path === "" ? testBase : `${testBase}/${path}`);
      const text = body === undefined ? "" : typeof body === "string" ? body : JSON.stringify(body);
      const request = {
        method,
        url,
        headers: { ...(text === "" ? {} : { "content-type": "application/fhir+json" }), ...headers },
        parameters: { path: path.split("?", 1)[0]! },
        body: text,
        signal: new AbortController().signal,
      };
      return readAnswer(await handle(request));
    },
  };
}

function readAnswer({ status, headers, body }: HttpResponse): TestAnswer {
  const text = typeof body === "string" ? body : "";
  return { status, headers, text, json: text === "" ? {} : (JSON.parse(text) as JsonObject) };
}
