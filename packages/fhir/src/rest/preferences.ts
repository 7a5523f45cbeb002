/** What a client wishes by the `Prefer` header. See https://hl7.org/fhir/R4/http.html#ops */
export interface Preferences {
  readonly return: "minimal" | "representation" | "OperationOutcome" | undefined;
  readonly handling: "strict" | "lenient";
}

/** Reads a `Prefer` header; a wish that is not known is no error (RFC 7240 §2). */
export function readPreferences(header: string | undefined): Preferences {
  let wished: Preferences["return"];
  let handling: Preferences["handling"] = "lenient";
  for (const wish of (header ?? "").split(/[,;]/)) {
    const [name, value] = wish.split("=").map((part) => part.trim().replaceAll('"', ""));
    if (name === "return" && (value === "minimal" || value === "representation" || value === "OperationOutcome")) {
      wished = value;
    } else if (name === "handling" && value === "strict") handling = "strict";
  }
  return { return: wished, handling };
}
