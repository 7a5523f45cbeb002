import { expect, it } from "vitest";
import { english, type WordKey } from "./catalogue.ts";
import { french } from "./french.ts";
import { agoText, bytesText, durationText } from "./measures.ts";
import { say } from "./say.ts";
import { isSpoken, learn } from "./spoken.ts";

it("speaks English until another language has been loaded", async () => {
  const before = [isSpoken("fr"), say("fr", "nav.network")];

  await learn("fr");

  expect([...before, isSpoken("fr"), say("fr", "nav.network")]).toEqual([false, "Network", true, "Réseau"]);
});

it("chooses between one and many as the language does", async () => {
  await learn("fr");

  expect(say("en", "node.hours", { count: 0 })).toBe("0 hours");
  expect(say("en", "node.hours", { count: 1 })).toBe("1 hour");
  expect(say("fr", "node.hours", { count: 0 })).toBe("0 heure");
  expect(say("fr", "node.hours", { count: 2 })).toBe("2 heures");
});

it("puts the same values into a text in every language", () => {
  const names = (text: string) => [...new Set(text.match(/\{\w+\}/g))].sort();
  const keys = Object.keys(english) as WordKey[];

  expect(keys.filter((key) => `${names(english[key])}` !== `${names(french[key])}`)).toEqual([]);
});

it("tells time and amounts in the largest unit that fits", () => {
  expect(agoText("en", 0, 3 * 60_000)).toBe("3 minutes ago");
  expect(agoText("fr", 0, 86_400_000)).toBe("hier");
  expect(durationText("en", 5.5 * 3_600_000)).toBe("6 hr");
  expect(bytesText("en", 1_234_567)).toBe("1.2 MB");
  expect(bytesText("en", 0)).toBe("0 B");
});
