import { openTestDatabase } from "@tributary/database/testing";
import { type AtomFeed, atomLimits, type FetchPage, parseAtomFeed, writeAtomFeed } from "@tributary/feed";
import { openReading } from "@tributary/feed/testing";
import { TributaryError } from "@tributary/kernel";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { aDamage, type Damage } from "./damage.ts";
import { fuzzing, fuzzTimeoutMs, inTime } from "./fuzz-budget.ts";

const live = new AbortController().signal;

const page: AtomFeed = {
  title: "Patients <&> friends",
  links: [
    { rel: "self", type: "application/atom+xml", href: "https://centre.example.org/feeds/patient/2" },
    { rel: "prev-archive", type: undefined, href: "https://centre.example.org/feeds/patient/1" },
  ],
  author: "centre",
  id: "tag:atomfeed.ict4h.org:2f0c8a8e-6a1c-4f5e-9d55-0a2b6f8f1c11",
  generator: { uri: "https://example.org/tributary", name: "Tributary" },
  updated: 1_763_680_000_000,
  isArchive: false,
  log: { id: "log", epoch: "e1" },
  entries: [1, 2, 3].map((position) => ({
    title: "Patient",
    categories: ["patient"],
    id: `tag:atomfeed.ict4h.org:2f0c8a8e-6a1c-4f5e-9d55-0a2b6f8f1c1${position}`,
    updated: 1_763_680_000_000,
    published: 1_763_680_000_000,
    content: { type: "application/vnd.atomfeed+xml", text: `/fhir/Patient/${position}?a=1&b=]]>` },
    event: { position, logPosition: position, eventType: "resource.saved", version: position, orderKey: "Patient/1" },
  })),
};
const text = writeAtomFeed(page);

describe("a damaged Atom page", () => {
  it(
    "is refused with a code, or is whole: written again it reads the same",
    async () => {
      await fc.assert(
        fc.asyncProperty(
          aDamage,
          fc.constantFrom(null, "application/atom+xml", "text/xml; charset=utf-16"),
          async (damage, contentType) => {
            const damaged = damage(Buffer.from(text));
            const read = await inTime(() => {
              try {
                return parseAtomFeed(damaged, { contentType });
              } catch (error) {
                expect(error).toBeInstanceOf(TributaryError);
                return undefined;
              }
            });
            if (read) expect(parseAtomFeed(writeAtomFeed(read))).toEqual(read);
          },
        ),
        fuzzing(1_500),
      );
    },
    fuzzTimeoutMs,
  );

  it.each([
    ["entities that double", `<!DOCTYPE f [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]><feed>&b;</feed>`],
    ["an entity of another file", `<!DOCTYPE f [<!ENTITY a SYSTEM "file:///etc/passwd">]><feed>&a;</feed>`],
    ["a hundred thousand levels", "<a>".repeat(100_000)],
    ["a hundred thousand attributes", `<feed ${Array.from({ length: 100_000 }, (_, n) => `a${n}="1"`).join(" ")}/>`],
    ["more entries than any page has", `<feed xmlns="http://www.w3.org/2005/Atom">${"<entry/>".repeat(20_000)}</feed>`],
    ["more characters than any page has", `<feed>${" ".repeat(atomLimits.charactersMax)}</feed>`],
  ])("is refused at once when it has %s", async (_, hostile) => {
    await inTime(() => expect(() => parseAtomFeed(hostile)).toThrow(TributaryError));
  });

  it(
    "ends a reader's run with a code, whatever was damaged",
    async () => {
      await fc.assert(
        fc.asyncProperty(fc.array(fc.tuple(aDamage, fc.nat(3)), { minLength: 3, maxLength: 6 }), async (runs) => {
          await using reading = await openReading(() => openTestDatabase("sqlite"));
          for (const [damage, which] of runs) {
            reading.publisher.publish("one more", "and another");
            await inTime(() => runDamaged(reading, damage, which));
          }
          await reading.reader().run({ signal: live }).catch(refuseDefects);
        }),
        fuzzing(15),
      );
    },
    fuzzTimeoutMs,
  );

  it(
    "that was cut is asked for again: each event is handled once and in order in the end",
    async () => {
      await fc.assert(
        fc.asyncProperty(
          fc.array(fc.tuple(fc.double({ min: 0, max: 0.99, noNaN: true }), fc.nat(3)), { minLength: 2, maxLength: 5 }),
          async (runs) => {
            await using reading = await openReading(() => openTestDatabase("sqlite"));
            const published: string[] = [];
            for (const [share, which] of runs) {
              const contents = Array.from({ length: 4 }, (_, n) => `${published.length + n}`);
              reading.publisher.publish(...contents);
              published.push(...contents);
              await runDamaged(reading, (bytes) => bytes.subarray(0, Math.floor(bytes.byteLength * share)), which);
            }
            await reading.reader().run({ signal: live });

            expect(await reading.handled()).toEqual(published);
          },
        ),
        fuzzing(15),
      );
    },
    fuzzTimeoutMs,
  );
});

/** One run of a reader in which the answer to the request of that number is damaged. */
async function runDamaged(
  { publisher, reader }: Awaited<ReturnType<typeof openReading>>,
  damage: Damage,
  which: number,
): Promise<void> {
  let request = 0;
  const damaging: FetchPage = async (address, options) => {
    const answer = await publisher.fetch(address, options);
    if (request++ !== which) return answer;
    const parts: Uint8Array[] = [];
    for await (const part of answer.body ?? []) parts.push(part);
    const damaged = damage(Buffer.concat(parts));
    return {
      ...answer,
      body: (async function* () {
        yield damaged;
      })(),
    };
  };
  await reader({ fetch: damaging }).run({ signal: live }).catch(refuseDefects);
}

function refuseDefects(error: unknown): void {
  if (!(error instanceof TributaryError)) throw error;
}
