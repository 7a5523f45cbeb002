import { checkLoadAnswer } from "../load/check-load-answer.ts";
import { findRecordFiles } from "../load/find-record-files.ts";
import { readRecordFile } from "../load/read-record-file.ts";
import type { Terminal } from "../terminal.ts";
import { openNodeAt } from "./node-at.ts";

export interface LoadOptions {
  readonly dir: string;
  readonly files: readonly string[];
}

/**
 * `tributary load`: writes the records of files into this node, through the same door as any client but without the
 * network. Each Bundle is written whole or not at all; at the first that is refused it ends, and what came before stays.
 */
export async function load({ dir, files }: LoadOptions, terminal: Terminal): Promise<void> {
  const found = await findRecordFiles(files);
  await using node = await openNodeAt(dir, terminal);
  const signal = new AbortController().signal;
  let written = 0;
  for (const [index, file] of found.entries()) {
    for await (const unit of readRecordFile(file)) {
      const answer = await node.fhir.handle({
        method: "POST",
        url: new URL("http://localhost/fhir"),
        headers: { "content-type": "application/fhir+json", prefer: "return=minimal" },
        parameters: { path: "" },
        body: unit.text,
        signal,
      });
      const body = typeof answer.body === "string" ? answer.body : new TextDecoder().decode(answer.body);
      checkLoadAnswer(file, answer.status, body);
      written += unit.entries;
      terminal.redraw(`${index + 1} of ${found.length} files, ${written} records.`);
    }
  }
  terminal.note(`${written} records from ${found.length} files have been loaded.`);
}
