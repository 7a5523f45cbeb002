import { hash } from "node:crypto";
import { once } from "node:events";
import { createServer } from "node:http";
import { type AddressInfo, connect } from "node:net";
import { gunzipSync, gzipSync, zstdDecompressSync } from "node:zlib";
import { openNodeDatabase, readConfig } from "@tributary/runtime";
import { readParentLink, revokeChildNode } from "@tributary/sync";
import { describe, expect, it } from "vitest";
import { type CapturedRequest, openRelay, sendTo } from "../faults/relay.ts";
import { makeTree, type Tree } from "../topology/tree.ts";
import { settledDump } from "./database-dump.ts";
import { forgeToken, strangeKey } from "./forged-token.ts";

const megabyte = 1024 * 1024;
const digestCharacters = 22;

/** A parent that serves, and a push of its child as it went over the line, taken once. */
interface Scene {
  readonly tree: Tree;
  readonly port: number;
  readonly capture: CapturedRequest;
  /** The key that the child signs with, and what its tokens say. */
  readonly privateKey: Parameters<typeof forgeToken>[1];
  readonly now: number;
}

async function makeScene(dialect: "sqlite" | "postgres", stack: AsyncDisposableStack): Promise<Scene> {
  const captured: CapturedRequest[] = [];
  const keep = (request: CapturedRequest) => {
    captured.push(request);
    return {};
  };
  const tree = stack.use(
    await makeTree(dialect, ["clinic"], async (parentPort, _child, own) => {
      const relay = own.use(await openRelay(parentPort, keep));
      return relay.url;
    }),
  );
  const { parent, children } = tree;
  const clinic = children[0]!;
  await parent.node.start();
  await clinic.node.start();
  await fetch(`${clinic.node.url}/fhir/Patient/p1`, {
    method: "PUT",
    headers: { authorization: `Bearer ${clinic.token}`, "content-type": "application/fhir+json" },
    body: JSON.stringify({ resourceType: "Patient", id: "p1", name: [{ family: "Genuine", given: ["Ada"] }] }),
  });
  await expect.poll(async () => isThere(tree, "Patient/p1"), { timeout: 120_000 }).toBe(true);
  await clinic.node[Symbol.asyncDispose]();
  await using database = await openNodeDatabase(await readConfig(clinic.node.folder));
  const link = await readParentLink(database);
  const capture = captured.find(({ path }) => path.endsWith("/push"));
  if (!capture || !link) throw new Error("The child's push was not captured.");
  const port = Number(new URL(parent.node.url).port);
  return {
    tree,
    port,
    capture,
    privateKey: link.privateKey as Scene["privateKey"],
    now: Math.floor(Date.now() / 1000),
  };
}

async function isThere({ parent }: Tree, name: string): Promise<boolean> {
  const answer = await fetch(`${parent.node.url}/fhir/${name}`, {
    headers: { authorization: `Bearer ${parent.token}` },
  });
  await answer.arrayBuffer();
  return answer.ok;
}

/** The capture with its body as text, so that it can be falsified. */
function plain(capture: CapturedRequest): CapturedRequest {
  const { "content-encoding": encoding, ...headers } = capture.headers;
  if (encoding === "zstd") return { ...capture, headers, body: zstdDecompressSync(capture.body) };
  return encoding === "gzip" ? { ...capture, headers, body: gunzipSync(capture.body) } : capture;
}

/** A request with another body, and the digest that fits it: what is wrong with it is more than damage on its way. */
function withBody(request: CapturedRequest, body: Buffer): CapturedRequest {
  const digest = hash("sha256", body, "base64url").slice(0, digestCharacters);
  return { ...withHeaders(request, { "tributary-digest": digest }), body };
}

/** The capture with other words in it. */
function rewritten(capture: CapturedRequest, change: (text: string) => string): CapturedRequest {
  const request = plain(capture);
  return withBody(request, Buffer.from(change(request.body.toString())));
}

const withHeaders = (capture: CapturedRequest, headers: CapturedRequest["headers"]): CapturedRequest => ({
  ...capture,
  headers: { ...capture.headers, ...headers },
});

describe.each(["sqlite", "postgres"] as const)("a hostile push (%s)", (dialect) => {
  it("[S91] that is malformed, damaged, wrongly packed or too large is refused with a reason and leaves nothing behind", async () => {
    await using stack = new AsyncDisposableStack();
    const { tree, port, capture } = await makeScene(dialect, stack);
    const before = await settledDump(tree.parent.node.folder);
    const text = plain(capture);
    const damaged = Buffer.from(text.body);
    damaged[damaged.indexOf("Genuine")] = "g".charCodeAt(0);
    const zeros = Buffer.alloc(200 * megabyte);
    const refused: Readonly<Record<string, readonly [CapturedRequest, readonly number[]]>> = {
      "cut in the middle": [withBody(text, text.body.subarray(0, text.body.length / 2)), [400]],
      "cut at its last line": [withBody(text, text.body.subarray(0, text.body.lastIndexOf("\n", -2))), [400]],
      "one letter of a body changed": [{ ...text, body: damaged }, [400]],
      empty: [withBody(text, Buffer.alloc(0)), [400]],
      "no JSON at all": [withBody(text, Buffer.from("<html>welcome to this hotel</html>\n")), [400]],
      "JSON of another shape": [withBody(text, Buffer.from('{"__proto__":{"end":0},"units":[1]}\n')), [400]],
      "very deep JSON": [withBody(text, Buffer.from(`${"[".repeat(megabyte)}\n`)), [400]],
      "not UTF-8": [withBody(text, Buffer.from([0xff, 0xfe, 0x00, 0x80])), [400]],
      "said to be compressed, and is not": [withHeaders(text, { "content-encoding": "gzip" }), [400]],
      "compressed, and cut": [
        { ...withHeaders(text, { "content-encoding": "gzip" }), body: gzipSync(text.body).subarray(0, -9) },
        [400],
      ],
      "of an encoding that nobody knows": [withHeaders(text, { "content-encoding": "rot13" }), [415]],
      "of another charset": [withHeaders(text, { "content-type": "application/json; charset=utf-16" }), [415]],
      "a decompression bomb": [{ ...withHeaders(text, { "content-encoding": "gzip" }), body: gzipSync(zeros) }, [413]],
      "a hundred megabytes": [withBody(text, zeros.subarray(0, 100 * megabyte)), [413]],
      "a record whose id is a path": [
        rewritten(capture, (body) => body.replace('"Patient","p1"', '"Patient","../p1"')),
        [400],
      ],
      "a type that is none": [
        rewritten(capture, (body) => body.replace('"Patient","p1"', '"patient; drop","p1"')),
        [400],
      ],
      "a unit of a billion records": [
        rewritten(capture, (body) => body.replace(/^(\["[^"]+"),1/, "$1,1000000000")),
        [400],
      ],
    };

    for (const [what, [request, statuses]] of Object.entries(refused)) {
      const answer = await sendTo(port, request).catch((error: unknown) => String(error));
      // A server may close the connection of a client that goes on sending what it has refused already.
      if (typeof answer === "string") expect([what, answer]).toEqual([what, expect.stringMatching(/EPIPE|ECONNRESET/)]);
      else {
        expect([what, answer.status]).toEqual([what, expect.toBeOneOf([...statuses])]);
        expect([what, reasonOf(answer.body).length > 10]).toEqual([what, true]);
      }
    }
    for (const bytes of brokenRequests(capture)) await sendRaw(port, bytes);

    expect(await settledDump(tree.parent.node.folder)).toBe(before);
    expect(await isThere(tree, "Patient/p1")).toBe(true);
  });

  it("[S92] that is forged, by whatever key, name or time, is refused and leaves nothing behind", async () => {
    await using stack = new AsyncDisposableStack();
    const { tree, port, capture, privateKey, now } = await makeScene(dialect, stack);
    const before = await settledDump(tree.parent.node.folder);
    const genuine = { iss: "clinic", aud: "centre", iat: now, exp: now + 300 };
    const signed = (token: string) => withHeaders(plain(capture), { authorization: `Bearer ${token}` });
    const other = rewritten(capture, (body) => body.replace(/clinic\./, "elsewhere."));
    const fresh = rewritten(capture, (body) => body.replace(/:(\d+)"/, ':99$1"'));
    const refused: Readonly<Record<string, readonly [CapturedRequest, number, string]>> = {
      "without a token": [withHeaders(fresh, { authorization: "" }), 401, "UNAUTHORIZED"],
      "with an API token of the parent": [signed(tree.parent.token), 401, "UNAUTHORIZED"],
      "signed by another key": [signed(forgeToken(genuine, strangeKey())), 401, "UNAUTHORIZED"],
      "not signed": [signed(forgeToken(genuine, privateKey, "none")), 401, "UNAUTHORIZED"],
      "for another parent": [signed(forgeToken({ ...genuine, aud: "other" }, privateKey)), 401, "UNAUTHORIZED"],
      "in the name of another node": [
        signed(forgeToken({ ...genuine, iss: "other" }, privateKey)),
        401,
        "UNAUTHORIZED",
      ],
      "with a token whose time is over": [
        signed(forgeToken({ ...genuine, iat: now - 900, exp: now - 600 }, privateKey)),
        401,
        "CLOCK_APART",
      ],
      "with a token of next year": [
        signed(forgeToken({ ...genuine, iat: now + 31_536_000, exp: now + 31_536_300 }, privateKey)),
        401,
        "CLOCK_APART",
      ],
      "under the operations of another node": [other, 403, "REMOTE_REFUSED"],
    };

    for (const [what, [request, status, code]] of Object.entries(refused)) {
      const answer = await sendTo(port, request);
      expect([what, answer.status]).toEqual([what, status]);
      expect([what, JSON.parse(answer.body.toString())]).toEqual([what, expect.objectContaining({ code })]);
      expect(answer.body.toString()).not.toContain("Genuine");
    }

    expect(await settledDump(tree.parent.node.folder)).toBe(before);
  });

  it("[S92] that was captured and is sent again has no effect; from a revoked node it is refused", async () => {
    await using stack = new AsyncDisposableStack();
    const { tree, port, capture } = await makeScene(dialect, stack);
    const before = await settledDump(tree.parent.node.folder);

    const answers = await Promise.all(Array.from({ length: 5 }, () => sendTo(port, capture)));

    expect(answers.map(({ status }) => status)).toEqual([200, 200, 200, 200, 200]);
    expect(new Set(answers.map(({ body }) => body.toString())).size).toBe(1);
    expect(await settledDump(tree.parent.node.folder)).toBe(before);

    await using database = await openNodeDatabase(await readConfig(tree.parent.node.folder));
    await database.transaction((tx) => revokeChildNode(tx, "clinic", Date.now()));
    const revoked = await settledDump(tree.parent.node.folder);
    const fresh = rewritten(capture, (body) => body.replace(/:(\d+)"/, ':77$1"'));
    for (const request of [capture, fresh]) {
      const answer = await sendTo(port, request);
      expect(answer.status).toBe(403);
      expect(reasonOf(answer.body)).toContain("revoked");
    }
    expect(await settledDump(tree.parent.node.folder)).toBe(revoked);
  });

  it("[S95][SYNC2-7] that names an address makes nobody go there", async () => {
    await using stack = new AsyncDisposableStack();
    const { tree, port, capture } = await makeScene(dialect, stack);
    const visits: string[] = [];
    const trap = createServer((request, response) => {
      visits.push(`${request.method} ${request.url} ${request.headers.authorization}`);
      response.end();
    }).listen(0, "127.0.0.1");
    await once(trap, "listening");
    stack.defer(() => {
      trap.close();
    });
    const url = `http://127.0.0.1:${(trap.address() as AddressInfo).port}/fhir/Patient`;
    const before = await settledDump(tree.parent.node.folder);

    const envelope = { instanceId: "clinic", clientName: "fhir", request: { method: "POST", url, body: "{}" } };
    const statuses: number[] = [];
    for (const path of ["/sync/v1/push", "/sync/v1/read", "/sync/v1/enrol", "/sync/v1/", `/${url}`, url]) {
      for (const body of [envelope, { parentUrl: url, url, code: url, node: url, protocol: 1 }, [url]]) {
        const request = withBody({ ...plain(capture), method: "POST", path }, Buffer.from(JSON.stringify(body)));
        statuses.push(
          (await sendTo(port, withHeaders(request, { host: new URL(url).host, forwarded: `host=${url}` }))).status,
        );
      }
    }
    const patient = JSON.stringify({
      resourceType: "Patient",
      id: "stranger-with-a-photo",
      photo: [{ url }],
      managingOrganization: { reference: url },
    });
    const digest = hash("sha256", patient, "hex");
    const told = rewritten(capture, (body) => {
      const [unit = "", record = "", , ...rest] = body.split("\n");
      const head = JSON.parse(record) as unknown[];
      head.splice(1, 1, "stranger-with-a-photo");
      head.splice(3, 2, Buffer.byteLength(patient), digest);
      return [unit.replace(/:(\d+)"/, ':55$1"'), JSON.stringify(head), patient, ...rest].join("\n");
    });
    const taken = await sendTo(port, told);

    expect(statuses.every((status) => status >= 400 && status < 500)).toBe(true);
    expect(taken.status).toBe(200);
    expect(await isThere(tree, "Patient/stranger-with-a-photo")).toBe(true);
    expect(visits).toEqual([]);
    expect(before).not.toContain("stranger-with-a-photo");
  });
});

function reasonOf(body: Buffer): string {
  const { message } = JSON.parse(body.toString()) as { message?: unknown };
  return typeof message === "string" ? message : "";
}

/** What no HTTP client would send. */
function brokenRequests({ path, headers }: CapturedRequest): Buffer[] {
  const head = `POST ${path} HTTP/1.1\r\nhost: centre\r\nauthorization: ${headers.authorization}\r\ncontent-type: application/json\r\n`;
  const unit = '["clinic.x:1",1]\n';
  return [
    `${head}content-length: 5000\r\n\r\n${unit}`,
    `${head}content-length: ${unit.length}\r\ncontent-length: 3\r\n\r\n${unit}`,
    `${head}content-length: 3\r\ntransfer-encoding: chunked\r\n\r\n10\r\n${unit}\r\n0\r\n\r\n`,
    `${head}transfer-encoding: chunked\r\n\r\nfffffffff\r\n${unit}`,
    `${head}${"x".repeat(100_000)}`,
    "POST /sync/v1/push HTTP/1.1\r\n\r\n\r\n",
    `PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n${"\0".repeat(1_000)}`,
  ].map((text) => Buffer.from(text, "latin1"));
}

/** Sends bytes and hangs up, whether there was an answer or not. */
async function sendRaw(port: number, bytes: Buffer): Promise<void> {
  const socket = connect(port, "127.0.0.1");
  socket.on("error", () => {});
  socket.end(bytes);
  socket.resume();
  const closed = new Promise((resolve) => socket.once("close", resolve));
  const hungUp = setTimeout(() => socket.destroy(), 500);
  await closed;
  clearTimeout(hungUp);
}
