import { unreadable } from "./find-record-files.ts";

interface Outcome {
  readonly issue?: readonly {
    readonly diagnostics?: string;
    readonly details?: { readonly text?: string };
    readonly expression?: readonly string[];
  }[];
}

interface AnsweredEntry {
  readonly response?: { readonly status?: string; readonly location?: string; readonly outcome?: Outcome };
}

/** What a node made of a Bundle. */
export interface LoadAnswer {
  /** The written records, as `Type/id`. */
  readonly written: readonly string[];
}

/**
 * Reads a node's answer to a transaction or batch. Throws `INPUT_UNREADABLE` with the file's name and the first reason
 * when the Bundle, or any entry of a batch, was refused.
 */
export function checkLoadAnswer(file: string, status: number, body: string): LoadAnswer {
  const answer = parse(body) as Outcome & { readonly entry?: readonly AnsweredEntry[] };
  if (status >= 400) throw unreadable(file, `was refused (HTTP ${status}): ${reasonIn(answer)}`);
  const entries = answer.entry ?? [];
  const refused = entries.filter(({ response }) => Number.parseInt(response?.status ?? "", 10) >= 400);
  if (refused.length > 0) {
    const reason = reasonIn(refused[0]?.response?.outcome);
    throw unreadable(
      file,
      `was written in part: ${refused.length} of ${entries.length} entries were refused, the first one: ${reason}`,
    );
  }
  return { written: entries.flatMap(({ response }) => referenceIn(response?.location)) };
}

function reasonIn(outcome: Outcome | undefined): string {
  const issue = outcome?.issue?.[0];
  const said = issue?.diagnostics ?? issue?.details?.text ?? "no reason was given";
  const place = issue?.expression?.[0];
  return `${place && !said.includes(place) ? `${place}: ` : ""}${said}`.replace(/\.$/, "");
}

function referenceIn(location: string | undefined): string[] {
  const match = /([A-Z][A-Za-z]+\/[A-Za-z0-9.-]+)(?:\/_history\/\d+)?$/.exec(location ?? "");
  return match ? [match[1]!] : [];
}

function parse(body: string): unknown {
  try {
    return JSON.parse(body) ?? {};
  } catch {
    return {};
  }
}
