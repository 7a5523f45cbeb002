/** The stream of the records that belong to no patient and that every child may have. */
export const metadataStream = "metadata";

/**
 * The types whose records tell of many patients at once: they stay at the parent, since nobody's catchment holds them
 * all. By FHIR's definition a Group would be in the compartment of each of its members.
 */
export const collectiveTypes: ReadonlySet<string> = new Set(["Group"]);

/**
 * The resource types that every child may have, unless an operator names others: what a clinic needs besides its
 * patients. A type that tells of patients, such as Group or List, is never among them.
 */
export const defaultMetadataTypes: readonly string[] = [
  "ActivityDefinition",
  "ChargeItemDefinition",
  "CodeSystem",
  "ConceptMap",
  "Endpoint",
  "HealthcareService",
  "InsurancePlan",
  "Library",
  "Location",
  "Measure",
  "Medication",
  "MedicationKnowledge",
  "NamingSystem",
  "ObservationDefinition",
  "Organization",
  "OrganizationAffiliation",
  "PlanDefinition",
  "Practitioner",
  "PractitionerRole",
  "Questionnaire",
  "SpecimenDefinition",
  "StructureDefinition",
  "Substance",
  "ValueSet",
];
