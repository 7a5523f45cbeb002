import { readdir, readFile } from "node:fs/promises";
import { refusalSentences, refusalWords } from "@tributary/admin-api";
import { errorCatalogue } from "@tributary/kernel";
import { configSentences, listSettings } from "@tributary/runtime";
import { expect, it } from "vitest";
import { nodeInFrench } from "../../apps/console/tests/french-words.ts";

const { sentences, codes, meanings } = nodeInFrench;
const english: Readonly<Record<string, string>> = { ...refusalSentences, ...configSentences };
const handlers = new URL("../../apps/tributary/src/http/admin/", import.meta.url);

it("every sentence with which a node refuses has one in French, and every code a meaning", () => {
  expect(Object.keys(sentences).sort()).toEqual(Object.keys(english).sort());
  expect(
    Object.keys(codes)
      .filter((code) => code !== "UNREACHABLE" && code !== "ERROR")
      .sort(),
  ).toEqual([...Object.keys(errorCatalogue), ...refusalWords].sort());
});

it("a sentence of the API and one of the configuration never have the same key", () => {
  const keys = [...Object.keys(refusalSentences), ...Object.keys(configSentences)];

  expect(new Set(keys).size).toBe(keys.length);
});

it("every setting that the API tells has its meaning in English and in French", () => {
  const settings = listSettings();

  expect(Object.keys(meanings).sort()).toEqual(settings.map(({ key }) => key).sort());
  expect(settings.filter(({ description }) => description.trim() === "")).toEqual([]);
});

it("what is said in French is not empty, and asks for no value that the node does not tell", () => {
  const french = [sentences, codes, meanings].flatMap((table) => Object.values(table));
  const toldOf = (key: string) => (key.startsWith("issue-") ? ["place", "diagnostics"] : namesIn(english[key] ?? ""));
  const asksForMore = Object.entries(sentences).filter(
    ([key, text]) => !namesIn(text).every((name) => toldOf(key).includes(name)),
  );

  expect(french.filter((text) => text.trim() === "")).toEqual([]);
  expect(asksForMore).toEqual([]);
});

it("the handlers of the API refuse in sentences that have a key, and in no others", async () => {
  const names = (await readdir(handlers)).filter((name) => name.endsWith(".ts") && !name.endsWith(".test.ts"));
  const texts = await Promise.all(names.map(async (name) => [name, await readFile(new URL(name, handlers), "utf8")]));

  expect(texts.length).toBeGreaterThan(30);
  expect(texts.filter(([, text = ""]) => /new (RequestRefused|TributaryError)\(/.test(text))).toEqual([]);
});

function namesIn(text: string): string[] {
  return [...text.matchAll(/\{(\w+)\}/g)].map(([, name = ""]) => name);
}
