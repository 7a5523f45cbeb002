import { mkdtempSync, rmSync } from "node:fs";
import { readFile, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describeOnEachDatabase } from "@tributary/database/testing";
import { aPatient } from "@tributary/fhir/testing";
import { systemRandom } from "@tributary/kernel";
import { afterEach, beforeEach, expect, it } from "vitest";
import { openNodeForTests, synchronizerOf } from "../../testing/index.ts";
import { keysWithChild, keysWithParent } from "../enrolment/carry-keys.ts";
import { issueEnrolmentCode } from "../enrolment/enrolment-code.ts";
import {
  answerEnrolment,
  type ByHandOptions,
  readEnrolmentFile,
  requestEnrolment,
  takeEnrolment,
  writeEnrolmentFile,
} from "./enrol-by-hand.ts";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "tributary-enrol-"));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

async function accept(there: ByHandOptions, file: string) {
  return answerEnrolment(there, await readEnrolmentFile(file), "http://parent.test");
}

describeOnEachDatabase("an enrolment by hand", (open) => {
  it("[S169] makes a child of a node that has no line, by two small files that prove each other by the code", async () => {
    await using parentDatabase = await open();
    await using childDatabase = await open();
    const parent = await openNodeForTests(parentDatabase, "centre");
    const child = await openNodeForTests(childDatabase, "clinic");
    const [request, altered, answer] = [join(folder, "request"), join(folder, "altered"), join(folder, "answer")];
    const { database, clock, random } = parent;
    const { code } = await issueEnrolmentCode(database, { node: child.id, clock, random });
    const here = { ...child, nodeId: child.id };
    const there = { ...parent, nodeId: parent.id };

    await requestEnrolment(here, code, request);
    const said = await readFile(request, "utf8");
    await writeFile(
      altered,
      said.replace(/"x\\":\\"./, (start) => `${start.slice(0, -1)}_`),
    );
    await expect(accept(there, altered)).rejects.toMatchObject({ code: "ENROLMENT_REFUSED" });
    const accepted = await accept(there, request);
    await writeEnrolmentFile(answer, accepted.answer);
    await accept(there, request);
    const told = await readFile(answer, "utf8");
    await writeFile(altered, told.replace("parent.test", "others.test"));
    await expect(takeEnrolment(here, code, altered)).rejects.toMatchObject({ code: "CARRIED_FILE_REFUSED" });
    await expect(takeEnrolment(here, "0000-0000-0000-0000", answer)).rejects.toThrow(/not written by whoever issued/);
    await expect(takeEnrolment({ ...here, nodeId: parent.id }, code, answer)).rejects.toThrow(/it is for clinic/);
    const name = await takeEnrolment(here, code, answer);

    expect(accepted).toMatchObject({ child: "clinic" });
    expect(name).toBe("centre");
    for (const text of [said, told]) expect(text).not.toContain(code);
    const [atParent, atChild] = [await keysWithChild(database, "clinic"), await keysWithParent(child.database)];
    expect(atParent.seal["x"]).toBe(atChild.open["x"]);
    expect(atChild.verify["x"]).toBe(atParent.sign["x"]);
    await parent.save(aPatient("a"));
    await using synchronizer = synchronizerOf(child, parent.answer);
    expect(await synchronizer.pullOnce(new AbortController().signal)).toMatchObject({ status: "complete", applied: 1 });
  });

  it("[S169] takes each code once, for the node that it was issued for", async () => {
    await using parentDatabase = await open();
    await using childDatabase = await open();
    const parent = await openNodeForTests(parentDatabase, "centre");
    const child = await openNodeForTests(childDatabase, "clinic");
    const file = join(folder, "request");
    const { database, clock } = parent;
    const { code } = await issueEnrolmentCode(database, { node: child.id, clock, random: systemRandom });
    const there = { ...parent, nodeId: parent.id };
    await requestEnrolment({ ...child, nodeId: child.id }, code, file);
    await accept(there, file);
    await requestEnrolment({ ...parent, nodeId: child.id }, code, file);

    await expect(accept(there, file)).rejects.toThrow(/The code has been used/);
    await requestEnrolment({ ...child, nodeId: parent.id }, code, file);
    await expect(accept(there, file)).rejects.toMatchObject({ code: "ENROLMENT_REFUSED" });
  });
});
