const plain = /^[\x20-\x7e]*$/;
const markedLetters: Readonly<Record<string, string>> = {
  ß: "ss",
  æ: "ae",
  œ: "oe",
  ø: "o",
  đ: "d",
  ð: "d",
  þ: "th",
  ł: "l",
  ħ: "h",
  ı: "i",
};
const marked = new RegExp(`[${Object.keys(markedLetters).join("")}]`, "g");

/**
 * A text as string searches compare it: without case, accents, and white space at its ends or in rows.
 *
 * ```ts
 * foldText("  Sørén  Çelik") // "soren celik"
 * ```
 */
export function foldText(text: string): string {
  if (plain.test(text)) return tidy(text.toLowerCase());
  const bare = text.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase();
  return tidy(bare.replace(marked, (letter) => markedLetters[letter] ?? letter));
}

function tidy(text: string): string {
  return text.replace(/\s+/g, " ").trim();
}
