import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { afterEach, beforeEach, expect, it } from "vitest";
import { checkLoadAnswer } from "./check-load-answer.ts";
import { findRecordFiles } from "./find-record-files.ts";
import { type LoadUnit, readRecordFile } from "./read-record-file.ts";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "tributary-load-"));
});
afterEach(() => rmSync(folder, { recursive: true }));

function write(name: string, content: string | Uint8Array): string {
  const file = join(folder, name);
  writeFileSync(file, content);
  return file;
}

async function unitsOf(name: string, content: string | Uint8Array) {
  const units: LoadUnit[] = [];
  for await (const unit of readRecordFile(write(name, content))) units.push(unit);
  return units;
}

const bundle =
  '{"resourceType":"Bundle","type":"transaction","entry":[{"resource":{"resourceType":"Basic","n":1.00}}]}';

it("hands a transaction on as the text it was, compressed or not, whatever the file is called", async () => {
  expect(await unitsOf("a.json", bundle)).toMatchObject([{ text: bundle, entries: 1 }]);
  expect(await unitsOf('b.json".gz', gzipSync(bundle))).toMatchObject([{ text: bundle, entries: 1 }]);
});

it("wraps a single resource so that it keeps its id and its digits", async () => {
  const [unit] = await unitsOf("a.json", '{"resourceType":"Observation","id":"o1","valueQuantity":{"value":1.00}}');

  expect(unit?.text).toContain('"value":1.00');
  expect(JSON.parse(unit!.text).entry[0].request).toEqual({ method: "PUT", url: "Observation/o1" });
});

it("reads NDJSON in portions", async () => {
  const lines = Array.from({ length: 501 }, (_, n) => `{"resourceType":"Basic","id":"b${n}"}`).join("\n");

  expect((await unitsOf("a.ndjson", lines)).map(({ entries }) => entries)).toEqual([500, 1]);
});

it.each([
  ["cut.json", '{"resourceType":', "is no JSON"],
  ["other.json", "[1]", "has no resourceType"],
  ["collection.json", '{"resourceType":"Bundle","type":"collection"}', "neither a transaction nor a batch"],
  ["cut.json.gz", gzipSync(bundle).subarray(0, 30), "no whole gzip file"],
  ["latin1.json", Buffer.from('{"resourceType":"Basic","x":"\xe9"}', "latin1"), "is not UTF-8"],
  ["bad.ndjson", '{"resourceType":"Basic"}\n{', "line 2"],
])("names the file %s and what is wrong with it", async (name, content, reason) => {
  const reading = unitsOf(name, content);

  await expect(reading).rejects.toMatchObject({ code: "INPUT_UNREADABLE", message: expect.stringContaining(name) });
  await expect(reading).rejects.toThrow(reason);
});

it("finds the record files of a folder in order, and names a place that is not there", async () => {
  write("b.json.gz", "");
  write("a.json", "");
  write("README.md", "");

  expect(await findRecordFiles([folder])).toEqual([join(folder, "a.json"), join(folder, "b.json.gz")]);
  await expect(findRecordFiles([join(folder, "nowhere")])).rejects.toThrow(/nowhere cannot be read \(ENOENT\)/);
});

it("tells why a Bundle, or an entry of a batch, was refused", () => {
  const outcome = {
    resourceType: "OperationOutcome",
    issue: [{ diagnostics: "wrong", expression: ["Patient.gender"] }],
  };
  const part = { entry: [{ response: { status: "201 Created" } }, { response: { status: "422", outcome } }] };

  expect(() => checkLoadAnswer("a.json", 422, JSON.stringify(outcome))).toThrow(
    "a.json was refused (HTTP 422): Patient.gender: wrong.",
  );
  expect(() => checkLoadAnswer("a.json", 200, JSON.stringify(part))).toThrow("1 of 2 entries were refused");
});

it("tells what has been written", () => {
  const answer = {
    entry: [
      { response: { status: "201", location: "Patient/1/_history/1" } },
      { response: { status: "200", location: "http://a.example/fhir/Basic/x.y-z" } },
    ],
  };

  expect(checkLoadAnswer("a", 200, JSON.stringify(answer)).written).toEqual(["Patient/1", "Basic/x.y-z"]);
});
