/** A process that changes beds until it is killed: `node writer.ts ADDRESS SEED`. */
import { openDatabase } from "@tributary/database";
import { seededRandom, systemClock, systemRandom } from "@tributary/kernel";
import { Outbox } from "../../src/outbox/outbox.ts";
import { assignBeds, ChangeOfMind } from "../ward.ts";

/** So many changes at a time in one process. */
const hands = 3;

const [address = "", seed = ""] = process.argv.slice(2);
const database = await openDatabase({ address, connectionsMax: hands });
const outbox = new Outbox({ clock: systemClock, random: systemRandom });
process.send?.("ready");
await Promise.all(
  Array.from({ length: hands }, async (_, hand) => {
    const random = seededRandom(Number(seed) * hands + hand);
    for (;;) {
      await assignBeds(database, outbox, random).catch((error: unknown) => {
        if (!(error instanceof ChangeOfMind)) throw error;
      });
      process.send?.("changed");
    }
  }),
);
