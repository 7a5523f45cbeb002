import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { makeTestDatabase } from "@tributary/database/testing";
import { afterEach, beforeEach, expect, it } from "vitest";
import { runToEnd as tributary } from "../../testing/run-to-end.ts";
import { untilServing } from "../../testing/until-serving.ts";
import { freePorts } from "../demo/free-port.ts";
import { startServing } from "../demo/program-process.ts";

let home: string;
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), "tributary-catchment-"));
});
afterEach(() => rmSync(home, { recursive: true, force: true }));

async function save(folder: string, id: string, city: string): Promise<void> {
  const file = join(home, `${id}.json`);
  writeFileSync(file, JSON.stringify({ resourceType: "Patient", id, address: [{ city, country: "Kenya" }] }));
  expect(await tributary("load", "--dir", folder, file)).toMatchObject({ code: 0 });
}

const rule = (city: string) => JSON.stringify({ location: { address: `Kenya%*%*%${city}` } });

it.each(["sqlite", "postgres"] as const)(
  "gives a clinic its catchment, tries another rule out, moves patients by it, fetches a guest, and loses its access (%s)",
  async (dialect) => {
    await using place = await makeTestDatabase(dialect);
    const [port = 0] = await freePorts(1);
    const [above, below] = [join(home, "above"), join(home, "below")];
    await tributary("init", "parent", "--dir", above, "--port", String(port), "--database", place.address);
    await tributary("init", "child", "--dir", below, "--id", "clinic-1");
    await using _ = startServing(above, {}, () => {});
    await untilServing(port);
    await save(above, "p1", "Kisumu");
    await save(above, "p2", "Nairobi");
    await save(above, "p3", "Nairobi");

    const refused = await tributary("catchment", "set", "lake", "--rule", '{"lake":1}', "--dir", above);
    const set = await tributary("catchment", "set", "lake", "--rule", rule("Kisumu"), "--dir", above);
    const { printed: code } = await tributary("enrol", "--dir", above, "--new", "clinic-1", "--catchment", "lake");
    await tributary("enrol", "--dir", below, "--parent", `http://127.0.0.1:${port}`, "--code", code);
    const held = async () => {
      await tributary("pull", "--dir", below);
      return (await tributary("status", "--dir", below)).printed.match(/: (\d+) records?,/)?.[1];
    };

    expect(refused).toMatchObject({ code: 2, noted: expect.stringContaining("[CATCHMENT_REFUSED]") });
    expect(set).toMatchObject({ code: 0 });
    await expect.poll(held, { timeout: 60_000 }).toBe("1");
    const listed = await tributary("catchment", "--dir", above);
    const members = await tributary("catchment", "members", "lake", "--json", "--dir", above);
    const preview = await tributary("catchment", "preview", "lake", "--rule", rule("Nairobi"), "--dir", above);
    expect(listed.printed).toMatch(/^lake +1 +1 +0 +all +clinic-1$/m);
    expect(JSON.parse(members.printed)).toMatchObject({
      items: [{ patient: "p1", state: "member", reason: "rule 1" }],
    });
    expect(preview.printed).toMatch(/^clinic-1 +2 +2 +1 +0$/m);
    expect(preview.printed).toMatch(/^enter: p2, p3$/m);

    const guest = await tributary("guest", "fetch", "Patient/p2", "--purpose", "referral", "--dir", below);
    expect(guest).toMatchObject({ code: 0, printed: expect.stringMatching(/^Patient\/p2 is here until/) });
    expect(await held()).toBe("2");
    expect((await tributary("guest", "--dir", below)).printed).toMatch(/^p2 +referral/m);

    const told = await tributary("history", "Patient/p1", "--dir", below);
    const toldJson = await tributary("history", "Patient/p1", "--json", "--dir", below);
    const hidden = await tributary("history", "Patient/p3", "--dir", below);
    const verified = await tributary("verify", "--dir", below);
    const verifiedJson = await tributary("verify", "--json", "--dir", below);
    expect(told).toMatchObject({ code: 0, printed: expect.stringMatching(/^\S+Z +Patient\/p1 +1 +written /m) });
    expect(JSON.parse(toldJson.printed)).toMatchObject({
      versions: [{ id: "p1", version: 1, body: expect.any(String) }],
    });
    expect(hidden).toMatchObject({ code: 1, printed: "" });
    expect(verified).toEqual({
      code: 0,
      signal: null,
      noted: "",
      printed: expect.stringMatching(/^Identical with \S+: 1 records, .* 1 of patients outside the catchment/),
    });
    expect(JSON.parse(verifiedJson.printed)).toMatchObject({ outcome: "identical", records: 1, outside: 1 });

    await tributary("catchment", "set", "lake", "--rule", rule("Nairobi"), "--reason", "Moved.", "--dir", above);
    await expect.poll(held, { timeout: 60_000 }).toBe("2");
    expect((await tributary("catchment", "show", "lake", "--dir", above)).printed).toMatch(/^2 +\S+ +\S.* +Moved\.$/m);
    expect(await tributary("catchment", "assign", "clinic-1", "everything", "--dir", above)).toMatchObject({ code: 0 });
    await expect.poll(held, { timeout: 60_000 }).toBe("3");

    const revoked = await tributary("enrol", "--revoke", "clinic-1", "--dir", above);
    const again = await tributary("enrol", "--revoke", "clinic-1", "--dir", above);
    const shut = await tributary("pull", "--dir", below);
    const trail = await tributary("audit", "list", "--operation", "enrol", "--json", "--dir", above);
    expect(revoked).toMatchObject({ code: 0, printed: expect.stringContaining("clinic-1 has no access any more") });
    expect(again.code).toBe(2);
    expect(shut).toMatchObject({ code: 1, noted: expect.stringContaining("has been revoked") });
    expect(trail.printed).toContain('"outcome":"revoked"');
  },
);
