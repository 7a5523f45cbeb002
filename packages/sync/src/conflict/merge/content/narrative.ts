/** The XHTML of a narrative with every run of white space as one blank, which is how it is shown. */
export function canonicalNarrative(div: string): string {
  return div.replace(/\s+/g, " ").trim();
}
