import { checkLoadAnswer } from "../load/check-load-answer.ts";
import { findRecordFiles } from "../load/find-record-files.ts";
import { type LoadUnit, readRecordFile } from "../load/read-record-file.ts";
import type { FhirClient } from "./fhir-client.ts";
import { generateBundles } from "./generator/generate-bundles.ts";

/** Bundles that are under way at one time: the next is read while the node works on the last. */
const bundlesUnderWay = 2;

/** Where the demonstration's records come from. */
export type RecordSource =
  | { readonly kind: "folder"; readonly folder: string }
  | { readonly kind: "generator"; readonly seed: number; readonly patients: number };

/** Writes all records of a source through the parent's FHIR API and returns the references of the written ones. */
export async function loadParent(
  client: FhirClient,
  source: RecordSource,
  onProgress: (written: number) => void,
): Promise<string[]> {
  const written: string[] = [];
  const underWay = new Set<Promise<void>>();
  const write = async ({ file, text }: Pick<LoadUnit, "file" | "text">) => {
    const answer = await client("POST", "", { text });
    written.push(...checkLoadAnswer(file, answer.status, answer.body).written);
    onProgress(written.length);
  };
  let isFirst = true;
  for await (const unit of unitsFrom(source)) {
    if (isFirst) await write(unit);
    else {
      const writing = write(unit).finally(() => underWay.delete(writing));
      writing.catch(() => {});
      underWay.add(writing);
      if (underWay.size >= bundlesUnderWay) await Promise.race(underWay);
    }
    isFirst = false;
  }
  await Promise.all(underWay);
  return written;
}

/** The Bundles of a source, in their order: the first one of the generator is what all others refer to. */
export async function* unitsFrom(source: RecordSource): AsyncGenerator<Pick<LoadUnit, "file" | "text">> {
  if (source.kind === "generator") {
    for (const { title, text } of generateBundles(source)) yield { file: `The Bundle of ${title}`, text };
    return;
  }
  for (const file of await findRecordFiles([source.folder])) yield* readRecordFile(file);
}
