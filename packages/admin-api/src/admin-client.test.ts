import { expect, it } from "vitest";
import { roleMay } from "./access.ts";
import { adminClient, adminReader } from "./admin-client.ts";
import { AdminNonsense, AdminRefusal } from "./admin-exchange.ts";

function answering(status: number, body: unknown) {
  const asked: { url: string; init: RequestInit }[] = [];
  const fetch = async (url: unknown, init: RequestInit = {}) => {
    asked.push({ url: String(url), init });
    return new Response(JSON.stringify(body), { status });
  };
  return { asked, fetch: fetch as typeof globalThis.fetch };
}

it("fills names into the path, leaves empty parameters out, and sends the CSRF token with what changes something", async () => {
  const { asked, fetch } = answering(200, { retried: "pull:Patient/1" });
  const ask = adminClient({ fetch, csrf: () => "c1" });

  const answer = await ask("POST /failures/:id/retry", { path: { id: "pull:Patient/1" } });
  await ask("GET /failures", { query: { q: "", limit: 5 } }).catch(() => {});

  expect(answer.retried).toBe("pull:Patient/1");
  expect(asked.map(({ url, init }) => [init.method, url, init.headers])).toEqual([
    ["POST", "/admin/v1/failures/pull%3APatient%2F1/retry", { "x-tributary-csrf": "c1" }],
    ["GET", "/admin/v1/failures?limit=5", {}],
  ]);
});

it("turns a refusal into an error with the node's code and sentence", async () => {
  const { fetch } = answering(409, { code: "SYNC_PAUSED", message: "It is paused." });

  const refused = adminClient({ fetch })("POST /push", { body: {} });

  await expect(refused).rejects.toThrow(AdminRefusal);
  await expect(refused).rejects.toMatchObject({ status: 409, code: "SYNC_PAUSED", message: "It is paused." });
});

it("refuses an answer that is not what the contract says", async () => {
  const { fetch } = answering(200, { needed: "perhaps" });

  await expect(adminClient({ fetch })("GET /setup")).rejects.toMatchObject({ kind: "other-shape" });
});

it("tells an answer that is no JSON from one of another shape", async () => {
  const fetch = async () => new Response("<html>Sign in to the hotel's network</html>");

  await expect(adminClient({ fetch })("GET /setup")).rejects.toThrow(AdminNonsense);
  await expect(adminClient({ fetch })("GET /setup")).rejects.toMatchObject({ kind: "no-json" });
});

it("hands on a long answer part by part, no faster than it is taken, characters whole", async () => {
  const euro = new TextEncoder().encode("1 €\n");
  let sent = 0;
  async function* parts() {
    for (const byte of euro) {
      sent += 1;
      yield Uint8Array.of(byte);
    }
  }
  const answer = { ok: true, status: 200, body: parts(), text: async () => "" };
  const texts = adminReader({ fetch: async () => answer })("GET /audit/export")[Symbol.asyncIterator]();

  const first = await texts.next();
  const sentByThen = sent;
  let rest = "";
  for await (const text of { [Symbol.asyncIterator]: () => texts }) rest += text;

  expect([first.value, sentByThen]).toEqual(["1", 1]);
  expect(rest).toBe(" €\n");
});

it("reads and writes numbers as it is told to", async () => {
  const { asked, fetch } = answering(200, { retried: 1 });
  const json = { parse: () => ({ retried: "read" }), stringify: () => "written" };

  const answer = await adminClient({ fetch, json })("POST /failures/:id/retry", { path: { id: "push:1" } });
  await adminClient({ fetch, json })("POST /pause", { body: { reason: "repair" } }).catch(() => {});

  expect(answer.retried).toBe("read");
  expect(asked[1]?.init.body).toBe("written");
});

it("asks for names in the path, and for the body of what has one", () => {
  const ask = adminClient({ fetch: globalThis.fetch });

  // @ts-expect-error the name of the user is missing
  const withoutName = () => ask("DELETE /users/:name");
  // @ts-expect-error a reason is missing
  const withoutReason = () => ask("POST /pause", { body: {} });

  expect([withoutName, withoutReason]).toHaveLength(2);
});

it("gives a viewer and an operator no right to see people, and a reviewer none to operate", () => {
  expect(roleMay("viewer", "see-people") || roleMay("operator", "see-people")).toBe(false);
  expect(roleMay("reviewer", "see-people") && !roleMay("reviewer", "operate")).toBe(true);
  expect(roleMay(undefined, "watch")).toBe(false);
  expect(roleMay(undefined, "anybody")).toBe(true);
});
