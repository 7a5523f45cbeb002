import type { Database } from "@tributary/database";
import { describeOnEachDatabase } from "@tributary/database/testing";
import { aPatient } from "@tributary/fhir/testing";
import { expect, it } from "vitest";
import { enrol, falsifying, openNodeForTests, synchronizerOf } from "../../testing/index.ts";
import type { Exchange } from "./exchange.ts";

const live = new AbortController().signal;

async function openPair(open: () => Promise<Database>) {
  const [above, below] = await Promise.all([open(), open()]);
  const [parent, child] = [await openNodeForTests(above, "centre"), await openNodeForTests(below, "north")];
  await enrol(child, parent);
  return { parent, child };
}

/** Both ends have changed another element of one patient, so that the answer to a push carries a merged body. */
async function changedAtBothEnds(open: () => Promise<Database>) {
  const pair = await openPair(open);
  const { parent, child } = pair;
  await parent.save(aPatient("p", { gender: "female" }));
  await using synchronizer = synchronizerOf(child, parent.answer);
  await synchronizer.pullOnce(live);
  await parent.save(aPatient("p", { gender: "female", birthDate: "1984-02-29" }));
  await child.save(aPatient("p", { gender: "female", active: true }));
  return pair;
}

describeOnEachDatabase("what travels", (open) => {
  it("[S44] is refused as a whole when a single bit of an answer has changed, and comes again unharmed", async () => {
    const { parent, child } = await changedAtBothEnds(open);
    const flipping = falsifying(parent.answer, (body, { url }) =>
      url.pathname.endsWith("/push") ? { body: Buffer.from(body.toString().replace("1984-02", "1984-06")) } : undefined,
    );
    await using damaged = synchronizerOf(child, flipping);
    await using good = synchronizerOf(child, parent.answer);

    const first = await damaged.pushOnce(live);
    const bodiesBetween = await child.bodies();
    const second = await good.pushOnce(live);

    expect([first.status, first.error?.code]).toEqual(["interrupted", "REMOTE_NONSENSE"]);
    expect(bodiesBetween["Patient/p"]).not.toContain("birthDate");
    expect(second).toMatchObject({ status: "complete", merged: 1 });
    expect(await child.bodies()).toEqual(await parent.bodies());
  });

  it("[S44] leaves nothing behind at the parent when a single bit of a request has changed, and is sent again", async () => {
    const { parent, child } = await openPair(open);
    await child.save(aPatient("p", { gender: "female" }));
    const flipping: Exchange = (request, signal) =>
      parent.answer(request.body ? { ...request, body: request.body.replace("female", "femble") } : request, signal);
    await using damaged = synchronizerOf(child, flipping);
    await using good = synchronizerOf(child, parent.answer);

    const first = await damaged.pushOnce(live);
    const bodiesBetween = await parent.bodies();
    const second = await good.pushOnce(live);

    expect([first.status, first.error?.code]).toEqual(["interrupted", "REMOTE_NONSENSE"]);
    expect(bodiesBetween).toEqual({});
    expect(second.status).toBe("complete");
    expect(await parent.bodies()).toEqual(await child.bodies());
  });
});
