import { describeOnEachDatabase } from "@tributary/database/testing";
import { aPatient } from "@tributary/fhir/testing";
import { expect, it } from "vitest";
import { openPair, synchronizerOf } from "../../testing/index.ts";
import { listOpenConflicts } from "../conflict/conflicts.ts";
import type { Exchange } from "../line/exchange.ts";

const live = new AbortController().signal;
const born = (birthDate: string) => aPatient("p", { birthDate });

/** A line on which something happens at its lower end while the answer to the first push is on its way. */
function duringPush(line: Exchange, happen: () => Promise<unknown>): Exchange {
  let hasHappened = false;
  return async (request, signal) => {
    const answer = await line(request, signal);
    if (request.url.pathname.endsWith("push") && !hasHappened) {
      hasHappened = true;
      await happen();
    }
    return answer;
  };
}

describeOnEachDatabase("an edit that was made on a deletion", (open) => {
  it.each([
    ["revives the record", born("1983-01-01")],
    ["deletes it again", undefined],
  ])(
    "[S203] takes away nothing that others wrote meanwhile, when it %s while an earlier one is on its way",
    async (_, last) => {
      await using pair = await openPair(open, { child: "clinic" });
      const { parent, child } = pair;
      const line = duringPush(parent.answer, async () => {
        await child.save(born("1984-01-01"));
        await (last ? child.save(last) : child.remove("Patient", "p"));
      });
      await using synchronizer = synchronizerOf(child, line);
      await parent.save(born("1980-01-01"));
      await synchronizer.pullOnce(live);
      await parent.remove("Patient", "p");
      await synchronizer.pullOnce(live);
      await child.save(born("1981-01-01"));
      await child.remove("Patient", "p");
      await parent.save(born("1982-01-01"));

      await synchronizer.pushOnce(live);
      await synchronizer.pullOnce(live);
      await synchronizer.pushOnce(live);

      const held = JSON.stringify([await parent.bodies(), await listOpenConflicts(parent.database, 9)]);
      expect(held).toContain("1982-01-01");
      if (last) expect(held).toContain("1983-01-01");
      expect(await child.bodies()).toEqual(await parent.bodies());
    },
  );

  it("[S225] is contested where somebody else has deleted the record too, and was met before it was sent", async () => {
    await using pair = await openPair(open, { child: "clinic" });
    const { parent, child } = pair;
    await using synchronizer = synchronizerOf(
      child,
      duringPush(parent.answer, () => child.save(born("1982-01-01"))),
    );
    await parent.save(born("1980-01-01"));
    await synchronizer.pullOnce(live);
    await child.remove("Patient", "p");
    await parent.save(born("1981-01-01"));
    await parent.remove("Patient", "p");

    await synchronizer.pushOnce(live);
    await synchronizer.pushOnce(live);
    await synchronizer.pullOnce(live);

    expect(await listOpenConflicts(parent.database, 9)).toMatchObject([
      { element: { path: "Patient", base: { birthDate: "1980-01-01" }, theirs: { birthDate: "1982-01-01" } } },
    ]);
    expect(JSON.stringify(await parent.bodies())).toContain("1982-01-01");
    expect(await child.bodies()).toEqual(await parent.bodies());
  });

  it("[S225] is contested where the record was revived and deleted again meanwhile", async () => {
    await using pair = await openPair(open, { child: "clinic" });
    const { parent, child } = pair;
    await using synchronizer = synchronizerOf(child, parent.answer);
    await parent.save(born("1980-01-01"));
    await synchronizer.pullOnce(live);
    await parent.remove("Patient", "p");
    await synchronizer.pullOnce(live);
    await child.save(born("1982-01-01"));
    await parent.save(born("1981-01-01"));
    await parent.remove("Patient", "p");

    await synchronizer.pushOnce(live);
    await synchronizer.pullOnce(live);

    expect(await listOpenConflicts(parent.database, 9)).toMatchObject([
      { element: { path: "Patient", shown: "theirs", theirs: { birthDate: "1982-01-01" } } },
    ]);
    expect(JSON.stringify(await parent.bodies())).toContain("1982-01-01");
    expect(await child.bodies()).toEqual(await parent.bodies());
  });

  it("[S225] answers a deletion from its own site, and is taken as it is", async () => {
    await using pair = await openPair(open, { child: "clinic" });
    const { parent, child } = pair;
    await using synchronizer = synchronizerOf(
      child,
      duringPush(parent.answer, () => child.save(born("1982-01-01"))),
    );
    await parent.save(born("1980-01-01"));
    await synchronizer.pullOnce(live);
    await child.remove("Patient", "p");

    await synchronizer.pushOnce(live);
    await synchronizer.pushOnce(live);

    expect(await listOpenConflicts(parent.database, 9)).toEqual([]);
    expect(JSON.stringify(await parent.bodies())).toContain("1982-01-01");
  });
});
