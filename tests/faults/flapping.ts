import type { Random } from "@tributary/kernel";
import type { FaultProxy } from "./fault-proxy.ts";

/** How long a line that comes and goes is there and is not, on average; each time is drawn between half and one and a half of it. */
export interface FlapTimes {
  readonly upMs: number;
  readonly downMs: number;
}

/** A mast at the edge of its reach. */
export const flapping: FlapTimes = { upMs: 20_000, downMs: 40_000 };

/** Lets a line come and go until it is disposed of, which leaves it up. */
export function flap(
  line: FaultProxy,
  { upMs, downMs }: FlapTimes,
  random: Random,
): Disposable & { readonly drops: number } {
  let drops = 0;
  let timer: NodeJS.Timeout;
  const about = (averageMs: number) => averageMs * (0.5 + random.next());
  const rise = () => {
    line.raise();
    timer = setTimeout(fall, about(upMs));
  };
  const fall = () => {
    line.drop();
    drops += 1;
    timer = setTimeout(rise, about(downMs));
  };
  rise();
  return {
    get drops() {
      return drops;
    },
    [Symbol.dispose]() {
      clearTimeout(timer);
      line.raise();
    },
  };
}
