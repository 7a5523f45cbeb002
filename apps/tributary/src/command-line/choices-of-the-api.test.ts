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
const members = adminEndpoints["GET /catchments/:name/members"].query.shape;
const followed = adminEndpoints["GET /events/:id/consumers"].query.shape;
const sortOf = (list: SortedList) => adminEndpoints[list].query.shape.sort.unwrap().options;

type SortedList =
  | "GET /network"
  | "GET /alerts"
  | "GET /feeds/failures"
  | "GET /records"
  | "GET /feeds"
  | "GET /configuration"
  | "GET /conflicts/reviewers"
  | "GET /users"
  | "GET /tokens"
  | "GET /children"
  | "GET /catchments"
  | "GET /guests"
  | "GET /feeds/consumers";

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
  ["catchment members", "state", members.state.unwrap().options],
  ["catchment members", "sort", members.sort.unwrap().options],
  ["catchment list", "sort", sortOf("GET /catchments")],
  ["feed follow", "state", followed.state.unwrap().options],
  ["feed follow", "sort", followed.sort.unwrap().options],
  ["feed consumers", "sort", sortOf("GET /feeds/consumers")],
  ["conflicts reviewers", "sort", sortOf("GET /conflicts/reviewers")],
  ["record find", "sort", sortOf("GET /records")],
  ["feed list", "sort", sortOf("GET /feeds")],
  ["configuration", "sort", sortOf("GET /configuration")],
  ["alerts", "sort", sortOf("GET /alerts")],
  ["feed failures", "sort", sortOf("GET /feeds/failures")],
  ["network", "sort", sortOf("GET /network")],
  ["user list", "sort", sortOf("GET /users")],
  ["token list", "sort", sortOf("GET /tokens")],
  ["node list", "sort", sortOf("GET /children")],
  ["guest list", "sort", sortOf("GET /guests")],
])("offers at %s --%s what the API takes", (words, option, options) => {
  expect(choicesOf(words, option)).toEqual(options);
});
