import { once } from "node:events";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type RequestListener } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { runHere } from "../../testing/run-here.ts";
import { openRemoteNode } from "./remote-node.ts";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "remote-node-"));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** Something that answers HTTP and is no node; `address` is where. */
async function stranger(listener: RequestListener) {
  const server = createServer(listener).listen(0, "127.0.0.1");
  await once(server, "listening");
  return {
    address: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      server.close();
      await once(server, "close");
    },
  };
}

const json = { "content-type": "application/json" };
const withToken = { TRIBUTARY_TOKEN: "t0ken" };
const count = (address: string, ...words: string[]) => ["conflicts", "count", "--node", address, ...words];

it("sends the token of the environment or of a file, and asks for one where there is none", async () => {
  const sent: (string | undefined)[] = [];
  await using node = await stranger((request, response) => {
    sent.push(request.headers.authorization);
    response.writeHead(200, json).end('{"items":[]}');
  });
  const file = join(folder, "token");
  writeFileSync(file, "from-a-file\n");

  const done = [
    await runHere(count(node.address), withToken),
    await runHere(count(node.address, "--token-file", file)),
    await runHere(["conflicts", "count"], { ...withToken, TRIBUTARY_NODE: `${node.address}/` }),
  ];
  const refused = [
    await runHere(count(node.address)),
    await runHere(count(node.address, "--token-file", join(folder, "none"))),
    await runHere(count(node.address), { TRIBUTARY_TOKEN: "no token\u00e9" }),
  ];

  expect(done.map(({ code, printed, noted }) => [code, printed || noted])).toEqual([
    [0, "No conflicts."],
    [0, "No conflicts."],
    [0, "No conflicts."],
  ]);
  expect(sent).toEqual(["Bearer t0ken", "Bearer from-a-file", "Bearer t0ken"]);
  expect(refused.map(({ code, noted }) => [code, /\[(\w+)\]/.exec(noted)?.[1]])).toEqual([
    [1, "UNAUTHORIZED"],
    [1, "INPUT_UNREADABLE"],
    [2, "CONFIG_INVALID"],
  ]);
});

it("takes no address over which the token could be read, and none that is none", async () => {
  const refused = [
    await runHere(count("http://central.example.org"), withToken),
    await runHere(count("central.example.org"), withToken),
    await runHere(count("https://user:secret@central.example.org"), withToken),
    await runHere(["resume", "--node", "https://central.example.org", "--as", "root"], withToken),
    await runHere(count("https://central.example.org", "--dir", folder), withToken),
  ];

  expect(refused.map(({ code }) => code)).toEqual([2, 2, 2, 2, 2]);
  expect(refused[3]?.noted).toContain("the name of the token stands in the audit trail; leave --as out");
});

it("goes to the folder that is named although the environment names an address", async () => {
  const asked = await runHere(["conflicts", "count", "--dir", folder], { TRIBUTARY_NODE: "http://127.0.0.1:1" });

  expect(asked).toMatchObject({ code: 2, noted: expect.stringContaining("[CONFIG_MISSING]") });
});

it("says that nobody answers, or breaks off, under an address", async () => {
  await using rude = await stranger((request) => request.socket.destroy());
  await using cut = await stranger((request, response) => {
    response.writeHead(200, { ...json, "content-length": "100" }).write("{");
    setImmediate(() => request.socket.destroy());
  });
  const nowhere = "http://127.0.0.1:1";

  const refused = [
    await runHere(count(rude.address), withToken),
    await runHere(count(cut.address), withToken),
    await runHere(count(nowhere), withToken),
  ];

  expect(refused.map(({ code, noted }) => [code, /\[(\w+)\]/.exec(noted)?.[1]])).toEqual(
    refused.map(() => [1, "REMOTE_UNAVAILABLE"]),
  );
  expect(refused[2]?.noted).toContain(`Nobody answered at ${nowhere}: it cannot be reached (ECONNREFUSED).`);
});

it("breaks off what it is told to, and says so", async () => {
  const stop = new AbortController();
  await using node = await stranger(() => stop.abort());
  const terminal = { environment: withToken, isWatched: false, print() {}, async stream() {}, note() {}, redraw() {} };
  const way = await openRemoteNode({ address: node.address, tokenFile: undefined }, terminal);
  const request = { method: "POST", credentials: "same-origin", headers: {}, signal: stop.signal } as const;

  const broken = way.fetch(`${way.base}/pull`, request);

  await expect(broken).rejects.toThrow("Broken off here; the node ends by itself what it was doing for it.");
});

it("tells a portal from a node, and a node of another version from this one's", async () => {
  await using portal = await stranger((_, response) => response.end("<html>Sign in to the hotel's network</html>"));
  await using away = await stranger((_, response) => response.writeHead(302, { location: "/sign-in" }).end());
  await using other = await stranger(({ url }, response) => {
    const told = url?.startsWith("/admin/v1/network") ? '{"version":"9.9.9"}' : '{"things":[]}';
    response.writeHead(200, json).end(told);
  });
  await using older = await stranger((_, response) => {
    response.writeHead(404, json).end('{"code":"not-found","message":"There is nothing under this path."}');
  });

  const refused = [
    await runHere(count(portal.address), withToken),
    await runHere(count(away.address), withToken),
    await runHere(count(other.address), withToken),
    await runHere(count(older.address), withToken),
  ];

  expect(refused.map(({ code, noted }) => [code, /\[(\w+)\]/.exec(noted)?.[1]])).toEqual(
    refused.map(() => [1, "REMOTE_NONSENSE"]),
  );
  expect(refused[0]?.noted).toContain(`${portal.address} answered no JSON: another program stands there, or a portal`);
  expect(refused[1]?.noted).toContain("answered 302 and no word of a node");
  expect(refused[2]?.noted).toContain(`At ${other.address} runs version 9.9.9`);
  expect(refused[3]?.noted).toContain("runs another version of the program");
});

it("says what a node, or a proxy before it, says of a token that it does not know, and of too much to do", async () => {
  const answers = [
    [401, '{"code":"UNAUTHORIZED","message":"This token is not valid here."}'],
    [429, '{"code":"too-many","message":"This is asked more often than a node answers; wait 3 s."}'],
    [500, '{"code":"exception","message":"Something went wrong within this node.\\u001b[2J"}'],
    [504, "<h1>Gateway Timeout</h1>"],
  ] as const;
  let next = 0;
  await using node = await stranger((_, response) => {
    const [status, body] = answers[next++] ?? answers[0];
    response.writeHead(status, json).end(body);
  });

  const refused = [];
  for (const _ of answers) refused.push(await runHere(count(node.address), withToken));

  expect(refused.map(({ code, noted }) => [code, noted.split("\n")[0]])).toEqual([
    [1, "Error: This token is not valid here. [UNAUTHORIZED]"],
    [1, "Error: This is asked more often than a node answers; wait 3 s. [REMOTE_REFUSED]"],
    [1, "Error: Something went wrong within this node.\ufffd[2J [REMOTE_REFUSED]"],
    [1, expect.stringMatching(/answered 504: a proxy on the way .* \[REMOTE_UNAVAILABLE\]$/)],
  ]);
});
