import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it } from "vitest";
import { runToEnd } from "../../testing/run-to-end.ts";

it("keeps users, examines the node, and writes a bundle that tells nothing it should not", async () => {
  const dir = await mkdtemp(join(tmpdir(), "operator-"));
  try {
    await runToEnd("init", "child", "--dir", dir, "--id", "clinic");
    const config = await readFile(join(dir, "tributary.yaml"), "utf8");
    const secret = "a-secret-that-nobody-sees";
    await writeFile(join(dir, "tributary.yaml"), `${config}\nalerts:\n  webhookSecret: ${secret}\n`);

    const added = await runToEnd("user", "add", "amina", "--role", "reviewer", "--dir", dir, "--as", "root");
    const twice = await runToEnd("user", "add", "amina", "--dir", dir);
    const root = await runToEnd("user", "add", "root", "--role", "administrator", "--dir", dir);
    const demoted = await runToEnd("user", "role", "root", "viewer", "--dir", dir);
    const reset = await runToEnd("user", "reset", "amina", "--dir", dir);
    const listed = await runToEnd("user", "list", "--json", "--dir", dir);
    const removed = await runToEnd("user", "remove", "amina", "--dir", dir);
    const examined = await runToEnd("doctor", "--json", "--dir", dir);
    const bundle = join(dir, "bundle.json");
    const log = join(dir, "node.log");
    await writeFile(log, `No JSON.\n{"level":"info","path":"/fhir/Patient/rose","message":"Answered."}\n`);
    const written = await runToEnd("support-bundle", "--to", bundle, "--log", log, "--dir", dir);
    const overwritten = await runToEnd("support-bundle", "--to", bundle, "--dir", dir);
    const text = await readFile(bundle, "utf8");

    expect(added.printed.trim()).toMatch(/^[a-z2-9]{18}$/);
    expect([added.code, twice.code, root.code, demoted.code, removed.code]).toEqual([0, 2, 0, 2, 0]);
    expect(reset.printed.trim()).toMatch(/^[a-z2-9]{18}$/);
    expect(reset.printed).not.toBe(added.printed);
    expect(JSON.parse(listed.printed)).toMatchObject({
      items: [
        { name: "amina", role: "reviewer" },
        { name: "root", role: "administrator" },
      ],
      total: 2,
    });
    const { findings } = JSON.parse(examined.printed) as { findings: { check: string; state: string }[] };
    expect(examined.code).toBe(0);
    expect(findings.map(({ check }) => check)).toEqual([
      "version",
      "configuration",
      "database",
      "sequencer",
      "disk",
      "line",
    ]);
    expect(findings.find(({ check }) => check === "line")).toMatchObject({ state: "look" });
    expect([written.code, overwritten.code]).toEqual([0, 1]);
    expect(text).not.toContain(secret);
    for (const { printed } of [added, reset, root]) expect(text).not.toContain(printed.trim());
    expect(JSON.parse(text)).toMatchObject({
      status: { node: "clinic" },
      failures: [],
      alerts: [],
      log: [{ level: "info", path: "/fhir/Patient/*", message: "Answered." }],
    });
  } finally {
    await rm(dir, { recursive: true });
  }
});

it("looks at what the site leans on, and says what to do about what does not answer", async () => {
  const dir = await mkdtemp(join(tmpdir(), "operator-"));
  try {
    await runToEnd("init", "parent", "--dir", dir, "--id", "centre");
    const config = await readFile(join(dir, "tributary.yaml"), "utf8");
    const nobody = "127.0.0.1:9";
    const more = `openid: { issuer: "http://${nobody}", clientId: x }\nalerts: { mail: { url: "smtp://${nobody}" } }\n`;
    await writeFile(join(dir, "tributary.yaml"), `${config}\n${more}`);

    const examined = await runToEnd("doctor", "--json", "--dir", dir);

    const { findings } = JSON.parse(examined.printed) as { findings: { check: string; state: string }[] };
    expect(findings.slice(-2)).toMatchObject([
      { check: "sign-in", state: "look", advice: expect.stringContaining("OpenID provider") },
      { check: "mail", state: "look", advice: expect.stringContaining("alerts.mail.url") },
    ]);
  } finally {
    await rm(dir, { recursive: true });
  }
});

it("says what is broken when the configuration cannot be read", async () => {
  const dir = await mkdtemp(join(tmpdir(), "operator-"));
  try {
    const examined = await runToEnd("doctor", "--dir", dir);

    expect(examined.code).toBe(1);
    expect(examined.printed).toMatch(/configuration\s+broken/);
  } finally {
    await rm(dir, { recursive: true });
  }
});
