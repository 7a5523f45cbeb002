/** Escapes text between tags. Characters that no XML 1.0 document can hold become U+FFFD, so that a page never breaks. */
export function escapeText(text: string): string {
  if (isPlain(text)) return text;
  const legal = replaceIllegal(text);
  return needsTextEscape.test(legal) ? legal.replace(textEscapes, escapeCharacter) : legal;
}

/** Escapes an attribute's value, white space included, since readers would turn it into spaces. */
export function escapeAttribute(value: string): string {
  if (isPlain(value)) return value;
  const legal = replaceIllegal(value);
  return needsAttributeEscape.test(legal) ? legal.replace(attributeEscapes, escapeCharacter) : legal;
}

/** Replaces what XML 1.0 cannot hold, in any spelling: control characters, lone surrogates, U+FFFE and U+FFFF. */
export function replaceIllegal(text: string): string {
  if (isPlain(text)) return text;
  return illegal.test(text) || !text.isWellFormed() ? text.toWellFormed().replace(allIllegal, "\uFFFD") : text;
}

/** Whether one CDATA section can carry the text unchanged: readers turn a carriage return in it into a line feed. */
export function fitsCdata(text: string): boolean {
  return !text.includes("]]>") && !text.includes("\r");
}

/** Whether a text has none but letters, digits and marks that mean the same everywhere: nearly all that pages carry. */
function isPlain(text: string): boolean {
  return plain.test(text);
}

const plain = /^[ !#-%'-;=?-~]*$/;
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for.
const illegal = /[\u0000-\u0008\u000B\u000C\u000E-\u001F\uFFFE\uFFFF]/;
const allIllegal = new RegExp(illegal, "g");
const needsTextEscape = /[&<>\r]/;
const textEscapes = new RegExp(needsTextEscape, "g");
const needsAttributeEscape = /[&<>"\t\n\r]/;
const attributeEscapes = new RegExp(needsAttributeEscape, "g");

function escapeCharacter(character: string): string {
  switch (character) {
    case "&":
      return "&amp;";
    case "<":
      return "&lt;";
    case ">":
      return "&gt;";
    case '"':
      return "&quot;";
    default:
      return `&#x${character.charCodeAt(0).toString(16).toUpperCase()};`;
  }
}
