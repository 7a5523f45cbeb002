import { describeOnEachDatabase } from "@tributary/database/testing";
import { aPatient } from "@tributary/fhir/testing";
import { expect, it } from "vitest";
import { openPair, save } from "../../../testing/open-pair.ts";

describeOnEachDatabase("tokens over the admin API", (_, dialect) => {
  it("a token may do what its role may, at the admin API and at the doors of records and feeds, until it is revoked", async () => {
    await using pair = await openPair(dialect);
    const { parent, askParent, servers } = pair;
    await save(parent, aPatient("m"));
    const made = await askParent("POST", "/tokens", { name: "board", role: "viewer", days: 30 });
    const headers = { authorization: `Bearer ${String(made.body["token"])}`, "content-type": "application/json" };
    const ask = async (url: string, method: "GET" | "POST" | "DELETE" = "GET") =>
      (await servers.parent.inject({ method, url, headers })).statusCode;
    const asked = async () => [
      await ask("/admin/v1/network"),
      await ask("/feed/recent"),
      await ask("/fhir/Patient/m"),
      await ask("/admin/v1/tokens"),
      await ask("/admin/v1/tokens/console", "DELETE"),
    ];

    const while_living = await asked();
    const gone = await servers.parent.inject({
      method: "DELETE",
      url: "/admin/v1/tokens/board",
      headers: { authorization: headers.authorization },
    });
    const listed = await askParent("GET", "/tokens?q=BOA&state=living&sort=lastUsedAt&order=desc");

    expect(made.body).toMatchObject({ name: "board", role: "viewer", expiresAt: expect.any(Number) });
    expect(while_living).toEqual([200, 200, 403, 403, 403]);
    expect(gone.statusCode).toBe(403);
    expect(listed.body).toMatchObject({ items: [{ name: "board", role: "viewer", state: "living" }], total: 1 });
    expect(JSON.stringify(listed.body)).not.toContain(String(made.body["token"]));
  });

  it("a revoked token lets nobody in, and its name stays taken", async () => {
    await using pair = await openPair(dialect);
    const { askParent, servers } = pair;
    const made = await askParent("POST", "/tokens", { name: "board", role: "operator" });
    const admin = await askParent("POST", "/tokens", { name: "admin", role: "administrator" });
    const revoked = await servers.parent.inject({
      method: "DELETE",
      url: "/admin/v1/tokens/board",
      headers: { authorization: `Bearer ${String(admin.body["token"])}` },
    });
    const after = await servers.parent.inject({
      method: "GET",
      url: "/admin/v1/network",
      headers: { authorization: `Bearer ${String(made.body["token"])}` },
    });

    expect([revoked.statusCode, revoked.json(), after.statusCode]).toEqual([
      200,
      { revoked: "board", before: false },
      401,
    ]);
    expect((await askParent("POST", "/tokens", { name: "board", role: "viewer" })).status).toBe(400);
    expect((await askParent("GET", "/tokens?state=revoked")).body).toMatchObject({ items: [{ name: "board" }] });
  });
});
