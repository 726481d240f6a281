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
