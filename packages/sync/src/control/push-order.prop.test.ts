import fc from "fast-check";
import { expect, it } from "vitest";
import type { GatheredUnit } from "../push/queue/gather-units.ts";
import { orderByPriority, unitsWith } from "./push-order.ts";

interface Unit {
  readonly place: number;
  readonly changes: GatheredUnit;
}

const types = ["Observation", "Patient", "Flag", "Media", "Task"];
const name = fc.tuple(fc.constantFrom(...types), fc.integer({ min: 0, max: 5 })).map(([type, id]) => `${type}/${id}`);
const change = fc.tuple(name, fc.array(name, { maxLength: 2 })).map(([record, refersTo]) => {
  const [type = "", id = ""] = record.split("/");
  return { type, id, version: 1, transaction: "t", refersTo };
});
const units = fc
  .array(fc.array(change, { minLength: 1, maxLength: 3 }), { maxLength: 12 })
  .map((list) => list.map((changes, place): Unit => ({ place, changes })));

const recordsOf = ({ changes }: Unit) => new Set(changes.map(({ type, id }) => `${type}/${id}`));
const touchesOf = ({ changes }: Unit) =>
  new Set(changes.flatMap(({ type, id, refersTo = [] }) => [`${type}/${id}`, ...refersTo]));
const depend = (one: Unit, other: Unit) =>
  share(recordsOf(one), touchesOf(other)) || share(touchesOf(one), recordsOf(other));
const share = (one: ReadonlySet<string>, other: ReadonlySet<string>) => [...one].some((item) => other.has(item));

it("[S77] a unit overtakes only what shares no record and no reference with it, and nothing is left out", () => {
  fc.assert(
    fc.property(units, fc.shuffledSubarray(types), (queue, first) => {
      const ordered = orderByPriority(queue, first);

      expect(ordered.map(({ place }) => place).toSorted((a, b) => a - b)).toEqual(queue.map(({ place }) => place));
      for (const [at, unit] of ordered.entries()) {
        for (const later of ordered.slice(at + 1)) {
          if (later.place < unit.place) expect(depend(unit, later)).toBe(false);
        }
      }
    }),
  );
});

it("[S77] to put in order again changes nothing, and without a list only attachments give way", () => {
  fc.assert(
    fc.property(units, fc.shuffledSubarray(types), (queue, first) => {
      const ordered = orderByPriority(queue, first);
      const again = orderByPriority(
        ordered.map((unit, place) => ({ ...unit, place })),
        first,
      );

      expect(again.map(({ changes }) => changes)).toEqual(ordered.map(({ changes }) => changes));
    }),
  );
});

const unit = (place: number, record: string, ...refersTo: string[]): Unit => {
  const [type = "", id = ""] = record.split("/");
  return { place, changes: [{ type, id, version: 1, transaction: `${place}`, refersTo }] };
};

it("[S77] what a referral depends on goes ahead with it, and history and attachments come after", () => {
  const queue = [
    unit(0, "Media/m"),
    unit(1, "Observation/old", "Patient/elsewhere"),
    unit(2, "Practitioner/d"),
    unit(3, "Patient/p", "Practitioner/d"),
    unit(4, "Observation/o", "Patient/p"),
    unit(5, "ServiceRequest/s", "Patient/p"),
  ];

  const ordered = orderByPriority(queue, ["ServiceRequest"]);

  expect(ordered.map(({ place }) => place)).toEqual([2, 3, 5, 1, 4, 0]);
});

it("[S82] choosing a record chooses the units before it that it depends on, and no others", () => {
  const queue = [unit(0, "Patient/p"), unit(1, "Patient/q"), unit(2, "Observation/o", "Patient/p"), unit(3, "Flag/f")];

  expect(unitsWith(queue, new Set(["Observation/o"])).map(({ place }) => place)).toEqual([0, 2]);
});
