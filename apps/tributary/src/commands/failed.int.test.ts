import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { runToEnd as tributary } from "../../testing/run-to-end.ts";
import { untilServing } from "../../testing/until-serving.ts";
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

it("lists, shows, retries, mends and discards what the parent refused", async () => {
  const [centre, clinic] = [join(home, "centre"), join(home, "clinic")];
  const [port = 0] = await freePorts(1);
  await tributary("init", "parent", "--dir", centre, "--id", "centre", "--port", String(port));
  await tributary("init", "child", "--dir", clinic, "--id", "clinic");
  const { printed: code } = await tributary("enrol", "--dir", centre, "--new", "clinic");
  await using _ = startServing(centre, {}, () => {});
  const failed = (...words: string[]) => tributary("failed", ...words, "--dir", clinic);
  await untilServing(port);
  const said = code.split(/\s/).at(-1) ?? "";
  const url = `http://127.0.0.1:${port}`;
  const enrolled = await tributary("enrol", "--dir", clinic, "--parent", url, "--code", said);
  expect(enrolled.code, enrolled.noted).toBe(0);
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
  const file = join(home, "record.json");
  const edit = (text: string, ...words: string[]) => {
    writeFileSync(file, text);
    return failed("edit", "push:1", "--file", file, ...words);
  };
  const wrong = await edit('{"resourceType":"Patient","id":"bad","gender":"odd"}');
  const late = await edit('{"resourceType":"Patient","id":"bad","gender":"other"}', "--if-version", "7");
  const noJson = await edit("{");
  const silentDiscard = await failed("discard", "push:1");
  const hasty = await failed("discard", "--class", "invalid", "--reason", "made in error");
  const nothing = await failed("discard", "--class", "dependency", "--reason", "made in error", "--yes", "--json");
  const none = [
    await failed("discard", "--class", "dependency", "--reason", "made in error"),
    await failed("retry", "--class", "dependency"),
  ];
  const unheard = await failed("retry", "--class", "unheard-of");
  const discarded = await failed("discard", "push:1", "--reason", "made in error", "--json");
  const gone = await failed("show", "push:1");
  {
    await using node = await openNodeAt(clinic, silent);
    const body = '{"resourceType":"Patient","id":"worse","gender":"unheard-of"}';
    await node.database.transaction((tx) =>
      node.store.write(tx, [{ kind: "save", key: { type: "Patient", id: "worse" }, body, resource: JSON.parse(body) }]),
    );
  }
  await tributary("push", "--dir", clinic);
  const { failures } = JSON.parse((await failed("list", "--json")).printed) as { failures: [{ failureId: string }] };
  const [worse] = failures;
  writeFileSync(file, '{"resourceType":"Patient","id":"worse","gender":"female"}');
  const better = await failed("edit", worse.failureId, "--file", file, "--as", "B. Nurse", "--json");
  const sent = await tributary("push", "--dir", clinic);

  expect(empty.printed).toBe("Nothing has failed.");
  expect(pushed.code).toBe(1);
  expect(table.printed).toMatch(/^failure +records +why .*\npush:1 +Patient\/bad +refused-by-parent +invalid +1 /);
  expect(JSON.parse(json.printed)).toMatchObject({
    failures: [{ failureId: "push:1", references: ["Patient/bad"], attempts: 1 }],
    total: 1,
  });
  expect(table.printed + json.printed).not.toContain("unheard-of");
  expect(shown.printed).toContain("Patient/bad is not valid");
  expect(JSON.parse(shownJson.printed)).toMatchObject({ records: [{ version: 1, body: { gender: "unheard-of" } }] });
  expect([retried.printed, emptied.printed]).toEqual(['{"retried":1}', '{"failures":[],"next":null,"total":0}']);
  expect(wrong).toMatchObject({ code: 1, noted: expect.stringContaining("[FAILURE_NOT_EDITED]") });
  expect(late).toMatchObject({ code: 1, noted: expect.stringContaining("is at version 1") });
  expect(noJson).toMatchObject({ noted: expect.stringContaining("[INPUT_UNREADABLE]") });
  expect(silentDiscard).toMatchObject({ code: 2, noted: expect.stringContaining("--reason") });
  expect(hasty).toMatchObject({
    code: 2,
    noted: expect.stringContaining("give up 1 failure. Say it again with --yes"),
  });
  expect(nothing.printed).toBe('{"discarded":0}');
  expect(none.map(({ code, noted }) => [code, noted.trim()])).toEqual([
    [0, "Nothing has failed in the class dependency."],
    [0, "Nothing has failed in the class dependency."],
  ]);
  expect(unheard).toMatchObject({ code: 2, noted: expect.stringContaining("unknown-type") });
  expect(discarded.printed).toBe('{"discarded":"push:1","references":["Patient/bad"]}');
  expect(gone).toMatchObject({ code: 2, noted: expect.stringContaining("failed list") });
  expect(JSON.parse(better.printed)).toEqual({ edited: worse.failureId, reference: "Patient/worse", version: 2 });
  expect(sent).toMatchObject({ code: 0 });
  expect(await failed("retry")).toMatchObject({ code: 2, noted: expect.stringContaining("--all") });
});
