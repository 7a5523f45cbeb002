import { type Browser, type Page } from "playwright-core";
/** Starts the headless browser that comes with the development packages. */
export declare function openBrowser(): Promise<Browser>;
/** A fresh page, in English, without anybody signed in; what the page reports as wrong is collected. */
export declare function openPage(browser: Browser): Promise<{
  readonly page: Page;
  readonly wrong: readonly string[];
}>;
/** Signs in through the form. */
export declare function signIn(page: Page, url: string, user: string, password: string): Promise<void>;
