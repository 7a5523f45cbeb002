/** The stream of the records that belong to no patient and that every child may have. */
export const metadataStream = "metadata";

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
