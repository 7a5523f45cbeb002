import type { EventFollowed } from "@tributary/admin-api";
import { sql } from "@tributary/database";
import { describeOnEachDatabase } from "@tributary/database/testing";
import { aPatient } from "@tributary/fhir/testing";
import { listAudit, type Node } from "@tributary/runtime";
import { expect, it } from "vitest";
import { openPair, save } from "../../../testing/open-pair.ts";
import { signInForTests } from "../../../testing/sign-in-for-tests.ts";

const signal = new AbortController().signal;
const feed = "http://127.0.0.1:8080/feed/patient/recent";
const prefix = "tag:atomfeed.ict4h.org:";
const readIds = sql("select uuid from event_records order by id");
const putMarker = sql("insert into markers (feed_uri, consumer, last_read_entry_id) values ($1, $2, $3)");
const putRead = sql("insert into read_entries (consumer, feed_uri, entry_id, read_at) values ($1, $2, $3, $4)");
const putFailed = sql(`
  insert into failed_events (consumer, feed_uri, event_id, state, error_message, failed_at, retries, title, event_content)
  values ($1, $2, $3, 'retrying', 'Rose Achieng has no ward', '2026-11-21 08:00:00.000', 2, 'Patient', '/fhir/Patient/p2')`);

/** Three patients at a node that has two consumers of its own feed: `lab` has read two, and failed on the second. */
async function withConsumers(node: Node): Promise<string[]> {
  await save(node, aPatient("p1"));
  await save(node, aPatient("p2"));
  await save(node, aPatient("p3"));
  const ids = (await node.database.all<{ uuid: string }>(readIds)).map(({ uuid }) => uuid);
  await node.database.transaction(async (tx) => {
    await tx.run(putMarker, [feed, "lab", prefix + ids[1]]);
    await tx.run(putRead, ["lab", feed, prefix + ids[0], 5_000]);
    await tx.run(putRead, ["lab", feed, prefix + ids[1], 6_000]);
    await tx.run(putFailed, ["lab", feed, prefix + ids[1]]);
    await tx.run(putMarker, [feed, "billing", null]);
    await tx.run(putMarker, ["http://elsewhere.test/feed/recent", "", `${prefix}x`]);
  });
  return ids;
}

describeOnEachDatabase("consumers of feeds over the admin API", (_, dialect) => {
  it("are told with how far they are behind and what failed there", async () => {
    await using pair = await openPair(dialect);
    await withConsumers(pair.parent);

    const { body } = await pair.askParent("GET", "/feeds/consumers?sort=failed&order=desc&q=8080");

    expect(body).toMatchObject({
      items: [
        {
          consumer: "lab",
          category: "patient",
          behind: 1,
          failed: 1,
          failedByState: { retrying: 1, waiting: 0, dead: 0 },
        },
        { consumer: "billing", category: "patient", behind: 3, failed: 0 },
      ],
      total: 2,
      next: null,
    });
  });

  it("have their markers moved with a reason, which the trail keeps, and never to what is not on the feed", async () => {
    await using pair = await openPair(dialect);
    const { parent, askParent } = pair;
    const ids = await withConsumers(parent);
    const move = (to: unknown, consumer = "lab") =>
      askParent("POST", "/feeds/consumers/marker", { consumer, feed, to, reason: "the lab was rebuilt" });

    const back = await move({ entry: ids[0] });
    const wrong = await move({ entry: "11111111-2222-3333-4444-555555555555" });
    const stranger = await move("beginning", "nobody");
    const now = await move("now");
    const reset = await move("beginning");

    expect(back.body).toMatchObject({ before: prefix + ids[1], after: prefix + ids[0] });
    expect([wrong.status, stranger.status]).toEqual([404, 400]);
    expect(now.body).toMatchObject({ before: prefix + ids[0], after: prefix + ids[2] });
    expect(reset.body).toMatchObject({ after: null });
    const { entries } = await listAudit(parent.database, { outcome: "marker-moved" }, { limit: 9 });
    expect(entries).toHaveLength(3);
    expect(entries[0]).toMatchObject({ actor: "console", link: "lab", error: "the lab was rebuilt" });
  });

  it("are followed for one event: who took it when, where it failed, and who has not come to it", async () => {
    await using pair = await openPair(dialect);
    const { parent, child, askParent, servers } = pair;
    const ids = await withConsumers(parent);
    await (await child.synchronizer())?.pullOnce(signal);
    await (await child.synchronizer())?.shareAuditOnce(signal);
    const follow = async (id: string | undefined, query = "") =>
      (await askParent("GET", `/events/${id}/consumers${query}`)).body as unknown as EventFollowed;

    const first = await follow(ids[0]);
    const second = await follow(encodeURIComponent(prefix + ids[1]));
    const failedOnly = await follow(ids[1], "?state=failed");
    const viewer = await signInForTests(parent, servers.parent, "viewer");
    const withheld = await viewer("GET /events/:id/consumers", { path: { id: ids[1] ?? "" } });

    expect(first.event).toMatchObject({
      reference: "Patient/p1",
      places: [
        { category: "all", position: 1, page: 1 },
        { category: "patient", position: 1, page: 1 },
      ],
    });
    const told = ({ items }: EventFollowed) => items.map(({ consumer, state, behind }) => [consumer, state, behind]);
    const sorted = async (query: string) => told(await follow(ids[0], `?${query}`)).map(([consumer]) => consumer);
    expect(await sorted("sort=consumer&order=desc")).toEqual(["lab", "clinic", "billing", ""]);
    expect(await sorted("sort=state&limit=3")).toEqual(["billing", "clinic", "lab"]);
    expect((await sorted("sort=behind")).at(0)).toBe("billing");
    expect(await sorted("order=desc&limit=1")).toEqual(["clinic"]);
    expect((await askParent("GET", `/events/${ids[0]}/consumers?sort=error`)).status).toBe(400);
    expect(told(first)).toEqual([
      ["", "unknown", null],
      ["billing", "not-yet", 1],
      ["lab", "taken", null],
      ["clinic", "taken", null],
    ]);
    expect(first.items[2]).toMatchObject({ at: 5_000 });
    expect(second.counts).toEqual({ unknown: 1, "not-yet": 1, failed: 1, taken: 1 });
    expect(failedOnly.items).toMatchObject([{ consumer: "lab", error: "Rose Achieng has no ward", retries: 2 }]);
    expect(withheld.items.find(({ consumer }) => consumer === "lab")).toMatchObject({ state: "failed", error: null });
    expect((await askParent("GET", "/events/none/consumers")).status).toBe(404);
  });

  it("have their failed events listed, tried again and given up, with the reason in the trail", async () => {
    await using pair = await openPair(dialect);
    const { parent, askParent } = pair;
    await withConsumers(parent);

    const found = await askParent("GET", "/feeds/failures?q=PATIENT/P2&state=retrying&order=desc");
    const [failure] = found.body["items"] as { failureId: string; eventId: string }[];
    const id = failure?.failureId;
    const retried = await askParent("POST", `/feeds/failures/${id}/retry`);
    const detail = await askParent("GET", `/feeds/failures/${id}`);
    const discarded = await askParent("POST", `/feeds/failures/${id}/discard`, { reason: "entered twice" });

    expect(failure).toMatchObject({ consumer: "lab", retries: 2, failedAt: Date.parse("2026-11-21T08:00:00Z") });
    expect([retried.status, detail.body["retries"], detail.body["log"]]).toEqual([200, 0, []]);
    expect([discarded.status, (await askParent("GET", `/feeds/failures/${id}`)).status]).toEqual([200, 404]);
    expect((await askParent("GET", "/feeds/failures?order=sideways")).status).toBe(400);
    expect((await askParent("GET", "/feeds/failures?q=nothing%25")).body).toMatchObject({ items: [] });
    const { entries } = await listAudit(parent.database, { operation: "manual" }, { limit: 9 });
    expect(entries.map(({ outcome, error }) => [outcome, error])).toEqual([
      ["feed-event-discarded", "entered twice"],
      ["feed-event-retry", null],
    ]);
  });
});
