import { gunzipSync, gzipSync, zstdDecompressSync } from "node:zlib";
import {
  type HttpHandler,
  type LogFields,
  type Logger,
  seededRandom,
  silentLogger,
  TributaryError,
} from "@tributary/kernel";
import { expect, it } from "vitest";
import type { Route } from "./route.ts";
import { createHttpServer, type HttpServerOptions } from "./server.ts";

const echo: HttpHandler = async ({ method, url, parameters, body }) => ({
  status: 200,
  headers: { "content-type": "application/json" },
  body: JSON.stringify({ method, url: url.href, parameters, body }),
});
const long: HttpHandler = async () => ({
  status: 200,
  headers: { "content-type": "application/atom+xml", etag: '"1"' },
  body: "<entry/>".repeat(500),
});
const failing =
  (error: Error): HttpHandler =>
  async () => {
    throw error;
  };

const routes: readonly Route[] = [
  { methods: ["GET", "HEAD"], path: "/health", caller: "public", errors: "json", handler: echo, isQuiet: true },
  { methods: ["GET", "HEAD"], path: "/feed/:category/:page", caller: "open", errors: "text", handler: long },
  { methods: ["GET", "POST", "PATCH", "DELETE"], path: "/fhir/*", caller: "open", errors: "fhir", handler: echo },
  { methods: ["GET"], path: "/closed/*", caller: "token", errors: "fhir", handler: echo },
  {
    methods: ["GET"],
    path: "/broken",
    caller: "open",
    errors: "fhir",
    handler: failing(new Error("Jane Doe, born 1970")),
  },
  {
    methods: ["GET"],
    path: "/away",
    caller: "open",
    errors: "json",
    handler: failing(new TributaryError("DATABASE_UNAVAILABLE", "The database is away.")),
  },
];

function serverWith(options: Partial<HttpServerOptions> = {}) {
  return createHttpServer({
    host: "127.0.0.1",
    port: 0,
    publicUrl: undefined,
    trustProxy: false,
    bodyBytesMax: 2000,
    routes,
    checkToken: async (token) =>
      token === "right" ? { name: "reporting", role: "administrator" as const } : undefined,
    callerHeader: "caller",
    logger: silentLogger,
    random: seededRandom(1),
    ...options,
  });
}

it("hands a handler the method, the absolute URL, the parameters and the body", async () => {
  await using server = serverWith();

  const answer = await server.inject({
    method: "POST",
    url: "/fhir/Patient/1?_x=%20y",
    payload: "{}",
    headers: { host: "a.example:81" },
  });

  expect(answer.json()).toEqual({
    method: "POST",
    url: "http://a.example:81/fhir/Patient/1?_x=%20y",
    parameters: { path: "Patient/1" },
    body: "{}",
  });
  expect(answer.headers["x-request-id"]).toMatch(/^[0-9a-f]{16}$/);
});

it("takes a body of any content type, and none at all", async () => {
  await using server = serverWith();

  for (const contentType of ["application/fhir+json; charset=utf-8", "application/json-patch+json", "text/nonsense"]) {
    const answer = await server.inject({
      method: "POST",
      url: "/fhir/x",
      payload: "b",
      headers: { "content-type": contentType },
    });
    expect(answer.json().body).toBe("b");
  }
  expect((await server.inject({ method: "DELETE", url: "/fhir/x" })).json().body).toBe("");
});

it("believes X-Forwarded headers only when told to", async () => {
  await using distrustful = serverWith();
  await using trusting = serverWith({ trustProxy: true });
  const headers = { host: "inner", "x-forwarded-proto": "https", "x-forwarded-host": "outer.example" };

  expect((await distrustful.inject({ url: "/fhir/x", headers })).json().url).toBe("http://inner/fhir/x");
  expect((await trusting.inject({ url: "/fhir/x", headers })).json().url).toBe("https://outer.example/fhir/x");
});

it("uses the public address when one is set", async () => {
  await using server = serverWith({ publicUrl: "https://central.example/" });

  expect((await server.inject({ url: "/fhir/x" })).json().url).toBe("https://central.example/fhir/x");
});

it("refuses a Host header that cannot be one", async () => {
  await using server = serverWith();

  const answer = await server.inject({ url: "/fhir/x", headers: { host: "a b{" } });

  expect(answer.statusCode).toBe(400);
});

it("unpacks compressed bodies", async () => {
  await using server = serverWith();

  const answer = await server.inject({
    method: "POST",
    url: "/fhir/x",
    payload: gzipSync('{"ä":1}'),
    headers: { "content-encoding": "gzip", "content-type": "application/json" },
  });

  expect(answer.json().body).toBe('{"ä":1}');
});

it.each([
  ["a body that is too large", Buffer.alloc(2001, "a"), {}, 413],
  [
    "a small body that unpacks to a large one",
    gzipSync(Buffer.alloc(1_000_000, "a")),
    { "content-encoding": "gzip" },
    413,
  ],
  [
    "a compressed body that was cut short",
    gzipSync("x".repeat(500)).subarray(0, 20),
    { "content-encoding": "gzip" },
    400,
  ],
  ["an unknown compression", Buffer.from("x"), { "content-encoding": "rot13" }, 415],
  ["another charset", Buffer.from("x"), { "content-type": "application/json; charset=latin1" }, 415],
  ["bytes that are no UTF-8", Buffer.from([0xff, 0xfe, 0x41]), {}, 400],
])("refuses %s with an OperationOutcome", async (_title, payload, headers, status) => {
  await using server = serverWith();

  const answer = await server.inject({
    method: "POST",
    url: "/fhir/x",
    payload,
    headers: { "content-type": "application/json", ...headers },
  });

  expect(answer.statusCode).toBe(status);
  expect(answer.json()).toMatchObject({ resourceType: "OperationOutcome", issue: [{ severity: "error" }] });
});

it("compresses an answer that is worth it, under an ETag of its own", async () => {
  await using server = serverWith();

  const gzipped = await server.inject({ url: "/feed/patient/1", headers: { "accept-encoding": "gzip" } });
  const zstd = await server.inject({ url: "/feed/patient/1", headers: { "accept-encoding": "gzip, zstd, br" } });
  const plain = await server.inject({ url: "/feed/patient/1" });

  expect(gzipped.headers).toMatchObject({ "content-encoding": "gzip", etag: '"1--gzip"', vary: "accept-encoding" });
  expect(gunzipSync(gzipped.rawPayload).toString()).toBe(plain.body);
  expect(zstd.headers["content-encoding"]).toBe("zstd");
  expect(zstdDecompressSync(zstd.rawPayload).toString()).toBe(plain.body);
  expect(plain.headers).toMatchObject({ etag: '"1"', vary: "accept-encoding", "content-length": "4000" });
  expect(plain.headers["content-encoding"]).toBeUndefined();
});

it("finds an answer unchanged by the ETag of its compressed form", async () => {
  const tagged: HttpHandler = async ({ headers }) => {
    const etag = '"7"';
    return headers["if-none-match"]?.includes(etag)
      ? { status: 304, headers: { etag } }
      : { status: 200, headers: { etag, "content-type": "text/plain" }, body: "x".repeat(5000) };
  };
  await using server = serverWith({
    routes: [{ methods: ["GET"], path: "/page", caller: "open", errors: "text", handler: tagged }],
  });
  const first = await server.inject({ url: "/page", headers: { "accept-encoding": "br" } });

  const again = await server.inject({ url: "/page", headers: { "if-none-match": `${first.headers.etag}, "other"` } });
  const plain = await server.inject({ url: "/page", headers: { "if-none-match": '"7"' } });

  expect(first.headers.etag).toBe('"7--br"');
  expect([again.statusCode, again.headers.etag]).toEqual([304, '"7--br"']);
  expect([plain.statusCode, plain.headers.etag]).toEqual([304, '"7"']);
});

it("answers HEAD with the headers of GET and no body", async () => {
  await using server = serverWith();

  const head = await server.inject({ method: "HEAD", url: "/feed/patient/1" });

  expect(head.headers["content-length"]).toBe("4000");
  expect(head.body).toBe("");
});

it.each([
  ["a bearer", "Bearer right", 200],
  ["the password of Basic", `Basic ${Buffer.from("anyone:right").toString("base64")}`, 200],
  ["a wrong token", "Bearer wrong", 401],
  ["nonsense", "Bearer", 401],
  ["nothing", undefined, 401],
])("lets tokens in as %s", async (_title, authorization, status) => {
  await using server = serverWith();

  const answer = await server.inject({ url: "/closed/x", headers: { ...(authorization && { authorization }) } });

  expect(answer.statusCode).toBe(status);
  if (status === 401) {
    expect(answer.headers["www-authenticate"]).toContain("Bearer");
    expect(answer.json()).toMatchObject({ resourceType: "OperationOutcome", issue: [{ code: "login" }] });
  }
});

it("tells handlers who calls, whatever the client says", async () => {
  const who: HttpHandler = async ({ headers }) => ({ status: 200, headers: {}, body: headers["caller"] ?? "nobody" });
  await using server = serverWith({
    routes: [
      { methods: ["GET"], path: "/open", caller: "open", errors: "text", handler: who },
      { methods: ["GET"], path: "/closed", caller: "token", errors: "text", handler: who },
    ],
  });
  const headers = { authorization: "Bearer right", caller: "an impostor" };

  expect((await server.inject({ url: "/open", headers })).body).toBe("nobody");
  expect((await server.inject({ url: "/closed", headers })).body).toBe("reporting");
});

it("names the nearest path for one that leads nowhere", async () => {
  await using server = serverWith();

  const answer = await server.inject({ url: "/fihr/Patient" });
  const feed = await server.inject({ url: "/feed" });

  expect(answer.statusCode).toBe(404);
  expect(feed.body).toContain("the nearest is /feed/:category/:page");
});

it("names the methods that a path allows", async () => {
  await using server = serverWith();

  const answer = await server.inject({ method: "PUT", url: "/health" });

  expect(answer.statusCode).toBe(405);
  expect(answer.headers.allow).toBe("GET, HEAD");
  expect(answer.json().message).toBe("PUT cannot be used here; GET, HEAD can.");
});

it("tells nothing of a defect but the request's id", async () => {
  const told: [LogFields, string][] = [];
  const logger: Logger = { ...silentLogger, error: (...line) => void told.push(line) };
  await using server = serverWith({ logger });

  const answer = await server.inject({ url: "/broken" });

  expect(answer.statusCode).toBe(500);
  expect(answer.body).not.toContain("Jane");
  expect(answer.body).toContain(String(answer.headers["x-request-id"]));
  expect(told[0]?.[0]).toMatchObject({
    requestId: answer.headers["x-request-id"],
    err: { message: "Jane Doe, born 1970" },
  });
});

it("asks the client to come back when the database is away", async () => {
  await using server = serverWith();

  const answer = await server.inject({ url: "/away" });

  expect(answer.statusCode).toBe(503);
  expect(answer.headers["retry-after"]).toBe("5");
  expect(answer.json()).toEqual({ code: "DATABASE_UNAVAILABLE", message: "The database is away." });
});

it("writes one line a request, without what stands in its query", async () => {
  const told: LogFields[] = [];
  const logger: Logger = { ...silentLogger, info: (fields) => void told.push(fields) };
  await using server = serverWith({ logger });

  await server.inject({ url: "/fhir/Patient?name=Secret" });
  await server.inject({ url: "/health" });

  expect(told).toHaveLength(1);
  expect(told[0]).toMatchObject({ method: "GET", path: "/fhir/Patient", status: 200 });
  expect(JSON.stringify(told)).not.toContain("Secret");
});

it("names a port that is taken", async () => {
  await using first = serverWith();
  const address = await first.listen();
  await using second = serverWith({ port: Number(new URL(address).port) });

  await expect(second.listen()).rejects.toMatchObject({
    code: "PORT_TAKEN",
    message: expect.stringContaining("http.port"),
  });
});

it("lets a request in flight end when the server closes", async () => {
  const { promise: mayAnswer, resolve: letAnswer } = Promise.withResolvers<void>();
  const { promise: arrived, resolve: sayArrived } = Promise.withResolvers<void>();
  const slow: HttpHandler = async () => {
    sayArrived();
    await mayAnswer;
    return { status: 200, headers: {}, body: "whole" };
  };
  const server = serverWith({
    routes: [{ methods: ["GET"], path: "/slow", caller: "open", errors: "text", handler: slow }],
  });
  const answer = fetch(`${await server.listen()}/slow`).then((response) => response.text());
  await arrived;

  const closed = server[Symbol.asyncDispose]();
  letAnswer();

  await expect(answer).resolves.toBe("whole");
  await closed;
});
