/**
 * The engine's loop between two ends of one's own, over a line that breaks off: `node your-own-ends.ts [FILE-OR-URL]`.
 */
import { migrate, openDatabase, sql } from "@tributary/database";
import { replicate, type Source, type Target } from "@tributary/sync";
import { placeOfDatabase } from "./place-of-database.ts";

interface Price {
  readonly item: string;
  readonly price: number;
}

const putPrice = sql(`
  insert into prices (item, price) values ($1, $2) on conflict (item) do update set price = excluded.price`);
const putMarker = sql("update prices_marker set position = $1");
const readMarker = sql("select position from prices_marker");
const listPrices = sql("select item, price from prices order by item");

await using place = await placeOfDatabase(process.argv[2]);
await using database = await openDatabase({ address: place.address });
await migrate(database, [
  {
    id: "pharmacy/1-prices",
    statements: () => [
      "create table prices (item text primary key, price integer not null)",
      "create table prices_marker (position integer not null)",
      "insert into prices_marker (position) values (0)",
    ],
  },
]);

/** The supplier announces which items have another price, two at a time, and tells the prices when asked. */
const announced: Price[] = [
  { item: "amoxicillin", price: 120 },
  { item: "paracetamol", price: 20 },
  { item: "zinc", price: 35 },
  { item: "paracetamol", price: 25 },
];
let requestsUntilCut = 1;
const supplier: Source<string, Price, number> = {
  async *stretches(after = 0) {
    for (let from = after; from < announced.length; from += 2) {
      const entries = announced.slice(from, from + 2).map(({ item }) => item);
      yield { entries, through: from + entries.length };
    }
  },
  async *fetch(items) {
    if (requestsUntilCut-- === 0) throw new Error("The line broke off.");
    yield { contents: items.flatMap((wanted) => announced.findLast(({ item }) => item === wanted) ?? []), missing: [] };
  },
};

/** The pharmacy keeps prices and marker in one transaction, so that neither is ever there without the other. */
const pharmacy: Target<string, Price, number> = {
  marker: async () => Number((await database.first<{ position: number }>(readMarker))?.position),
  select: async (entries) => ({ wanted: [...new Set(entries)], settled: [] }),
  apply: ({ contents, through }) =>
    database.transaction(async (tx) => {
      for (const { item, price } of contents) await tx.run(putPrice, [item, price]);
      if (through !== undefined) await tx.run(putMarker, [through]);
    }),
};

const live = new AbortController().signal;
await replicate(supplier, pharmacy, live).catch((error: Error) => console.log(error.message));
await tell();
await replicate(supplier, pharmacy, live);
await tell();

async function tell(): Promise<void> {
  const prices = await database.all<Price>(listPrices);
  console.log(`${await pharmacy.marker()} read: ${prices.map(({ item, price }) => `${item} ${price}`).join(", ")}`);
}
