import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { readConfig } from "./read-config.ts";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "tributary-config-"));
});
afterEach(() => rmSync(folder, { recursive: true }));

const least = "node: { id: clinic-1, role: child }\n";

function write(text: string): void {
  writeFileSync(join(folder, "tributary.yaml"), text);
}

it("fills in everything that is not written", async () => {
  write(least);

  await expect(readConfig(folder)).resolves.toMatchObject({
    node: { id: "clinic-1", role: "child" },
    database: join(folder, "node.db"),
    http: { host: "127.0.0.1", port: 8080, trustProxy: false },
    fhir: { access: "token" },
    feed: { access: "token", categories: {} },
    pull: { everySeconds: 30 },
    log: { level: "info" },
  });
});

it("lets environment variables win over the file", async () => {
  write(`${least}http: { port: 1000 }\n`);

  const config = await readConfig(folder, {
    TRIBUTARY_HTTP_PORT: "2000",
    TRIBUTARY_HTTP_TRUST_PROXY: "true",
    TRIBUTARY_HTTP_PUBLIC_URL: "https://x.example",
    TRIBUTARY_DATABASE: "postgres://u:p@h/d",
    TRIBUTARY_FEED_TITLE: "12",
    TRIBUTARY_LOG_LEVEL: "",
    TRIBUTARY_TEST_POSTGRES_URL: "ignored",
    HOME: "/root",
  });

  expect(config.http).toMatchObject({ port: 2000, trustProxy: true, publicUrl: "https://x.example" });
  expect(config).toMatchObject({ database: "postgres://u:p@h/d", feed: { title: "12" }, log: { level: "info" } });
});

it("says how to begin when there is no file", async () => {
  await expect(readConfig(folder)).rejects.toMatchObject({
    code: "CONFIG_MISSING",
    message: expect.stringContaining("tributary init parent"),
  });
});

it.each([
  [
    "http: { port: high }",
    "http.port is a text that cannot be used in FILE; write a whole number from 0 to 65535, for example 8080.",
  ],
  [
    "http: { port: 70000 }",
    "http.port is a number that cannot be used in FILE; write a whole number from 0 to 65535, for example 8080.",
  ],
  [
    "http: { port: [1] }",
    "http.port is a list that cannot be used in FILE; write a whole number from 0 to 65535, for example 8080.",
  ],
  [
    "fhir: { access: all }",
    "fhir.access is a text that cannot be used in FILE; write one of token, open, for example token.",
  ],
  [
    "http: { trustProxy: 1 }",
    "http.trustProxy is a number that cannot be used in FILE; write true or false, for example true.",
  ],
  [
    "http: { publicUrl: ftp://x }",
    "http.publicUrl is a text that cannot be used in FILE; write a text of the right form, for example https://central.example.org.",
  ],
  ["http: 8080", "http is a number that cannot be used in FILE; it must be a mapping of settings."],
  ["htpp: { port: 1 }", "htpp in FILE is no setting; did you mean http?"],
  ["http: { prot: 1 }", "http.prot in FILE is no setting; did you mean http.port?"],
  ["port: 1", "port in FILE is no setting; did you mean http.port?"],
  [
    "somethingElse: 1",
    "somethingElse in FILE is no setting; take it out. All settings are listed in docs/reference/configuration.md.",
  ],
])("refuses %s with a sentence that helps", async (line, sentence) => {
  write(`${least}${line}\n`);

  await expect(readConfig(folder)).rejects.toMatchObject({
    code: "CONFIG_INVALID",
    message: sentence.replace("FILE", join(folder, "tributary.yaml")),
  });
});

it("names a missing key", async () => {
  write("node: { role: child }\n");

  await expect(readConfig(folder)).rejects.toThrow(
    /^node\.id is missing in .*; write a text .*, for example clinic-1\.$/,
  );
});

it("names the variable when the bad value stands in the environment", async () => {
  write(least);

  await expect(readConfig(folder, { TRIBUTARY_HTTP_PORT: "many" })).rejects.toThrow(
    "http.port is a text that cannot be used in TRIBUTARY_HTTP_PORT;",
  );
  await expect(readConfig(folder, { TRIBUTARY_HTP_PORT: "1" })).rejects.toThrow(
    "The environment variable TRIBUTARY_HTP_PORT is no setting; did you mean TRIBUTARY_HTTP_PORT?",
  );
});

it("never repeats a value, since it may be a secret", async () => {
  write(`${least}database: [postgres://user:secret@host/name]\n`);

  await expect(readConfig(folder)).rejects.toThrow(/^(?!.*secret@host).*$/);
});

it("names the line of a file that is no YAML", async () => {
  write(`${least}http: { port: 1\n`);

  await expect(readConfig(folder)).rejects.toThrow(/is no valid YAML in line \d+/);
});
