import type { Reader } from "@tributary/database";
import {
  listDigests,
  listDigestsOfPatients,
  listDigestsWithoutPatient,
  type RecordDigest,
  referenceTo,
} from "@tributary/fhir";
import type { Visibility } from "../catchment/visibility.ts";

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
  for await (const some of everyDigest(reader, listDigestsWithoutPatient)) yield readable(reader, visibility, some);
  for (let after: string | undefined; ; ) {
    const patients = await visibility.patients(reader, after, stepPatients);
    if (patients.length > 0) yield readable(reader, visibility, await listDigestsOfPatients(reader, patients));
    if (patients.length < stepPatients) return;
    after = patients.at(-1);
  }
}

/** The digests of every record that `list` lists, in steps. */
export async function* everyDigest(reader: Reader, list: typeof listDigests): AsyncGenerator<readonly RecordDigest[]> {
  for (let after: RecordDigest | undefined; ; ) {
    const some = await list(reader, after, stepRecords);
    yield some;
    if (some.length < stepRecords) return;
    after = some.at(-1);
  }
}

async function readable(
  reader: Reader,
  visibility: Visibility,
  some: readonly RecordDigest[],
): Promise<readonly RecordDigest[]> {
  if (some.length === 0) return some;
  const allowed = await visibility.mayRead(reader, some);
  return some.filter((record) => allowed.has(referenceTo(record)));
}
