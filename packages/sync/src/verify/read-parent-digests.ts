import type { Reader } from "@tributary/database";
import { listDigests, listDigestsOfPatients, listDigestsWithoutPatient, type RecordDigest } from "@tributary/fhir";
import { readableAmong } from "../catchment/readable-among.ts";
import type { Visibility } from "../catchment/visibility.ts";
import { everyPage } from "../every-page.ts";

/** Records looked at in one step; what is not read from the database meanwhile is answered. */
const stepRecords = 2_000;
const stepPatients = 200;

/** The digests of all records that a child may see, in steps, in no order. */
export async function* readParentDigests(
  reader: Reader,
  visibility: Visibility,
): AsyncGenerator<readonly RecordDigest[]> {
  if (visibility.isEverything) {
    yield* everyDigest(reader, listDigests);
    return;
  }
  for await (const some of everyDigest(reader, listDigestsWithoutPatient))
    yield readableAmong(reader, visibility, some, (record) => record);
  const patients = everyPage<string>(stepPatients, (last) => visibility.patients(reader, last, stepPatients));
  for await (const some of patients) {
    yield readableAmong(reader, visibility, await listDigestsOfPatients(reader, some), (record) => record);
  }
}

/** The digests of every record that `list` lists, in steps. */
export function everyDigest(reader: Reader, list: typeof listDigests): AsyncGenerator<readonly RecordDigest[]> {
  return everyPage<RecordDigest>(stepRecords, (last) => list(reader, last, stepRecords));
}
