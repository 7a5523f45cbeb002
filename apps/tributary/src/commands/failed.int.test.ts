import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { runToEnd as tributary } from "../../testing/run-to-end.ts";
import { freePorts } from "../demo/free-port.ts";
import { startServing } from "../demo/program-process.ts";
import type { Terminal } from "../terminal.ts";
import { openNodeAt } from "./node-at.ts";

const silent: Terminal = { environment: {}, print() {}, async stream() {}, note() {}, isWatched: false, redraw() {} };

let home: string;
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), "tributary-failed-"));
});
afterEach(() => rmSync(home, { recursive: true, force: true }));

it("lists, shows, retries and discards what the parent refused", async () => {
  const [centre, clinic] = [join(home, "centre"), join(home, "clinic")];
  const [port = 0] = await freePorts(1);
  await tributary("init", "parent", "--dir", centre, "--id", "centre", "--port", String(port));
  await tributary("init", "child", "--dir", clinic, "--id", "clinic");
  const { printed: code } = await tributary("enrol", "--dir", centre, "--new", "clinic");
  await using _ = startServing(centre, {}, () => {});
  const failed = (...words: string[]) => tributary("failed", ...words, "--dir", clinic);
  for (let tries = 0; ; tries++) {
    const url = `http://127.0.0.1:${port}`;
    const enrolled = await tributary(
      "enrol",
      "--dir",
      clinic,
      "--parent",
      url,
      "--code",
      code.split(/\s/).at(-1) ?? "",
    );
    if (enrolled.code === 0) break;
    if (tries === 20) throw new Error(enrolled.noted);
  }
  {
    await using node = await openNodeAt(clinic, silent);
    const body = '{"resourceType":"Patient","id":"bad","gender":"unheard-of"}';
    await node.database.transaction((tx) =>
      node.store.write(tx, [{ kind: "save", key: { type: "Patient", id: "bad" }, body, resource: JSON.parse(body) }]),
    );
  }

  const empty = await failed("list");
  const pushed = await tributary("push", "--dir", clinic);
  const [table, json] = [await failed(), await failed("list", "--json")];
  const [shown, shownJson] = [await failed("show", "push:1"), await failed("show", "push:1", "--json")];
  const retried = await failed("retry", "--all", "--json");
  const emptied = await failed("list", "--json");
  await tributary("push", "--dir", clinic);
  const silentDiscard = await failed("discard", "push:1");
  const hasty = await failed("discard", "--class", "invalid", "--reason", "made in error");
  const nothing = await failed("discard", "--class", "dependency", "--reason", "made in error", "--yes", "--json");
  const unheard = await failed("retry", "--class", "unheard-of");
  const discarded = await failed("discard", "push:1", "--reason", "made in error", "--json");
  const gone = await failed("show", "push:1");

  expect(empty.printed).toBe("Nothing has failed.");
  expect(pushed.code).toBe(1);
  expect(table.printed).toMatch(/^failure +records +why .*\npush:1 +Patient\/bad +refused-by-parent +invalid +1 /);
  expect(JSON.parse(json.printed)).toMatchObject([{ failureId: "push:1", references: ["Patient/bad"], attempts: 1 }]);
  expect(table.printed + json.printed).not.toContain("unheard-of");
  expect(shown.printed).toContain("Patient/bad is not valid");
  expect(JSON.parse(shownJson.printed)).toMatchObject({ records: [{ version: 1, body: { gender: "unheard-of" } }] });
  expect([retried.printed, emptied.printed]).toEqual(['{"retried":1}', "[]"]);
  expect(silentDiscard).toMatchObject({ code: 2, noted: expect.stringContaining("--reason") });
  expect(hasty).toMatchObject({ code: 2, noted: expect.stringContaining("1 failures. Say it again with --yes") });
  expect(nothing.printed).toBe('{"discarded":0}');
  expect(unheard).toMatchObject({ code: 2, noted: expect.stringContaining("unknown-type") });
  expect(discarded.printed).toBe('{"discarded":"push:1"}');
  expect(gone).toMatchObject({ code: 2, noted: expect.stringContaining("failed list") });
  expect(await failed("retry")).toMatchObject({ code: 2, noted: expect.stringContaining("--all") });
});
