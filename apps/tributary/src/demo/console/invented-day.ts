import type { Random } from "@tributary/kernel";
import { type TrafficAmounts, TrafficCounter } from "@tributary/runtime";
import type { Stage } from "../stage.ts";

const quarterMs = 15 * 60_000;
const quarters = 24 * 4;
/** What a clinic has in its busiest quarter of an hour. */
const busiest: TrafficAmounts = {
  requests: 210,
  bytesSent: 180_000,
  bytesReceived: 420_000,
  recordsIn: 190,
  recordsOut: 80,
  failures: 0,
};
/** Of a hundred quarters so many have a line that fails now and then. */
const badQuarters = 6;

/**
 * Gives the charts of all nodes a day before the demonstration: invented like its patients, quiet at night and busy in the
 * morning. Of the quarter of an hour that it is, nothing is invented.
 */
export async function inventDay({ parent, children, plan }: Stage, random: Random): Promise<void> {
  const { clock } = plan;
  const time = { now: clock.now() };
  const past = { now: () => time.now, sleep: () => Promise.resolve() };
  const above = new TrafficCounter(past);
  for (const child of children) {
    const below = new TrafficCounter(past);
    for (let ago = quarters; ago > 0; ago--) {
      time.now = clock.now() - ago * quarterMs;
      const amounts = amountsAt(hourAt(time.now), random);
      below.note(amounts);
      above.note(seenFromAbove(amounts), child.name);
    }
    time.now = clock.now();
    await below.flush(await child.database());
  }
  await above.flush(await parent.database());
}

/** From a fifth at night to all of it in the middle of the morning, more or less. */
function amountsAt(hour: number, random: Random): TrafficAmounts {
  const daylight = Math.max(0, Math.sin(((hour - 6) / 13) * Math.PI));
  const share = (0.08 + 0.92 * daylight ** 1.5) * (0.55 + 0.45 * random.next());
  const isBad = random.next() * 100 < badQuarters;
  const amounts = Object.entries(busiest).map(([name, most]) => [name, Math.round(most * share)]);
  return { ...(Object.fromEntries(amounts) as unknown as TrafficAmounts), failures: isBad ? 3 : 0 };
}

/** What the clinic sends is what its parent receives. */
function seenFromAbove(amounts: TrafficAmounts): TrafficAmounts {
  const { bytesSent, bytesReceived, recordsIn, recordsOut } = amounts;
  return {
    ...amounts,
    bytesSent: bytesReceived,
    bytesReceived: bytesSent,
    recordsIn: recordsOut,
    recordsOut: recordsIn,
  };
}

function hourAt(at: number): number {
  const time = new Date(at);
  return time.getHours() + time.getMinutes() / 60;
}
