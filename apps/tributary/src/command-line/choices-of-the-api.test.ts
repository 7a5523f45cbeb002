import { adminEndpoints } from "@tributary/admin-api";
import type { Command } from "commander";
import { expect, it } from "vitest";
import { buildProgram } from "../program.ts";

const terminal = { environment: {}, isWatched: false, print() {}, async stream() {}, note() {}, redraw() {} };

/** What an option of a command may be, as the command line says it. */
function choicesOf(words: string, option: string): readonly string[] | undefined {
  const command = words.split(" ").reduce<Command | undefined>(
    (within, word) => within?.commands.find((one) => one.name() === word),
    buildProgram(terminal, () => {}),
  );
  return command?.options.find(({ long }) => long === `--${option}`)?.argChoices;
}

const conflicts = adminEndpoints["GET /conflicts"].query.shape;
const failures = adminEndpoints["GET /failures"].query.shape;
const audit = adminEndpoints["GET /audit"].query.shape;
const exported = adminEndpoints["GET /audit/export"].query.shape;
const records = adminEndpoints["POST /sync-records"].body.shape;

it.each([
  ["conflicts list", "state", conflicts.state.unwrap().options],
  ["conflicts list", "sort", conflicts.sort.unwrap().options],
  ["conflicts list", "order", conflicts.order.unwrap().options],
  ["failed list", "kind", failures.kind.unwrap().options],
  ["failed list", "sort", failures.sort.unwrap().options],
  ["failed list", "order", failures.order.unwrap().options],
  ["audit list", "order", audit.order.unwrap().options],
  ["audit export", "format", exported.format.unwrap().options],
  ["sync-record", "direction", records.direction.unwrap().options],
])("offers at %s --%s what the API takes", (words, option, options) => {
  expect(choicesOf(words, option)).toEqual(options);
});
