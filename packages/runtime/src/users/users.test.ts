import { auditMigrations, readLatestAudit } from "@tributary/audit";
import { type Database, migrate, sql } from "@tributary/database";
import { describeOnEachDatabase } from "@tributary/database/testing";
import { systemRandom as random, silentLogger, systemClock } from "@tributary/kernel";
import { expect, it } from "vitest";
import { runtimeMigrations } from "../node/runtime-migrations.ts";
import { checkSession, csrfOf } from "./sessions.ts";
import { makeSetupToken, setUpFirstUser } from "./setup-link.ts";
import { SignIn } from "./sign-in.ts";
import { changeUser, createUser, listUsers, readUser, removeUser } from "./users.ts";

const minuteMs = 60_000;
const secret = "a long sentence";

describeOnEachDatabase("users", (open) => {
  async function openWithUsers() {
    const database: Database = await open();
    await migrate(database, [...auditMigrations, ...runtimeMigrations]);
    const time = { now: 1_000_000 };
    const clock = { ...systemClock, now: () => time.now };
    const door = new SignIn({ database, nodeId: "centre", clock, random, logger: silentLogger });
    const actor = () => ({ nodeId: "centre", author: "root", now: time.now, random });
    return { database, time, clock, door, actor, [Symbol.asyncDispose]: () => database.close() };
  }

  it("sign in by name and password, and stay in until they are idle for half an hour or in for twelve hours", async () => {
    await using place = await openWithUsers();
    const { database, door, clock, time, actor } = place;
    await createUser(database, { name: "amina", role: "reviewer", password: secret }, actor());

    const outcome = await door.signIn("amina", secret, "10.0.0.1");
    const token = outcome.kind === "signed-in" ? outcome.token : "";
    const session = await checkSession(database, token, clock);
    for (let half = 0; half < 23; half++) {
      time.now += 29 * minuteMs;
      expect(await checkSession(database, token, clock)).toBeDefined();
    }
    time.now += 29 * minuteMs;
    expect(await checkSession(database, token, clock), "after 11.6 hours").toBeDefined();
    time.now += 29 * minuteMs;
    const late = await checkSession(database, token, clock);
    const again = await door.signIn("amina", secret, "10.0.0.1");
    time.now += 31 * minuteMs;
    const idle = await checkSession(database, again.kind === "signed-in" ? again.token : "", clock);

    expect(session).toEqual({
      name: "amina",
      role: "reviewer",
      language: "en",
      signsInBy: "password",
      csrf: csrfOf(token),
    });
    expect([late, idle]).toEqual([undefined, undefined]);
  });

  it("keep their passwords and sessions as hashes only", async () => {
    await using place = await openWithUsers();
    const { database, door, actor } = place;
    await createUser(database, { name: "amina", role: "viewer", password: secret }, actor());
    const outcome = await door.signIn("amina", secret, "10.0.0.1");

    const kept = JSON.stringify([
      await database.all(sql("select * from users")),
      await database.all(sql("select * from user_sessions")),
      await readLatestAudit(database, 50),
    ]);

    expect(kept).toMatch(/scrypt\$N=32768,r=8,p=1\$/);
    expect(kept).not.toContain(secret);
    expect(outcome.kind === "signed-in" && kept.includes(outcome.token)).toBe(false);
  });

  it("are locked after five wrong passwords in a row, longer each time, and let in by the right one afterwards", async () => {
    await using place = await openWithUsers();
    const { database, door, time, actor } = place;
    await createUser(database, { name: "amina", role: "viewer", password: secret }, actor());

    for (let wrong = 0; wrong < 5; wrong++) await door.signIn("amina", "not the one", "10.0.0.1");
    const whileLocked = await door.signIn("amina", secret, "10.0.0.2");
    const first = (await readUser(database, "amina"))?.lockedUntil;
    time.now += minuteMs;
    await door.signIn("amina", "not the one", "10.0.0.1");
    const second = (await readUser(database, "amina"))?.lockedUntil;
    time.now += 2 * minuteMs;
    const afterwards = await door.signIn("amina", secret, "10.0.0.2");

    expect(whileLocked).toEqual({ kind: "refused" });
    expect([first, second]).toEqual([1_000_000 + minuteMs, 1_000_000 + 3 * minuteMs]);
    expect(afterwards.kind).toBe("signed-in");
    const outcomes = (await readLatestAudit(database, 20)).map(({ outcome }) => outcome);
    expect(outcomes.filter((one) => one === "user-locked")).toHaveLength(2);
  });

  it("cannot be guessed at from one address, whatever names it tries, and other addresses are not concerned", async () => {
    await using place = await openWithUsers();
    const { door, time } = place;

    for (let wrong = 0; wrong < 30; wrong++) door.noteFailure("10.0.0.1");
    const guesser = await door.signIn("nobody", "not the one", "10.0.0.1");
    const other = await door.signIn("nobody", "not the one", "10.0.0.2");
    time.now += 15 * minuteMs;

    expect(guesser).toEqual({ kind: "too-many", waitMs: 15 * minuteMs });
    expect(other).toEqual({ kind: "refused" });
    expect(door.waitMs("10.0.0.1")).toBe(0);
  });

  it("begin with one administrator, made by a link that works once and not at all once there are users", async () => {
    await using place = await openWithUsers();
    const { database, clock } = place;
    const with_ = { nodeId: "centre", clock, random };
    const user = { name: "root", password: secret };

    const old = await makeSetupToken(database, with_);
    const token = await makeSetupToken(database, with_);
    const byOld = await setUpFirstUser(database, { token: old ?? "", user }, with_);
    const byNew = await setUpFirstUser(database, { token: token ?? "", user }, with_);
    const again = await setUpFirstUser(database, { token: token ?? "", user: { ...user, name: "eve" } }, with_);

    expect([byOld.kind, byNew.kind, again.kind]).toEqual(["refused", "done", "refused"]);
    expect(await makeSetupToken(database, with_)).toBeUndefined();
    expect(await listUsers(database, { limit: 9 })).toMatchObject([{ name: "root", role: "administrator" }]);
  });

  it("lose their sessions with their role, password or account, and the last administrator stays", async () => {
    await using place = await openWithUsers();
    const { database, door, clock, actor } = place;
    await createUser(database, { name: "root", role: "administrator", password: secret }, actor());
    await createUser(database, { name: "amina", role: "administrator", password: secret }, actor());
    const enter = async () => {
      const outcome = await door.signIn("amina", secret, "10.0.0.1");
      return outcome.kind === "signed-in" ? outcome.token : "";
    };

    const first = await enter();
    await changeUser(database, "amina", { role: "viewer" }, actor());
    const afterRole = await checkSession(database, first, clock);
    const second = await enter();
    await changeUser(database, "amina", { password: "another sentence" }, actor());
    const afterPassword = await checkSession(database, second, clock);
    const demoted = changeUser(database, "root", { role: "viewer" }, actor());

    expect([afterRole, afterPassword]).toEqual([undefined, undefined]);
    await expect(demoted).rejects.toMatchObject({ code: "CONFIG_INVALID" });
    await expect(database.transaction((tx) => removeUser(tx, "root", actor()))).rejects.toMatchObject({
      code: "CONFIG_INVALID",
    });
    expect(await database.transaction((tx) => removeUser(tx, "amina", actor()))).toBe(true);
    expect((await readLatestAudit(database, 20)).map(({ outcome }) => outcome)).toContain("user-made-viewer");
  });

  it("have names and passwords that can be used, each name once", async () => {
    await using place = await openWithUsers();
    const { database, actor } = place;
    await createUser(database, { name: "amina", role: "viewer", password: secret }, actor());

    for (const [name, password] of [
      ["amina", secret],
      ["../x", secret],
      ["joseph", "short"],
      ["a-long-user-name", "a-long-user-name"],
    ] as const) {
      await expect(createUser(database, { name, role: "viewer", password }, actor())).rejects.toMatchObject({
        code: "CONFIG_INVALID",
      });
    }
  });
});
