import type { AddressInfo } from "node:net";
import { type Database, migrate, sql } from "@tributary/database";
import { describeOnEachDatabase } from "@tributary/database/testing";
import { systemClock as clock, silentLogger } from "@tributary/kernel";
import { SMTPServer } from "smtp-server";
import { expect, it } from "vitest";
import { parseConfig } from "../config/read-config.ts";
import { runtimeMigrations } from "../node/runtime-migrations.ts";
import type { Finding } from "./alert-rules.ts";
import { settleAlerts } from "./alerts.ts";
import { Mailer } from "./mailer.ts";
import { tellByMail } from "./tell-mail.ts";

const silent: Finding = {
  rule: "child-silent",
  subject: "post",
  severity: "warning",
  value: 61,
  limit: 60,
  sentence: "post was last heard of 61 minutes ago.",
};
const clone: Finding = { ...silent, rule: "clone", severity: "critical", sentence: "Two are at work as post." };

/** A real mail server that keeps what it takes. */
async function openMailServer() {
  const taken: { readonly to: readonly string[]; readonly user: string | undefined; readonly text: string }[] = [];
  const place = { refuses: false };
  const server = new SMTPServer({
    authOptional: true,
    hideSTARTTLS: true,
    allowInsecureAuth: true,
    onAuth: ({ username, password }, _session, done) =>
      password === "secret" ? done(null, { user: username }) : done(new Error("Who is that?")),
    onData: (stream, session, done) => {
      let text = "";
      stream.on("data", (part: Buffer) => {
        text += part.toString("utf8");
      });
      stream.on("end", () => {
        if (place.refuses) return done(new Error("Come again later."));
        taken.push({ to: session.envelope.rcptTo.map(({ address }) => address), user: session.user as string, text });
        done();
      });
    },
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.server.address() as AddressInfo;
  return {
    taken,
    place,
    url: `smtp://alerts:secret@127.0.0.1:${port}`,
    [Symbol.asyncDispose]: () => new Promise<void>((resolve) => void server.close(() => resolve())),
  };
}

describeOnEachDatabase("alerts by e-mail", (open) => {
  async function openPlace() {
    const ended = new AsyncDisposableStack();
    const database: Database = await open();
    ended.defer(() => database.close());
    await migrate(database, runtimeMigrations);
    const mail = ended.use(await openMailServer());
    const text = `
node: { id: centre, role: parent }
alerts:
  mail: { url: "${mail.url}", from: node@example.org, warningsTo: [it@example.org], criticalTo: [call@example.org] }
`;
    const config = await parseConfig(text, { where: "test", folder: "/nowhere" });
    const mailer = ended.use(new Mailer({ url: mail.url, from: config.alerts.mail.from }));
    let now = 1_000_000;
    const round = async (...findings: Finding[]) => {
      now += 60_000;
      await database.transaction((tx) => settleAlerts(tx, findings, now));
      await tellByMail({ database, config, mailer, clock, logger: silentLogger });
      return mail.taken.splice(0);
    };
    return { database, mail, round, [Symbol.asyncDispose]: () => ended.disposeAsync() };
  }

  it("tells those who are to know of it once that an alert has opened, and once that it is over", async () => {
    await using place = await openPlace();
    const { round } = place;

    const opened = await round(silent, clone);
    const same = await round(silent, clone);
    const closed = await round(silent);

    expect(opened.map(({ to, user }) => [to, user])).toEqual([
      [["it@example.org"], "alerts"],
      [["call@example.org"], "alerts"],
    ]);
    expect(opened[0]?.text).toMatch(/^Subject: \[tributary centre\] warning: child-silent post\r?$/m);
    expect(opened[0]?.text).toMatch(/^Auto-Submitted: auto-generated\r?$/im);
    expect(opened[0]?.text).toContain("post was last heard of 61 minutes ago.");
    expect(same).toEqual([]);
    expect(closed.map(({ to }) => to)).toEqual([["call@example.org"]]);
    expect(closed[0]?.text).toMatch(/^Subject: \[tributary centre\] over: clone post\r?$/m);
  });

  it("tells of a warning that has become critical, and not of what was over before anybody could be told", async () => {
    await using place = await openPlace();
    const { round, mail } = place;
    await round(silent);

    const worse = await round({ ...silent, severity: "critical", value: 300 });
    mail.place.refuses = true;
    const away = await round({ ...silent, severity: "critical", value: 300 }, clone);
    mail.place.refuses = false;
    const back = await round();

    expect(worse.map(({ to }) => to)).toEqual([["call@example.org"]]);
    expect(away).toEqual([]);
    expect(back.map(({ text }) => /^Subject: (.*)\r?$/m.exec(text)?.[1]?.trim())).toEqual([
      "[tributary centre] over: child-silent post",
    ]);
  });

  it("knows whether the mail server lets it in", async () => {
    await using mail = await openMailServer();
    await using right = new Mailer({ url: mail.url, from: "node@example.org" });
    await using wrong = new Mailer({ url: mail.url.replace("secret", "other"), from: "node@example.org" });

    expect([await right.isReady(), await wrong.isReady()]).toEqual([true, false]);
    expect(mail.taken).toEqual([]);
  });

  it("tries again what a mail server did not take, and writes no address of anybody into the database", async () => {
    await using place = await openPlace();
    const { round, mail, database } = place;
    mail.place.refuses = true;

    const away = await round(silent);
    mail.place.refuses = false;
    const back = await round(silent);

    expect([away.length, back.length]).toEqual([0, 1]);
    expect(JSON.stringify(await database.all(sql("select * from alerts")))).not.toContain("example.org");
  });
});
