// The installed Chromium, started without anything that would reach for the network.

import { existsSync } from "node:fs";
import { delimiter, join } from "node:path";
import { chromium } from "playwright-core";

const NAMES = ["chromium", "chromium-browser", "google-chrome-stable", "google-chrome"];

const ARGUMENTS = [
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];

/** Path of the browser: $CHROMIUM, else the first of NAMES on the PATH. */
export function executable() {
  if (process.env.CHROMIUM) return process.env.CHROMIUM;
  const folders = (process.env.PATH ?? "").split(delimiter);
  for (const name of NAMES) {
    for (const folder of folders) {
      const path = join(folder, name);
      if (folder && existsSync(path)) return path;
    }
  }
  throw new Error(`no Chromium found: none of ${NAMES.join(", ")} is on the PATH; set CHROMIUM to its path`);
}

/** A running browser; the caller closes it. */
export function launch() {
  return chromium.launch({ executablePath: executable(), args: ARGUMENTS });
}

/**
 * A page with the file at `url` in a context of its own, and a log of what should not be there: messages of the console, errors,
 * breaches of the content security policy, requests (all but the file itself are aborted), windows that open. Without motion, so that nothing is looked at while it moves. `options` are
 * Playwright's for a context.
 */
export async function open(browser, url, options = {}) {
  const context = await browser.newContext({ viewport: { width: 1440, height: 900 }, reducedMotion: "reduce", ...options });
  const log = [];
  await context.route("**/*", (route) => {
    const wanted = route.request().url();
    if (wanted.split("#")[0] === url || wanted.startsWith("data:")) return route.continue();
    log.push(`request: ${wanted}`);
    return route.abort();
  });
  const page = await context.newPage();
  context.on("page", (opened) => log.push(`window: ${opened.url()}`));
  page.on("console", (message) => {
    if (["error", "warning"].includes(message.type())) log.push(`console ${message.type()}: ${message.text()}`);
  });
  page.on("pageerror", (error) => log.push(`page error: ${error.message}`));
  page.on("dialog", (dialog) => {
    log.push(`dialog: ${dialog.message()}`);
    return dialog.dismiss();
  });
  const start = performance.now();
  await page.goto(url);
  return { page, context, log, milliseconds: Math.round(performance.now() - start) };
}
