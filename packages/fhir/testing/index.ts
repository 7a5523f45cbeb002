export { type FhirApiForTests, fhirApiForTests, type TestAnswer, testBase } from "./fhir-api-for-tests.ts";
export { aPatient, deleting, type StoreForTests, saving, storeForTests } from "./store-for-tests.ts";
