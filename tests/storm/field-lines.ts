import { seededRandom } from "@tributary/kernel";
import { type FaultProxy, openFaultProxy } from "../faults/fault-proxy.ts";
import { flap, flapping } from "../faults/flapping.ts";
import { lineProfiles, oneWayOf } from "../faults/line-conditions.ts";
import type { LineTo } from "../topology/tree.ts";

/** The kinds of line that children of a storm have to their parent: those of the field, and a cable. */
const kinds = ["2G", "VSAT", "3G", "flapping", "cable"] as const;
type LineKind = (typeof kinds)[number];

/** One child's line, and what went over it. */
export interface FieldLine {
  readonly child: string;
  readonly kind: LineKind;
  readonly proxy: FaultProxy;
  /** How often it went away. */
  drops: number;
}

/** Lines of every kind of the field, one a child. They are good until `begin`, so that children can enrol. */
export interface FieldLines {
  readonly lineTo: LineTo;
  readonly lines: readonly FieldLine[];
  begin(): void;
  /** Lets the line that comes and goes stay. The others stay as slow as they are: that is no fault that ends. */
  settle(): void;
}

/** Makes lines, in the order in which the children enrol; all chance comes from the seed. */
export function makeFieldLines(seed: number): FieldLines {
  const lines: FieldLine[] = [];
  const flaps: { readonly line: FieldLine; readonly flaps: ReturnType<typeof flap> }[] = [];
  return {
    lines,
    async lineTo(parentPort, child, stack) {
      const proxy = stack.use(await openFaultProxy(parentPort, seededRandom(seed * 1_000 + lines.length)));
      lines.push({ child, kind: kinds[lines.length % kinds.length]!, proxy, drops: 0 });
      stack.defer(settle);
      return proxy.url;
    },
    begin() {
      for (const [at, line] of lines.entries()) {
        if (line.kind === "cable") continue;
        line.proxy.shape(oneWayOf(lineProfiles[line.kind === "flapping" ? "3G" : line.kind]));
        if (line.kind !== "flapping") continue;
        flaps.push({ line, flaps: flap(line.proxy, flapping, seededRandom(seed * 2_000 + at)) });
      }
    },
    settle,
  };

  function settle(): void {
    for (const { line, flaps: one } of flaps.splice(0)) {
      line.drops = one.drops;
      one[Symbol.dispose]();
    }
  }
}
