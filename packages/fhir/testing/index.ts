export { aPatient, deleting, type StoreForTests, saving, storeForTests } from "./store-for-tests.ts";
