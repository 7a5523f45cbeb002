import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { afterEach, beforeEach, expect, it } from "vitest";
import { runToEnd as tributary } from "../../testing/run-to-end.ts";
import { untilServing } from "../../testing/until-serving.ts";
import { freePorts } from "../demo/free-port.ts";
import { startServing } from "../demo/program-process.ts";

let home: string;
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), "tributary-trails-"));
});
afterEach(() => rmSync(home, { recursive: true, force: true }));

it("[S67] a clinic's trail and its records' whereabouts are read at the centre after a push", async () => {
  const [centre, clinic] = [join(home, "centre"), join(home, "clinic")];
  const [port = 0] = await freePorts(1);
  await tributary("init", "parent", "--dir", centre, "--id", "centre", "--port", String(port));
  await tributary("init", "child", "--dir", clinic, "--id", "clinic");
  const { printed } = await tributary("enrol", "--dir", centre, "--new", "clinic");
  const code = printed.split(/\s/).at(-1) ?? "";
  const file = join(home, "patient.json");
  writeFileSync(file, '{"resourceType":"Patient","id":"p1","active":true}');
  await tributary("load", file, "--dir", clinic);
  {
    await using _ = startServing(centre, {}, () => {});
    await untilServing(port);
    const parent = `http://127.0.0.1:${port}`;
    const enrolled = await tributary("enrol", "--dir", clinic, "--parent", parent, "--code", code);
    expect(enrolled.code, enrolled.noted).toBe(0);
    const pushed = await tributary("push", "--dir", clinic);
    expect(pushed).toMatchObject({ code: 0, noted: expect.stringContaining("audit trail told to centre") });
  }

  const listed = await tributary("audit", "list", "--written-by", "clinic", "--json", "--dir", centre);
  const verified = await tributary("audit", "verify", "--dir", centre);
  const told = await tributary("timeline", "Patient/p1", "--dir", centre);
  const toldThere = await tributary("timeline", "Patient/p1", "--dir", clinic);
  const tampering = new DatabaseSync(join(centre, "node.db"));
  tampering.exec("update foreign_audit_entries set actor = 'somebody else' where position = 1");
  tampering.close();
  const altered = await tributary("audit", "verify", "--json", "--dir", centre);

  const operations = JSON.parse(listed.printed).entries.map(({ operation }: { operation: string }) => operation);
  expect(operations).toEqual(["push", "enrol", "local-write"]);
  expect(verified).toMatchObject({ code: 0, printed: expect.stringMatching(/clinic +1-3 .* intact$/m) });
  expect(told.printed).toMatch(/clinic {2}local-write at .*its version 1 \(applied\)/);
  expect(told.printed).toMatch(/Where the latest version is\n {3}clinic {2}has it since/);
  expect(toldThere.printed).toMatch(/Where the latest version is\n {3}centre {2}has it since/);
  expect(altered.code).toBe(1);
  expect(JSON.parse(altered.printed)).toMatchObject({
    isSound: false,
    others: [{ node: "clinic", verdict: { kind: "altered", position: 1 } }],
  });
});
