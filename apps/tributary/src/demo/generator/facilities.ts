import type { Random } from "@tributary/kernel";
import { between, pick } from "./chance.ts";
import { familyNames, givenNames, towns } from "./clinical-words.ts";

/** What all patients of one run share: they are written first, under ids that the patients' records refer to. */
export interface Facilities {
  readonly organizations: readonly object[];
  readonly locations: readonly object[];
  readonly practitioners: readonly object[];
}

/** Every facility of one run has one organization, one location and so many practitioners. */
const practitionersPerFacility = 3;

/** Makes one facility per town, with its people. */
export function makeFacilities(random: Random): Facilities {
  const names = towns.map((town) => ({ id: town.toLowerCase(), town }));
  return {
    organizations: names.map(({ id, town }) => ({
      resourceType: "Organization",
      id: `organization-${id}`,
      identifier: [{ system: "urn:tributary:facility", value: id }],
      active: true,
      name: `${town} Health Centre`,
      telecom: [{ system: "phone", value: `+254 ${between(random, 200_000_000, 799_999_999)}` }],
    })),
    locations: names.map(({ id, town }) => ({
      resourceType: "Location",
      id: `location-${id}`,
      status: "active",
      name: `${town} Outpatient Clinic`,
      mode: "instance",
      address: { city: town, country: "KE" },
      managingOrganization: { reference: `Organization/organization-${id}` },
    })),
    practitioners: names.flatMap(({ id }) =>
      Array.from({ length: practitionersPerFacility }, (_, index) => ({
        resourceType: "Practitioner",
        id: `practitioner-${id}-${index + 1}`,
        identifier: [{ system: "urn:tributary:practitioner", value: `${id}-${index + 1}` }],
        active: true,
        name: [
          {
            family: pick(random, familyNames),
            given: [pick(random, [...givenNames.female, ...givenNames.male])],
            prefix: ["Dr."],
          },
        ],
      })),
    ),
  };
}
