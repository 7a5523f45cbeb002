import { openDatabase } from "@tributary/database";
import { describeOnEachDatabase, makeTestDatabase } from "@tributary/database/testing";
import { type NodeId, systemClock } from "@tributary/kernel";
import { claimDatabase, migrateNode, openNode, parseConfig } from "@tributary/runtime";
import { openTestProvider, signInAtProvider, testClient } from "@tributary/runtime/testing";
import { expect, it } from "vitest";
import { createNodeServer } from "../node-server.ts";

const site = "http://node.test";

describeOnEachDatabase("the console's way over an OpenID provider", (_, dialect) => {
  async function openSite() {
    const ended = new AsyncDisposableStack();
    const provider = ended.use(await openTestProvider({ redirectUris: [`${site}/admin/v1/sign-in/openid/back`] }));
    provider.accounts.set("u-1", { name: "amina", groups: ["clinicians"], locale: "fr" });
    provider.accounts.set("u-2", { name: "visitor", groups: ["strangers"] });
    const place = ended.use(await makeTestDatabase(dialect));
    const text = `
node: { id: centre, role: parent }
database: "${place.address}"
http: { publicUrl: "${site}" }
openid:
  issuer: ${provider.issuer}
  clientId: ${testClient.id}
  name: Ministry
  roles: { reviewer: [clinicians] }
`;
    const environment = { TRIBUTARY_OPENID_CLIENT_SECRET: testClient.secret };
    const config = await parseConfig(text, { where: "test", folder: "/nowhere", environment });
    {
      await using database = await openDatabase({ address: place.address });
      await migrateNode(database);
      await claimDatabase(database, "centre" as NodeId, systemClock);
    }
    const node = ended.use(await openNode(config));
    const server = ended.use(createNodeServer(node));
    const ask = async (url: string, headers = {}, method: "GET" | "DELETE" | "PATCH" = "GET", payload?: string) => {
      const answer = await server.inject({ method, url, headers, ...(payload === undefined ? {} : { payload }) });
      const cookie = String(answer.headers["set-cookie"] ?? "").split(";")[0] ?? "";
      return { answer, cookie, location: String(answer.headers["location"] ?? "") };
    };
    const come = async (account: string, next = "") => {
      const begun = await ask(`/admin/v1/sign-in/openid${next}`);
      const back = await signInAtProvider(new URL(begun.location), account);
      return { back, begun, came: await ask(back.pathname + back.search, { cookie: begun.cookie }) };
    };
    return { ask, come, node, [Symbol.asyncDispose]: () => ended.disposeAsync() };
  }

  it("leads from the button to the provider and back into the console, in the user's language, and out of both again", async () => {
    await using place = await openSite();
    const { ask, come } = place;
    const ways = (await ask("/admin/v1/sign-in")).answer.json();

    const { came } = await come("u-1", "?next=/console/conflicts");
    const headers = { cookie: came.cookie };
    const session = (await ask("/admin/v1/session", headers)).answer.json() as Record<string, string>;
    const changing = { ...headers, "x-tributary-csrf": session["csrf"] ?? "", "content-type": "application/json" };
    const changed = (await ask("/admin/v1/session", changing, "PATCH", '{"language":"en"}')).answer.json();
    const left = (await ask("/admin/v1/session", changing, "DELETE")).answer.json() as Record<string, string>;

    expect(ways).toEqual({ password: false, openid: { name: "Ministry", href: "/admin/v1/sign-in/openid" } });
    expect([came.answer.statusCode, came.location]).toEqual([302, "/console/conflicts"]);
    expect(session).toMatchObject({ user: "amina", role: "reviewer", language: "fr", signsInBy: "openid" });
    expect(changed).toMatchObject({ user: "amina", language: "en" });
    expect(left).toMatchObject({ ended: true, goTo: expect.stringContaining("/session/end?") });
    expect((await ask("/admin/v1/session", headers)).answer.statusCode).toBe(401);
  });

  it("leads whoever has no role, or comes back to what another browser began, to the door with a word", async () => {
    await using place = await openSite();
    const { ask, come } = place;

    const { came, back } = await come("u-2");
    const other = await ask(back.pathname + back.search);

    expect([came.location, came.cookie]).toEqual(["/console/sign-in?refused=no-role", "tributary-sign-in="]);
    expect(other.location).toBe("/console/sign-in?refused=refused");
  });

  it("tells the secret to nobody: not in the configuration that is shown", async () => {
    await using place = await openSite();
    const { come, ask } = place;
    const { came } = await come("u-1");

    const shown = await ask("/admin/v1/configuration", { cookie: came.cookie });

    expect(shown.answer.statusCode).toBe(200);
    expect(shown.answer.body).toContain("openid.clientSecret");
    expect(shown.answer.body).not.toContain(testClient.secret);
  });
});
