/**
 * Turns the bytes of an XML document into text, whatever its labels say: a byte order mark wins; then UTF-8, if the
 * bytes are UTF-8 and any label says so or none says anything; then the charset of the header, then that of the XML
 * declaration.
 *
 * Servers are known to label UTF-8 as Latin-1 and the reverse. Bytes that are valid multi-byte UTF-8 are practically
 * never anything else, so they decide against a wrong label. It never fails: text that makes no sense fails as XML.
 */
export function decodeXml(bytes: Uint8Array, contentType?: string | null): string {
  const marked = byteOrderMark(bytes);
  if (marked) return new TextDecoder(marked).decode(bytes);
  const inHeader = charsetOf(contentType);
  const inDeclaration = declaredEncoding(bytes);
  const labels = [inHeader, inDeclaration].filter((label) => label !== undefined);
  if (labels.length === 0 || labels.includes("utf-8")) {
    const text = decodeStrictly(bytes, "utf-8");
    if (text !== undefined) return text;
  }
  for (const label of labels) {
    const text = label === "utf-8" ? undefined : decodeStrictly(bytes, label);
    if (text !== undefined) return text;
  }
  return new TextDecoder("windows-1252").decode(bytes);
}

function byteOrderMark(bytes: Uint8Array): string | undefined {
  if (bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf) return "utf-8";
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return "utf-16le";
  if (bytes[0] === 0xfe && bytes[1] === 0xff) return "utf-16be";
  return undefined;
}

function charsetOf(contentType: string | null | undefined): string | undefined {
  return normalLabel(/;\s*charset\s*=\s*"?([^\s";]+)/i.exec(contentType ?? "")?.[1]);
}

/** The longest start of a document in which its XML declaration is looked for. */
const declarationBytesMax = 200;

function declaredEncoding(bytes: Uint8Array): string | undefined {
  const start = new TextDecoder("windows-1252").decode(bytes.subarray(0, declarationBytesMax));
  return normalLabel(/^\s*<\?xml[^>]*\sencoding\s*=\s*["']([A-Za-z0-9._-]+)["']/.exec(start)?.[1]);
}

function normalLabel(label: string | undefined): string | undefined {
  try {
    return label === undefined ? undefined : new TextDecoder(label).encoding;
  } catch {
    return undefined;
  }
}

function decodeStrictly(bytes: Uint8Array, encoding: string): string | undefined {
  try {
    return new TextDecoder(encoding, { fatal: true }).decode(bytes);
  } catch {
    return undefined;
  }
}
