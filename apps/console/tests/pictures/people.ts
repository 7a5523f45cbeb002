/** A person whom the pictures show; nobody real. */
export interface Person {
  readonly given: string;
  readonly family: string;
  readonly gender: "female" | "male";
  readonly birthDate: string;
  readonly city: string;
  readonly phone?: string;
}

const names = [
  "Amina Otieno f 1984-03-21 Kisumu",
  "Joseph Otieno m 1979-11-02 Kisumu",
  "Mary Wanjiru f 1991-07-14 Siaya",
  "Peter Ochieng m 2003-01-30 Kisumu",
  "Grace Akinyi f 1996-09-09 Siaya",
  "Samuel Kiprop m 1968-05-25 Siaya",
  "Esther Nafula f 2011-12-01 Kisumu",
  "Daniel Mutua m 1988-08-18 Kisumu",
  "Ruth Chebet f 1975-02-11 Siaya",
  "Isaac Odhiambo m 2019-06-06 Kisumu",
  "Halima Yusuf f 2000-10-23 Siaya",
  "David Onyango m 1955-04-04 Kisumu",
];

/** The people whom the pictures show. */
export const people: readonly Person[] = names.map((line) => {
  const [given = "", family = "", sex, birthDate = "", city = ""] = line.split(" ");
  return { given, family, gender: sex === "f" ? "female" : "male", birthDate, city };
});

/** A person as a FHIR patient, `patient-7`. */
export function aPatient(at: number, { given, family, gender, birthDate, city, phone }: Person) {
  return {
    resourceType: "Patient",
    id: `patient-${at + 1}`,
    identifier: [{ system: "http://moh.example/national-id", value: `KE-${40_117 + 311 * at}` }],
    active: true,
    name: [{ use: "official", family, given: [given] }],
    gender,
    birthDate,
    address: [{ city, country: "Kenya" }],
    ...(phone ? { telecom: [{ system: "phone", value: phone }] } : {}),
  };
}
