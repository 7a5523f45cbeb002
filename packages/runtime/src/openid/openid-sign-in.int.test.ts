import { auditMigrations, readLatestAudit } from "@tributary/audit";
import { migrate, sql } from "@tributary/database";
import { describeOnEachDatabase } from "@tributary/database/testing";
import { systemClock as clock, systemRandom as random, silentLogger } from "@tributary/kernel";
import { expect, it } from "vitest";
import { openTestProvider, signInAtProvider, testClient } from "../../testing/index.ts";
import { runtimeMigrations } from "../node/runtime-migrations.ts";
import { checkSession } from "../users/sessions.ts";
import { changeUser, createUser, readUser } from "../users/users.ts";
import { OpenIdSignIn } from "./openid-sign-in.ts";

const back = "http://node.test/admin/v1/sign-in/openid/back";
const roles = { viewer: ["everybody"], operator: [], reviewer: ["clinicians"], administrator: ["admins"] };

describeOnEachDatabase("signing in over an OpenID provider", (open) => {
  async function openSite({ isTerse = false, secret = testClient.secret as string } = {}) {
    const ended = new AsyncDisposableStack();
    const database = await open();
    ended.defer(() => database.close());
    await migrate(database, [...auditMigrations, ...runtimeMigrations]);
    const provider = ended.use(await openTestProvider({ redirectUris: [back], isTerse }));
    const { issuer, accounts } = provider;
    accounts.set("u-1", { name: "Amina", groups: ["everybody", "clinicians"], locale: "fr-FR" });
    accounts.set("u-2", { name: "visitor", groups: ["strangers"] });
    const settings = {
      issuer,
      clientId: testClient.id,
      clientSecret: secret,
      name: "Site",
      scopes: ["openid", "profile"],
      userClaim: "preferred_username",
      roleClaim: "groups",
      roles,
    };
    const signIn = new OpenIdSignIn({ settings, database, nodeId: "centre", clock, random, logger: silentLogger });
    const come = async (account: string, change: (answer: URL) => void = () => {}) => {
      const begun = await signIn.begin(back);
      if (!begun) throw new Error("the provider is away");
      const answer = await signInAtProvider(begun.url, account);
      change(answer);
      return signIn.finish(answer, begun.pending);
    };
    return { database, accounts, signIn, come, provider, [Symbol.asyncDispose]: () => ended.disposeAsync() };
  }

  it("makes whom the provider vouches for a user of the role that their groups give, and begins a session", async () => {
    await using site = await openSite();
    const { database, come } = site;

    const outcome = await come("u-1");
    const token = outcome.kind === "signed-in" ? outcome.token : "";
    const session = await checkSession(database, token, clock);

    expect(session).toMatchObject({ name: "amina", role: "reviewer", language: "fr", signsInBy: "openid" });
    const trail = (await readLatestAudit(database, 9)).map(({ actor, outcome }) => `${actor}: ${outcome}`);
    expect(trail).toEqual(["amina: signed-in-openid", "amina: user-created-reviewer"]);
    const actor = { nodeId: "centre", author: "root", now: clock.now(), random };
    await expect(changeUser(database, "amina", { role: "administrator" }, actor)).rejects.toMatchObject({
      code: "CONFIG_INVALID",
    });
  });

  it("lets nobody in whose groups give no role, and enters that in the trail", async () => {
    await using site = await openSite();
    const { database, come } = site;

    expect(await come("u-2")).toEqual({ kind: "no-role" });
    expect(await readUser(database, "visitor")).toBeUndefined();
    expect((await readLatestAudit(database, 1))[0]).toMatchObject({ outcome: "sign-in-refused-no-role" });
  });

  it("gives the role that the groups give today, ends the sessions of the role before, and knows people by their subject", async () => {
    await using site = await openSite({ isTerse: true });
    const { database, accounts, come } = site;
    const first = await come("u-1");
    accounts.set("u-1", { name: "amina.renamed", groups: ["everybody"] });

    const second = await come("u-1");

    const sessionOf = async (outcome: typeof first) =>
      outcome.kind === "signed-in" ? checkSession(database, outcome.token, clock) : undefined;
    expect(await sessionOf(first)).toBeUndefined();
    expect(await sessionOf(second)).toMatchObject({ name: "amina", role: "viewer" });
  });

  it("gives nobody the name of a user with a password, nor of another one at the provider", async () => {
    await using site = await openSite();
    const { database, accounts, come } = site;
    const actor = { nodeId: "centre", author: "root", now: clock.now(), random };
    await createUser(database, { name: "amina", role: "viewer", password: "a long sentence" }, actor);
    accounts.set("u-3", { name: "joseph", groups: ["everybody"] });
    accounts.set("u-4", { name: "Joseph", groups: ["admins"] });
    accounts.set("u-5", { name: "no name!", groups: ["admins"] });

    const outcomes = [await come("u-1"), await come("u-3"), await come("u-4"), await come("u-5")];

    expect(outcomes.map(({ kind }) => kind)).toEqual(["name-taken", "signed-in", "name-taken", "no-name"]);
    expect(await readUser(database, "amina")).toMatchObject({ role: "viewer", signsInBy: "password" });
    expect(await readUser(database, "joseph")).toMatchObject({ role: "viewer", signsInBy: "openid" });
  });

  it("refuses an answer to another question: another state, another browser's, or one that was used before", async () => {
    await using site = await openSite();
    const { database, signIn, come } = site;

    const forged = await come("u-1", (answer) => answer.searchParams.set("state", "another"));
    const [one, other] = [await signIn.begin(back), await signIn.begin(back)];
    if (!one || !other) throw new Error("the provider is away");
    const answer = await signInAtProvider(one.url, "u-1");
    const crossed = await signIn.finish(answer, { ...one.pending, verifier: other.pending.verifier });
    const anew = await signIn.begin(back);
    if (!anew) throw new Error("the provider is away");
    const good = await signInAtProvider(anew.url, "u-1");
    const wrongNonce = await signIn.finish(good, { ...anew.pending, nonce: other.pending.nonce });
    const denied = new URL(`${back}?error=access_denied&state=${one.pending.state}`);

    expect([forged, crossed, wrongNonce]).toEqual([{ kind: "refused" }, { kind: "refused" }, { kind: "refused" }]);
    expect(await signIn.finish(denied, one.pending)).toEqual({ kind: "refused" });
    expect(await signIn.finish(good, anew.pending)).toEqual({ kind: "refused" });
    expect(await database.all(sql("select name from users"))).toEqual([]);
  });

  it("refuses everybody with a secret that is not the node's own, and says so when the provider is away", async () => {
    await using site = await openSite({ secret: "another" });

    expect(await site.come("u-1")).toEqual({ kind: "refused" });
    expect((await site.signIn.endSessionUrl("http://node.test/console/"))?.href).toContain("/session/end?");

    await using later = await openSite();
    await later.provider[Symbol.asyncDispose]();
    expect(await later.signIn.begin(back)).toBeUndefined();
  });
});
