export { type Account, openTestProvider, type TestProvider, testClient } from "./openid-provider.ts";
export { signInAtProvider } from "./small-browser.ts";
