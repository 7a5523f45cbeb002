import { type Random, seededRandom } from "@tributary/kernel";
import { makeFacilities } from "./facilities.ts";
import { tellPatientStory } from "./patient-story.ts";

/** A FHIR R4 transaction Bundle as text, ready to be sent to a node. */
export interface GeneratedBundle {
  /** What it holds, for progress lines. */
  readonly title: string;
  readonly text: string;
  readonly entries: number;
}

/**
 * Makes up health records: first one Bundle of facilities and their people, then one Bundle a patient. The same seed gives
 * the same text, byte for byte; decimals keep their trailing zeros.
 */
export function* generateBundles({
  seed,
  patients,
}: {
  readonly seed: number;
  readonly patients: number;
}): Generator<GeneratedBundle> {
  const random: Random = seededRandom(seed);
  const facilities = makeFacilities(random);
  const shared = [...facilities.organizations, ...facilities.locations, ...facilities.practitioners];
  yield bundleOf("facilities", shared.map(putEntry));
  for (let ordinal = 1; ordinal <= patients; ordinal++) {
    const story = tellPatientStory(random, facilities, ordinal);
    const entries = story.map((entry) => ({ ...entry, request: { method: "POST", url: entry.resource.resourceType } }));
    yield bundleOf(`patient ${ordinal}`, entries);
  }
}

function putEntry(resource: object): object {
  const { resourceType, id } = resource as { resourceType: string; id: string };
  return { resource, request: { method: "PUT", url: `${resourceType}/${id}` } };
}

function bundleOf(title: string, entry: readonly object[]): GeneratedBundle {
  return { title, text: JSON.stringify({ resourceType: "Bundle", type: "transaction", entry }), entries: entry.length };
}
