import fc from "fast-check";

/** One thing that happens to bytes which another machine sent, by chance or by intent. */
export type Damage = (bytes: Buffer) => Buffer;

const token = /"(?:[^"\\]|\\.)*"|-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?|true|false|null|[[\]{},:]/g;

/** What parsers of JSON, XML and YAML have stumbled over, here and elsewhere. */
const hostileTokens = [
  "",
  "null",
  "true",
  "0",
  "-1",
  "-0",
  "1.00",
  "1e400",
  "1e-400",
  "9007199254740993",
  "123456789012345678901234567890",
  '""',
  '"\\u0000"',
  '"\\ud800"',
  '"../../etc/passwd"',
  '"__proto__"',
  '"constructor"',
  '{"__proto__":{"x":1}}',
  '{"constructor":{"prototype":{"x":1}}}',
  "[]",
  "{}",
  "[[[[]]]]",
  "NaN",
  "\u2028",
  "'",
  "<!ENTITY a 'b'>",
  "<![CDATA[",
  "&amp;",
  "&#0;",
  "*a",
  "&a [*a]",
  "!!js/function",
  "\0",
  "\r\n",
  "\n",
];

/** A share of the way through something. */
const aPlace = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true });
const at = (place: number, length: number) => Math.floor(place * length);

function spliced(bytes: Buffer, from: number, to: number, instead: Uint8Array): Buffer {
  return Buffer.concat([bytes.subarray(0, from), instead, bytes.subarray(to)]);
}

/** Bytes are what a line damages. */
const ofBytes: fc.Arbitrary<Damage> = fc.oneof(
  fc.tuple(aPlace, fc.nat(7)).map(
    ([place, bit]): Damage =>
      (bytes) => {
        const damaged = Buffer.from(bytes);
        if (damaged.byteLength > 0) damaged[at(place, damaged.byteLength)]! ^= 1 << bit;
        return damaged;
      },
  ),
  aPlace.map(
    (place): Damage =>
      (bytes) =>
        bytes.subarray(0, at(place, bytes.byteLength)),
  ),
  fc.tuple(aPlace, fc.nat(40)).map(
    ([place, length]): Damage =>
      (bytes) =>
        spliced(bytes, at(place, bytes.byteLength), at(place, bytes.byteLength) + length, Buffer.alloc(0)),
  ),
  fc.tuple(aPlace, fc.nat(200), aPlace).map(
    ([place, length, target]): Damage =>
      (bytes) => {
        const piece = bytes.subarray(at(place, bytes.byteLength), at(place, bytes.byteLength) + length);
        return spliced(bytes, at(target, bytes.byteLength), at(target, bytes.byteLength), piece);
      },
  ),
  fc.tuple(aPlace, fc.uint8Array({ maxLength: 20 })).map(
    ([place, noise]): Damage =>
      (bytes) =>
        spliced(bytes, at(place, bytes.byteLength), at(place, bytes.byteLength), noise),
  ),
);

/** Tokens are what somebody changes who knows the form. */
const ofTokens: fc.Arbitrary<Damage> = fc.oneof(
  fc.tuple(aPlace, fc.constantFrom(...hostileTokens)).map(([place, instead]) => replacing(place, () => instead)),
  fc.tuple(aPlace, aPlace).map(([place, other]) => replacing(place, (_, all) => all[at(other, all.length)] ?? "")),
  fc
    .tuple(aPlace, fc.integer({ min: -3, max: 3 }))
    .map(([place, by]) =>
      replacing(place, (found) => (/^-?\d+$/.test(found) ? String(Number(found) + by) : `${found}${found}`)),
    ),
  fc
    .tuple(aPlace, fc.constantFrom(50, 500, 20_000))
    .map(([place, depth]) => replacing(place, (found) => `${"[".repeat(depth)}${found}${"]".repeat(depth)}`)),
  fc
    .tuple(aPlace, fc.constantFrom(50, 500, 20_000))
    .map(([place, depth]) =>
      replacing(place, (found) => `${'{"a":'.repeat(depth)}${found === ":" ? "1" : found}${"}".repeat(depth)}`),
    ),
  fc
    .tuple(aPlace, fc.constantFrom(300, 5_000, 200_000))
    .map(([place, length]) =>
      replacing(place, (found) => (found.startsWith('"') ? `"${"x".repeat(length)}"` : "9".repeat(length))),
    ),
);

function replacing(place: number, make: (found: string, all: readonly string[]) => string): Damage {
  return (bytes) => {
    const text = bytes.toString("latin1");
    const all = [...text.matchAll(token)];
    const found = all[at(place, all.length)];
    if (!found) return bytes;
    const made = make(
      found[0],
      all.map(([one]) => one),
    );
    return Buffer.from(text.slice(0, found.index) + made + text.slice(found.index + found[0].length), "latin1");
  };
}

/** Encodings are what a program on the way gets wrong. */
const ofEncoding: fc.Arbitrary<Damage> = fc.constantFrom<Damage>(
  (bytes) => Buffer.from(bytes.toString("utf8"), "utf16le"),
  (bytes) => Buffer.concat([Buffer.from([0xef, 0xbb, 0xbf]), bytes]),
  (bytes) => Buffer.from(bytes.toString("latin1"), "utf8"),
  (bytes) => Buffer.from(bytes.toString("utf8").replaceAll("\n", "\r\n")),
  (bytes) => Buffer.from(bytes.toString("base64")),
);

/** Something else altogether: a portal's page, an error of a proxy, noise. */
const ofWhole: fc.Arbitrary<Damage> = fc.oneof(
  fc
    .constantFrom("", "<html><body>Welcome to this hotel</body></html>", "null", "[]", "{}", "upstream timed out", "\n")
    .map(
      (text): Damage =>
        () =>
          Buffer.from(text),
    ),
  fc.uint8Array({ maxLength: 300 }).map(
    (noise): Damage =>
      () =>
        Buffer.from(noise),
  ),
  fc.json({ maxDepth: 4 }).map(
    (text): Damage =>
      () =>
        Buffer.from(text),
  ),
);

/** One to three damages, one after the other. */
export const aDamage: fc.Arbitrary<Damage> = fc
  .array(
    fc.oneof(
      { arbitrary: ofTokens, weight: 6 },
      { arbitrary: ofBytes, weight: 4 },
      { arbitrary: ofEncoding, weight: 1 },
      { arbitrary: ofWhole, weight: 1 },
    ),
    { minLength: 1, maxLength: 3 },
  )
  .map(
    (damages): Damage =>
      (bytes) =>
        damages.reduce((damaged, damage) => damage(damaged), bytes),
  );

/** A damage that a line does by chance, which a digest shows. */
export const aLineDamage: fc.Arbitrary<Damage> = ofBytes;
