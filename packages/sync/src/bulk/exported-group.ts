import type { Reader } from "@tributary/database";
import { isResourceId, nextPatients, type ResourceStore } from "@tributary/fhir";
import { catchmentStream, everythingCatchment } from "../catchment/catchment-name.ts";
import { readCatchment } from "../catchment/catchments.ts";
import { memberIds, membershipsOf } from "../catchment/members.ts";
import { membersOfGroup } from "../catchment/rule/gather-facts.ts";

/** The patients whom an export is about. */
export interface ExportedGroup {
  /** Their ids behind one of them, in order, at most `limit`. */
  patients(reader: Reader, after: string, limit: number): Promise<readonly string[]>;
  /** Of some of them those who came in after a moment, as far as that is known. */
  cameAfter(reader: Reader, patients: readonly string[], moment: number): Promise<ReadonlySet<string>>;
}

/**
 * The group that an id names: a Group of FHIR that is here, else a catchment of that name. `catchment.NAME` is always the
 * catchment. `undefined` when there is neither.
 */
export async function exportedGroup(
  reader: Reader,
  store: ResourceStore,
  id: string,
): Promise<ExportedGroup | undefined> {
  if (!isResourceId(id)) return undefined;
  const group = membersOfGroup((await store.read(reader, { type: "Group", id }))?.body);
  if (group) return ofMembers([...group].sort());
  const name = id.startsWith(catchmentPrefix) ? id.slice(catchmentPrefix.length) : id;
  if (name === everythingCatchment) return ofEverybody;
  return (await readCatchment(reader, name)) && ofCatchment(name);
}

const catchmentPrefix = catchmentStream("");

function ofMembers(members: readonly string[]): ExportedGroup {
  return {
    patients: async (_, after, limit) => members.filter((id) => id > after).slice(0, limit),
    cameAfter: async () => new Set(),
  };
}

const ofEverybody: ExportedGroup = { patients: nextPatients, cameAfter: async () => new Set() };

function ofCatchment(name: string): ExportedGroup {
  return {
    patients: (reader, after, limit) => memberIds(reader, name, after, limit),
    async cameAfter(reader, patients, moment) {
      const memberships = await membershipsOf(reader, patients);
      const came = memberships.filter(({ catchment, since }) => catchment === name && since > moment);
      return new Set(came.map(({ patient }) => patient));
    },
  };
}
