#!/usr/bin/env node
// Pictures of a report, for those who work on it:
//
//   node tests/browser/shots.mjs FILE.html OUTDIR [SECTION_ID...]
//
// Writes NAME-360.png, -768, -1440 (light), NAME-360-dark.png, NAME-1440-dark.png and NAME-print.pdf
// (with NAME-print-1.png, its first page, where pdftoppm is installed). With section ids only those
// elements are taken: NAME-ID-360.png and so on. A full page longer than 16,000 px is cut into
// NAME-360-1.png, NAME-360-2.png, ... because Chromium draws no picture higher than that.

import { execFileSync } from "node:child_process";
import { mkdirSync } from "node:fs";
import { basename, join, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { launch } from "./browser.mjs";

const HEIGHT = 900;
const LONGEST = 16000;
const VIEWS = [
  { width: 360, scheme: "light" },
  { width: 768, scheme: "light" },
  { width: 1440, scheme: "light" },
  { width: 360, scheme: "dark" },
  { width: 1440, scheme: "dark" },
];

async function pictures(page, stem) {
  const height = await page.evaluate(() => document.scrollingElement.scrollHeight);
  const width = page.viewportSize().width;
  if (height <= LONGEST) {
    await page.screenshot({ path: `${stem}.png`, fullPage: true });
    console.log(`${stem}.png  ${width} x ${height}`);
    return;
  }
  for (let top = 0, n = 1; top < height; top += LONGEST, n += 1) {
    const clip = { x: 0, y: top, width, height: Math.min(LONGEST, height - top) };
    await page.screenshot({ path: `${stem}-${n}.png`, fullPage: true, clip });
    console.log(`${stem}-${n}.png  ${width} x ${clip.height}`);
  }
}

async function sections(page, stem, suffix, ids) {
  for (const id of ids) {
    const element = page.locator(`[id="${id}"]`);
    if ((await element.count()) === 0) {
      console.error(`no element with the id ${id} (${suffix})`);
      process.exitCode = 1;
      continue;
    }
    const path = `${stem}-${id}-${suffix}.png`;
    await element.screenshot({ path });
    console.log(path);
  }
}

async function print(page, stem) {
  await page.emulateMedia({ media: "print", colorScheme: "light" });
  await page.pdf({ path: `${stem}-print.pdf`, preferCSSPageSize: true });
  console.log(`${stem}-print.pdf`);
  try {
    execFileSync("pdftoppm", ["-png", "-r", "80", "-f", "1", "-l", "1", "-singlefile", `${stem}-print.pdf`, `${stem}-print-1`]);
    console.log(`${stem}-print-1.png`);
  } catch {
    console.log("(no picture of the print: pdftoppm is not installed)");
  }
}

const [file, folder, ...ids] = process.argv.slice(2);
if (!folder) {
  console.error("usage: shots.mjs FILE.html OUTDIR [SECTION_ID...]");
  process.exit(2);
}
mkdirSync(folder, { recursive: true });
const stem = join(folder, basename(file).replace(/\.html?$/, ""));
const browser = await launch();
try {
  for (const { width, scheme } of VIEWS) {
    const page = await browser.newPage({ viewport: { width, height: HEIGHT }, colorScheme: scheme, bypassCSP: true });
    await page.goto(pathToFileURL(resolve(file)).href);
    // A picture of the whole page needs all of it laid out.
    await page.addStyleTag({ content: "section.group { content-visibility: visible !important; }" });
    const suffix = scheme === "dark" ? `${width}-dark` : `${width}`;
    if (ids.length > 0) await sections(page, stem, suffix, ids);
    else await pictures(page, `${stem}-${suffix}`);
    if (ids.length === 0 && width === 1440 && scheme === "light") await print(page, stem);
    await page.close();
  }
} finally {
  await browser.close();
}
