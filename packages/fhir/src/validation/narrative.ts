/**
 * Tells what is wrong with the text of a narrative, as the rest of a sentence; `undefined` when nothing is.
 *
 * It must be one `div` that has content and nothing active: what a browser shows it must not run. That its tags are
 * balanced is not checked. See https://hl7.org/fhir/R4/narrative.html#xhtml
 */
export function findInNarrative(text: string): string | undefined {
  if (!/^\s*<div[\s>/]/.test(text) || !/<\/div>\s*$/.test(text)) return "must be one XHTML div element";
  if (activeElement.test(text)) return "must not have active content such as scripts, forms or frames";
  if (eventHandler.test(text)) return "must not have event handlers or script addresses";
  return hasContent(text) ? undefined : "must have content";
}

const activeElement =
  /<\/?(?:script|style|form|input|button|select|textarea|iframe|frame|object|embed|applet|link|base|meta|head|body)\b/i;
// NOTE: Neither pattern can look at a character more than a few times, since `<` begins anew.
const eventHandler =
  /<[^<>]*?[\s/"'](?:on[a-z]+\s*=|(?:href|src)\s*=\s*["']?\s*(?:javascript|vbscript|data\s*:\s*text))/i;

function hasContent(text: string): boolean {
  return /<img\b/i.test(text) || /\S/.test(text.replaceAll(/<[^<>]*>/g, ""));
}
