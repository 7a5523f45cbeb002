import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { openDatabase, sql } from "@tributary/database";
import { expect, it } from "vitest";
import { runToEnd } from "../../testing/run-to-end.ts";

const address = "http://127.0.0.1:8080/feed/recent";

it("shows who reads the feeds, and moves a marker with a reason, but never to what is not there", async () => {
  const dir = await mkdtemp(join(tmpdir(), "feed-"));
  try {
    await runToEnd("init", "parent", "--dir", dir, "--id", "centre");
    const nobody = await runToEnd("feed", "consumers", "--dir", dir);
    {
      await using database = await openDatabase({ address: join(dir, "node.db") });
      await database.transaction((tx) =>
        tx.run(sql("insert into markers (feed_uri, consumer, last_read_entry_id) values ($1, 'lab', 'x')"), [address]),
      );
    }
    const move = (to: string, ...more: string[]) =>
      runToEnd("feed", "move-marker", address, "--consumer", "lab", "--to", to, "--dir", dir, ...more);

    const silent = await move("beginning");
    const wrong = await move("11111111-2222-3333-4444-555555555555", "--reason", "a mistake");
    const moved = await move("beginning", "--reason", "the lab was rebuilt", "--as", "amina");
    const listed = await runToEnd("feed", "consumers", "--dir", dir);
    const trail = await runToEnd("audit", "list", "--operation", "manual", "--dir", dir);
    const followed = await runToEnd("feed", "follow", "none", "--dir", dir);

    expect(nobody.printed).toContain("No consumer keeps its marker here.");
    expect([silent.code, wrong.code, moved.code, followed.code]).toEqual([2, 1, 0, 2]);
    expect(moved.printed).toContain("The marker of lab stood at x; it stands at the beginning.");
    expect(listed.printed).toMatch(/lab\s+http:\S+\s+0\s+0\s+beginning/);
    expect(trail.printed).toMatch(/amina.*marker-moved/);
  } finally {
    await rm(dir, { recursive: true });
  }
});
