import type { ExchangeRequest } from "@tributary/sync";
import { saying } from "@tributary/sync/testing";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type BusyNetwork, contentOf, openBusyNetwork } from "./busy-network.ts";
import { aDamage, type Damage } from "./damage.ts";
import { fuzzing, fuzzTimeoutMs, inTime } from "./fuzz-budget.ts";
import { type Recorded, recording } from "./recorded-traffic.ts";

const runs = 500;
const live = new AbortController().signal;

let network: BusyNetwork;
const traffic: Recorded[] = [];
beforeAll(async () => {
  network = await openBusyNetwork(1);
  network.setLine((honest) => recording(honest, traffic));
  for (let round = 0; round < 2; round++) {
    await network.work();
    await network.round();
  }
  traffic.push(...seldomAsked(traffic));
});
afterAll(() => network[Symbol.asyncDispose]());

/** Requests that a round does not need, in the words and with the headers of a child. */
function seldomAsked(recorded: readonly Recorded[]): Recorded[] {
  const { request, answer } = recorded.find(({ path }) => path === "push")!;
  const base = request.url.href.replace(/push$/, "");
  const publicKey = { kty: "OKP", crv: "Ed25519", x: "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo" };
  const posts: Readonly<Record<string, object>> = {
    "common-point": { stream: "conflicts", trail: [[1, "aGVsbG8gd29ybGQtaGFzaA"]] },
    enrol: { code: "AAAA-BBBB-CCCC", node: "clinic-9", publicKey, protocol: 1 },
    guest: { patient: "traveller", purpose: "referral", days: 2 },
    kept: {
      place: ["catchment.north", "an-epoch", 1, null],
      records: [["Patient", "p", ["AAAAAAAAAAAAAAAAAAAAAA", ""]]],
    },
    keys: { sealingKey: { kty: "OKP", crv: "X25519", x: publicKey.x } },
  };
  return [
    ...Object.entries(posts).map(([path, body]) => {
      const url = new URL(`${base}${path}`);
      return { path, answer, request: saying({ ...request, url }, JSON.stringify(body)) };
    }),
    { path: "verify/records", answer, request: withoutBody(request, new URL(`${base}verify/records?of=1,2,255`)) },
  ];
}

function withoutBody({ body: _, ...request }: ExchangeRequest, url: URL): ExchangeRequest {
  return { ...request, method: "GET", url };
}

/** What of a request is changed. */
const parts = ["body", "path", "query", "marker", "instance", "versions", "token"] as const;
type Part = (typeof parts)[number];

function hostile(request: ExchangeRequest, part: Part, damage: Damage): ExchangeRequest {
  const damaged = (text: string) => damage(Buffer.from(text)).toString();
  if (part === "body") return saying(request, damaged(request.body ?? ""));
  if (part === "path" || part === "query") {
    const url = new URL(request.url);
    if (part === "query") url.search = damaged(url.search || "?after=1&of=1,2&root=a");
    else {
      const last = url.pathname.split("/").at(-1) ?? "";
      url.pathname = url.pathname.slice(0, -last.length) + encodeURIComponent(wellFormed(damaged(last)));
    }
    return { ...request, url };
  }
  const name = part === "token" ? "authorization" : `tributary-${part}`;
  return { ...request, headers: { ...request.headers, [name]: damaged(request.headers[name] ?? "a:1:b") } };
}

const wellFormed = (text: string) => text.slice(0, 2_000).toWellFormed();

describe("a request of an enrolled child that is not what it should be", () => {
  it(
    "[S36] is answered without a defect, and what is refused leaves nothing behind",
    async () => {
      const seen = new Map<string, number>();
      let before = await contentOf(network.parent.database);
      await fc.assert(
        fc.asyncProperty(
          fc.nat(),
          fc.constantFrom<Part>("body", "body", "body", ...parts),
          aDamage,
          async (which, part, damage) => {
            const { request, path } = traffic[which % traffic.length]!;
            const answer = await inTime(() => network.parent.answer(hostile(request, part, damage), live));

            expect([path, part, answer.status]).toEqual([
              path,
              part,
              expect.toSatisfy((status: number) => status < 500),
            ]);
            const after = await contentOf(network.parent.database);
            if (answer.status >= 400) expect(after).toBe(before);
            before = after;
            seen.set(String(answer.status), (seen.get(String(answer.status)) ?? 0) + 1);
          },
        ),
        fuzzing(runs),
      );
      expect([...seen.keys()]).toEqual(expect.arrayContaining(["200", "400", "401"]));
    },
    fuzzTimeoutMs,
  );
});
