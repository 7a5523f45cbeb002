import { sql } from "@tributary/database";
import { describeOnEachDatabase } from "@tributary/database/testing";
import { aPatient } from "@tributary/fhir/testing";
import type { LogFields, Logger } from "@tributary/kernel";
import type { Exchange } from "@tributary/sync";
import { moveAll, openThreeNodes, saying, synchronizerOf } from "@tributary/sync/testing";
import { describe, expect, it } from "vitest";
import { round } from "./rounds.ts";
import { sync2Pair } from "./sync2-model.ts";

const live = new AbortController().signal;
/** Stands in names, dates and free text; wherever it turns up, something of a person has. */
const canary = "Canary-7Q";

const readAudit = sql("select * from audit_entries");

/** Keeps every line, its fields and what stands in errors included. */
function keepingLogger(): Logger & { readonly lines: string[] } {
  const lines: string[] = [];
  const keep = (fields: LogFields, sentence: string) => {
    const told = Object.values(fields).map((value) =>
      value instanceof Error ? `${value.stack} ${value.cause}` : value,
    );
    lines.push(`${sentence} ${told.join(" ")}`);
  };
  return { lines, debug: keep, info: keep, warn: keep, error: keep };
}

describe("Sync 2.0 fails open", () => {
  it("where a category has no filter: everything is let in", () => {
    const { parent, child } = sync2Pair();
    child.filters.set("patient", () => false);
    parent.save("patient", "p", "held back");
    parent.save("encounter", "e", "about the same person");

    child.pull();

    expect(child.server.read("patient", "p")).toBeUndefined();
    expect(child.server.read("encounter", "e")).toBeDefined();
  });
});

describeOnEachDatabase("what is not for everybody", (open) => {
  it("[SYNC2-13] is in no audit entry and no log line, whatever went wrong with the record", async () => {
    await using nodes = await openThreeNodes(open);
    const { parent, north } = nodes;
    const logger = keepingLogger();
    const named = (text: string) => aPatient("p", { name: [{ family: `${canary} ${text}` }] });
    await parent.save(named("base"));
    await round(north, parent);
    await parent.save(named("parent"));
    await north.save(named("child"));
    await north.save({ resourceType: "Encounter", id: "e", status: canary });
    await north.save({ resourceType: "Basic", id: "b", code: { text: canary } });
    const apply = north.store.apply.bind(north.store);
    north.store.apply = async (tx, incoming) => {
      if (incoming.some(({ key }) => key.id === "poison")) throw new TypeError(`cannot index ${canary}`);
      return apply(tx, incoming);
    };
    await parent.save(aPatient("poison", { name: [{ family: canary }] }));

    await using synchronizer = synchronizerOf(north, parent.answer, { logger });
    const pushed = await synchronizer.pushOnce(live);
    await moveAll(parent.database);
    const pulled = await synchronizer.pullOnce(live);

    expect(pushed).toMatchObject({ merged: 1, conflicts: 1 });
    expect(pushed.rejected).toBeGreaterThan(0);
    expect(pulled.waiting).toBeGreaterThan(0);
    for (const { database } of [parent, north]) {
      const entries = await database.all<Record<string, unknown>>(readAudit);
      expect(entries.length).toBeGreaterThanOrEqual(4);
      expect(JSON.stringify(entries)).not.toContain(canary);
    }
    expect(logger.lines.length).toBeGreaterThan(0);
    expect(logger.lines.join("\n")).not.toContain(canary);
  });

  it("[SYNC2-15] is refused where nothing says that it may be read", async () => {
    await using nodes = await openThreeNodes(open);
    const { parent, north } = nodes;
    await parent.save(aPatient("p", { name: [{ family: canary }] }));
    const answers: string[] = [];
    const asking =
      (path: (asked: string) => string, body: (sent: string | undefined) => string | undefined): Exchange =>
      async (request, signal) => {
        const changed = body(request.body);
        const altered = changed === undefined ? request : saying(request, changed);
        const answer = await parent.answer({ ...altered, url: new URL(path(request.url.href)) }, signal);
        answers.push(`${answer.status} ${Buffer.from(answer.body).toString()}`);
        return answer;
      };
    const otherStream = asking(
      (path) => path.replace("/streams/everything/", "/streams/of-another-node/"),
      (sent) => sent,
    );
    const otherStreamOfBodies = asking(
      (path) => path,
      (sent) => sent?.replace('"stream":"everything"', '"stream":"of-another-node"'),
    );
    const nameless: Exchange = (request, signal) =>
      asking(
        (path) => path,
        (sent) => sent,
      )({ ...request, headers: { ...request.headers, authorization: "" } }, signal);

    for (const line of [otherStream, otherStreamOfBodies, nameless]) {
      await using synchronizer = synchronizerOf(north, line);
      const pulled = await synchronizer.pullOnce(live);
      expect(pulled.status).toBe("refused");
    }

    expect(await north.bodies()).toEqual({});
    expect(answers.filter((answer) => /^40[13] /.test(answer))).toHaveLength(3);
    expect(answers.join("\n")).not.toContain(canary);
  });
});
