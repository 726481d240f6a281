// Tests of the HTML reports in a real browser: Chromium, driven by playwright-core; axe-core for accessibility.
//
//   tests/browser/run [STANDPOINT]               makes the reports with the binary (target/release/standpoint) and tests them
//   node tests/browser/run.mjs FILE.html...      tests these reports (after `npm ci` in tests/browser)
//
// Needs Node 18 or later and an installed Chromium ($CHROMIUM, or `chromium` on the PATH); downloads neither. Everything runs without
// network. A report of `compare` is told by its #evidence, one of `score` by its .article; a report whose name begins with "hostile" must
// hold the markup of hostile.mjs as text. ONLY=words limits the tests to those whose name holds the words, e.g.
//
//   ONLY=layout node tests/browser/run.mjs report.html

import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { basename, resolve } from "node:path";
import { after, before, describe, it } from "node:test";
import { pathToFileURL } from "node:url";
import { launch, open } from "./browser.mjs";
import * as checks from "./checks.mjs";

const WIDTHS = [360, 768, 1440];
const HEIGHT = 900;
const LARGEST = 3_000_000;
/** In px on the screen. */
const SMALLEST_LABEL = 9;
const ALWAYS = ["summary", "outlets", "evidence", "methods", "coverage"];
const SELECTS = ["subject", "outlet", "class", "voice", "frame", "speaker"];
/** So many options of a list are tried: the first ones, the middle and the last. */
const TRIED = 4;
/** So many presses of Tab from the start of the page. */
const TABS = 150;
/** So many sentences, and rows a table, are looked at with everything opened. */
const ENOUGH = 60;
const NOWHERE = "zqxjvkw plmqz";

const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const files = process.argv.slice(2);
if (files.length === 0) {
  console.error("usage: run.mjs FILE.html...");
  process.exit(2);
}

let browser;
before(async () => {
  browser = await launch();
});
after(() => browser?.close());

const none = (problems, what) => assert.equal(problems.length, 0, `${what}:\n  ${problems.join("\n  ")}`);

/** Waits until `read` gives a value that `fits`, or for five seconds; gives the last value. */
async function settled(read, fits) {
  const end = Date.now() + 5000;
  for (;;) {
    const value = await read();
    if (fits(value) || Date.now() > end) return value;
    await new Promise((done) => setTimeout(done, 20));
  }
}

const tried = (list) => (list.length <= TRIED + 2 ? list : [...list.slice(0, TRIED), list[list.length >> 1], list.at(-1)]);

/** The evidence and what filters it. */
class Filters {
  constructor(page) {
    this.page = page;
  }

  at(name) {
    return this.page.locator(`[id="${name}"]`);
  }

  /** Lists with nothing to choose from are hidden, and left alone here. */
  async read() {
    this.all = await this.page.evaluate(checks.sentences);
    this.options = {};
    for (const name of SELECTS) {
      const select = this.at(`f-${name}`);
      if ((await select.count()) === 0 || !(await select.isVisible())) continue;
      this.options[name] = await select.locator("option").evaluateAll((options) => options.map((o) => ({ value: o.value, label: o.label })));
    }
    return this;
  }

  async choose(wanted) {
    for (const [name, value] of Object.entries(wanted)) {
      if (name === "search") await this.at("f-search").fill(value);
      else await this.at(`f-${name}`).selectOption(value);
    }
  }

  /** Looks that exactly the sentences that fit are shown, and that the count says so; gives their number. */
  async expect(fits, what) {
    const expected = this.all.filter(fits).map((item) => item.id);
    const same = (now) => now.ids.length === expected.length && now.ids.every((id, i) => id === expected[i]);
    const told = (now) => {
      const numbers = now.count.replace(/(\d)[,\u2009\u202F](?=\d)/g, "$1").match(/^(\d+|No)\b.*?\bof (\d+)/i) ?? [];
      return numbers.slice(1).map((number) => (/^no$/i.test(number) ? 0 : Number(number)));
    };
    const now = await settled(
      () => this.page.evaluate(checks.shown),
      (value) => same(value) && told(value)[0] === expected.length,
    );
    assert.deepEqual(now.ids.slice(0, 30), expected.slice(0, 30), `${what}: the sentences shown (${now.ids.length}) are not those that fit (${expected.length})`);
    assert.equal(now.ids.length, expected.length, `${what}: sentences shown`);
    assert.deepEqual(now.untrue, [], `${what}: \`hidden\` and looks disagree`);
    assert.deepEqual(told(now), [expected.length, this.all.length], `${what}: the count says "${now.count}"`);
    return expected.length;
  }
}

const plain = (text) => text.normalize("NFKC").toLowerCase().replace(/\s+/g, " ");
/** Whether the sentence fits the chosen values: all of them. */
const fitting = (wanted) => (item) =>
  Object.entries(wanted).every(([name, value]) =>
    name === "search" ? plain(item.all).includes(plain(value).trim()) : value === "" || item[name].includes(value),
  );

for (const file of files) {
  const url = pathToFileURL(resolve(file)).href;
  const source = readFileSync(file, "utf8");
  const name = basename(file);
  const hostile = name.startsWith("hostile");
  const compare = /\bid="evidence"/.test(source);
  const test = (title, body) => {
    if (!process.env.ONLY || title.includes(process.env.ONLY)) it(title, body);
  };
  /** A page for `body`; afterwards the log must be empty. */
  const visit = async (options, body) => {
    const visited = await open(browser, url, options);
    try {
      const result = await body(visited.page, visited);
      none(visited.log, "logged");
      return result;
    } finally {
      await visited.context.close();
    }
  };
  const eachView = async (body) => {
    for (const width of WIDTHS) await visit({ viewport: { width, height: HEIGHT } }, (page) => body(page, width));
  };

  describe(name, () => {
    test("is one file of moderate size", (t) => {
      const bytes = Buffer.byteLength(source);
      t.diagnostic(`${name}: ${(bytes / 1e6).toFixed(2)} MB`);
      assert.ok(bytes < LARGEST, `${bytes} bytes`);
      const control = source.match(/[\u0000-\u0008\u000B\u000C\u000E-\u001F\u007F]/);
      assert.equal(control, null, `a control character in the file: ${JSON.stringify(control?.[0])} at ${control?.index}`);
    });

    test("loads without messages, errors, breaches of policy or requests", (t) =>
      visit({}, async (page, { milliseconds }) => {
        t.diagnostic(`${name}: loaded in ${milliseconds} ms`);
        await page.evaluate(checks.openDetails);
        await page.mouse.wheel(0, 5000);
        await page.waitForTimeout(200);
      }));

    test("has a head with language, title and encoding, and a policy that names every script and style", () =>
      visit({}, async (page) => {
        const head = await page.evaluate(() => ({
          mode: document.compatMode,
          encoding: document.characterSet,
          lang: document.documentElement.lang,
          title: document.title.trim(),
          viewport: document.querySelector("meta[name=viewport]")?.content ?? "",
          policy: document.querySelector('meta[http-equiv="Content-Security-Policy" i]')?.content ?? "",
          metas: [...document.querySelectorAll("meta[http-equiv]")].length,
          before: document.querySelectorAll('meta[http-equiv="Content-Security-Policy" i] ~ :is(script, style)').length,
          scripts: [...document.scripts].map((s) => ({ text: s.textContent, type: s.type })),
          styles: [...document.querySelectorAll("style")].map((s) => s.textContent),
          mains: document.querySelectorAll("main").length,
          h1: document.querySelectorAll("h1").length,
        }));
        assert.equal(head.mode, "CSS1Compat");
        assert.equal(head.encoding, "UTF-8");
        assert.equal(head.lang, "en");
        assert.notEqual(head.title, "");
        assert.match(head.viewport, /width=device-width/);
        assert.doesNotMatch(head.viewport, /user-scalable=no|maximum-scale/);
        assert.equal(head.mains, 1, "one main");
        assert.equal(head.h1, 1, "one h1");
        assert.equal(head.metas, 1, "no http-equiv but the policy");
        assert.match(head.policy, /default-src 'none'/);
        assert.doesNotMatch(head.policy, /unsafe|\*|https?:/);
        const hash = (text) => `'sha256-${createHash("sha256").update(text).digest("base64")}'`;
        for (const { text, type } of head.scripts) {
          if (type === "" || type === "module") assert.ok(head.policy.includes(hash(text)), `a script that the policy does not name: ${text.slice(0, 80)}`);
          else assert.equal(type, "application/json", "a script of another type");
        }
        for (const text of head.styles) assert.ok(head.policy.includes(hash(text)), `a style that the policy does not name: ${text.slice(0, 80)}`);
        assert.ok(head.scripts.length <= 2, `${head.scripts.length} scripts`);
        assert.equal(source.match(/<script\b/gi)?.length ?? 0, head.scripts.length, "every <script of the file is an element");
        assert.equal(source.match(/<style\b/gi)?.length ?? 0, head.styles.length, "every <style of the file is an element");
      }));

    test("keeps markup in the data from becoming markup of the page", async () => {
      await visit({}, async (page) => {
        none(await page.evaluate(checks.markup), "markup");
        none(await page.evaluate(checks.references), "references");
        if (name === "hostile.html") {
          const places = await page.locator("a.place").evaluateAll((list) => list.map((a) => a.href));
          for (const place of ["https://news.invalid/plain", "http://news.invalid/old"]) {
            assert.ok(places.some((href) => href.startsWith(place)), `a link to ${place}`);
          }
        }
        if (!hostile) return;
        const text = await page.evaluate(() => document.body.textContent);
        for (const literal of ["<script>window.pwned=1</script>", "<img src=x onerror=window.pwned=1>", "&lt;b&gt;&amp;", "{{7*7}}"]) {
          assert.ok(text.includes(literal), `the page shows ${literal} as it is written`);
        }
      });
    });

    for (const bypassCSP of [false, true]) {
      test(`runs nothing of the data, ${bypassCSP ? "even without the policy" : "whatever is clicked"}`, () =>
        visit({ bypassCSP }, async (page) => {
          const pwned = () => page.evaluate(() => "pwned" in window || document.title.includes("pwned=1;"));
          assert.equal(await pwned(), false, "after loading");
          assert.ok((await page.evaluate(checks.clickAll)) > 0, "something to click");
          await page.waitForTimeout(200);
          assert.equal(await pwned(), false, "after clicking");
          assert.equal(page.url().split("#")[0], url, "still on the page");
        }));
    }

    test("isolates characters that turn the direction of text", () =>
      visit({}, async (page) => none(await page.evaluate(checks.directions), "directions")));

    test("is complete without JavaScript", () =>
      visit({ javaScriptEnabled: false }, async (page) => {
        await page.evaluate(checks.openDetails);
        none(await page.evaluate(checks.invisible), "without JavaScript");
        for (const id of ["filters", "theme"]) {
          const element = page.locator(`[id="${id}"]`);
          if (await element.count()) assert.equal(await element.isVisible(), false, `#${id} does nothing without JavaScript and must be hidden`);
        }
      }));

    test("fits the window at every width (layout)", () =>
      eachView(async (page, width) => {
        await page.evaluate(checks.renderAll);
        none(await page.evaluate(checks.layout), `at ${width} px`);
        await page.evaluate(checks.openDetails);
        await page.evaluate(checks.thinOut, ENOUGH);
        none(await page.evaluate(checks.layout), `at ${width} px, details open`);
      }));

    test("has a dark and a light theme, by the system and by the button", async () => {
      const dark = ({ ground, text }) => ground < 0.25 && text > 0.6;
      const light = ({ ground, text }) => ground > 0.8 && text < 0.4;
      for (const scheme of ["light", "dark"]) {
        await visit({ colorScheme: scheme }, async (page) => {
          const tones = async () => page.evaluate(checks.tones);
          const system = scheme === "dark" ? dark : light;
          const say = async () => JSON.stringify(await tones());
          assert.ok(system(await tones()), `${scheme} system: ${await say()}`);
          const button = page.locator("#theme");
          if (!compare && (await button.count()) === 0) return;
          const names = new Set();
          for (const [theme, fits] of [["light", light], ["dark", dark], ["auto", system]]) {
            await button.click();
            assert.equal((await page.locator("html").getAttribute("data-theme")) ?? "auto", theme);
            const now = await settled(tones, fits);
            assert.ok(fits(now), `${theme} by the button on a ${scheme} system: ${JSON.stringify(now)}`);
            names.add(await button.evaluate((b) => `${b.textContent} ${b.getAttribute("aria-label")} ${b.getAttribute("aria-pressed")} ${b.title}`));
          }
          assert.equal(names.size, 3, "the button says which theme it is");
        });
      }
    });

    test("prints: no controls, all content", () =>
      visit({ viewport: { width: 718, height: 1000 } }, async (page, { log }) => {
        const theme = page.locator("#theme");
        if (await theme.count()) {
          await theme.click();
          await theme.click();
        }
        await page.emulateMedia({ media: "print" });
        const pdf = await page.pdf({ format: "A4" });
        assert.equal(pdf.subarray(0, 5).toString(), "%PDF-");
        assert.ok(pdf.length > 10_000, `${pdf.length} bytes of PDF`);
        none(log, "logged");
        await page.evaluate(() => window.dispatchEvent(new Event("beforeprint")));
        none(await page.evaluate(checks.printed), "in print");
        const { ground } = await page.evaluate(checks.tones);
        assert.ok(ground > 0.9, `a dark page prints on white (luminance ${ground})`);
        none((await page.evaluate(checks.layout)).filter((problem) => problem.includes("px wide")), "in print");
      }));

    test("has no serious or critical problem of accessibility (axe)", async (t) => {
      const found = new Set();
      const minor = new Set();
      for (const colorScheme of ["light", "dark"]) {
        for (const width of [360, 1440]) {
          await visit({ colorScheme, viewport: { width, height: HEIGHT } }, async (page) => {
            await page.evaluate(checks.openDetails);
            await page.evaluate(checks.thinOut, ENOUGH);
            await page.evaluate(checks.renderAll);
            await page.evaluate(axe);
            const { violations } = await page.evaluate(() => window.axe.run(document, { resultTypes: ["violations"] }));
            for (const { id, impact, help, nodes } of violations) {
              const into = ["serious", "critical"].includes(impact) ? found : minor;
              const examples = nodes.slice(0, 2).map((node) => `${node.target.join(" ")} ${node.any[0]?.message ?? ""}`);
              into.add(`${impact} ${id}: ${help} (${nodes.length} at ${width} px, ${colorScheme}): ${examples.join("; ")}`);
            }
          });
        }
      }
      for (const problem of minor) t.diagnostic(`${name}: ${problem}`);
      none([...found], "axe");
    });

    test("is reached by keyboard in a sensible order, with a focus that shows", () =>
      visit({}, async (page) => {
        await page.keyboard.press("Tab");
        const skip = await page.evaluate(checks.focused);
        assert.match(skip?.href ?? "", /^#/, `the first stop is the skip link, not ${skip?.what}`);
        assert.ok(skip.inside && skip.ring, "the skip link shows when it has the focus");
        const walk = async (presses) => {
          const stops = [];
          for (let n = 0; n < presses; n += 1) {
            await page.keyboard.press("Tab");
            const stop = await page.evaluate(checks.focused);
            if (!stop) break;
            stops.push(stop);
          }
          none(stops.filter((stop) => !stop.ring).map((stop) => stop.what), "no ring around the focus");
          none(stops.filter((stop) => !stop.inside).map((stop) => stop.what), "focus out of sight");
          none(stops.filter((stop) => stop.tabindex > 0).map((stop) => stop.what), "tabindex above 0");
          none(stops.filter((stop, i) => i > 0 && stop.order < stops[i - 1].order).map((stop) => stop.what), "focus goes back");
          return stops;
        };
        const first = await walk(TABS);
        if (!compare) return;
        if (await page.locator("figure.chart details").count()) {
          assert.ok(first.some((stop) => stop.tag === "summary"), "Tab reaches the details of charts");
          const summary = page.locator("figure.chart summary").first();
          await summary.focus();
          const isOpen = () => summary.evaluate((e) => e.parentElement.open);
          const was = await isOpen();
          await page.keyboard.press("Enter");
          assert.equal(await isOpen(), !was, "Enter opens the details");
        }
        const controls = await page.locator("#filters :is(select, input, button)").evaluateAll((list) => list.filter((e) => e.checkVisibility()).map((e) => e.id));
        await page.locator(`[id="${controls[0]}"]`).focus();
        const filters = [controls[0], ...(await walk(controls.length - 1)).map((stop) => stop.id)];
        assert.deepEqual(filters, controls, "Tab goes through the filters in order");
        await page.goto(`${url}#main`);
        await page.goto(url);
        await page.keyboard.press("Tab");
        await page.keyboard.press("Enter");
        const target = await page.evaluate(() => location.hash);
        assert.equal(target, skip.href, "Enter follows the skip link");
      }));

    if (!compare) {
      test("shows the article with sentences, voices and furniture", () =>
        visit({}, async (page) => {
          assert.ok(await page.locator("main .article").count(), "an element .article");
          assert.ok(await page.locator(".article span.s[data-class]").count(), "sentences: span.s[data-class]");
          assert.ok(await page.locator(".article :is(sup, [data-voice], .voice)").count(), "voices are marked");
          const colours = await page.locator(".article .furniture").evaluateAll((list) =>
            list.map((e) => [getComputedStyle(e).color, getComputedStyle(e.closest(".article")).color]),
          );
          assert.ok(colours.length > 0, "furniture: .furniture");
          for (const [dimmed, plain] of colours) assert.notEqual(dimmed, plain, "furniture is dimmed");
        }));
      return;
    }

    test("has its sections", () =>
      visit({}, async (page) => {
        none(await page.evaluate(checks.sections, ALWAYS), "sections");
      }));

    test("has charts that can be read, with their figures as tables", async () => {
      await visit({}, async (page) => none(await page.evaluate(checks.chartTables), "charts"));
      for (const colorScheme of ["light", "dark"]) {
        for (const width of WIDTHS) {
          await visit({ colorScheme, viewport: { width, height: HEIGHT } }, async (page) => {
            none(await page.evaluate(checks.charts, SMALLEST_LABEL), `at ${width} px, ${colorScheme}`);
          });
        }
      }
    });

    const withFilters = (body) =>
      visit({}, async (page) => {
        const filters = await new Filters(page).read();
        assert.ok(filters.all.length > 0, "there are sentences");
        assert.ok(await filters.at("filters").isVisible(), "the filters are shown");
        return body(filters);
      });

    test("filters by each list", () =>
      withFilters(async (filters) => {
        for (const list of SELECTS) {
          const values = new Set(filters.all.flatMap((item) => item[list]));
          if (values.size > 1) assert.ok(filters.options[list], `sentences differ by ${list}, and there is no #f-${list}`);
        }
        await filters.expect(() => true, "at first");
        for (const [list, options] of Object.entries(filters.options)) {
          assert.equal(options[0].value, "", `the first option of #f-${list} means all`);
          const used = new Set(filters.all.flatMap((item) => item[list]));
          const values = new Set(options.map((option) => option.value));
          none([...used].filter((value) => !values.has(value)), `${list}: sentences whose value is no option`);
          none(options.filter((option) => !option.label.trim()).map((option) => option.value), `${list}: options without a name`);
          for (const { value, label } of tried(options.slice(1))) {
            await filters.choose({ [list]: value });
            const fits = fitting({ [list]: value });
            await filters.expect(fits, `${list} ${label}`);
            if (list === "subject") continue;
            const strangers = filters.all.filter((item) => fits(item) && !plain(`${item.heading} ${item.all}`).includes(plain(label).trim()));
            none(strangers.slice(0, 5).map((item) => `${item.id}: ${item.all.slice(0, 80)}`), `${list} ${label} is not what the sentence shows`);
          }
          await filters.choose({ [list]: "" });
          await filters.expect(() => true, `${list} again at all`);
        }
      }));

    test("filters by several lists and words together, and resets", () =>
      withFilters(async (filters) => {
        for (const item of tried(filters.all)) {
          const wanted = {};
          for (const list of Object.keys(filters.options)) wanted[list] = item[list].at(-1) ?? "";
          wanted.search = item.text.match(/\p{L}{4,12}/u)?.[0] ?? "";
          await filters.choose(wanted);
          assert.ok((await filters.expect(fitting(wanted), JSON.stringify(wanted))) > 0, "the sentence itself fits");
        }
        await filters.at("f-reset").click();
        await filters.expect(() => true, "after reset");
        assert.equal(await filters.at("f-search").inputValue(), "");
        for (const list of Object.keys(filters.options)) assert.equal(await filters.at(`f-${list}`).inputValue(), "");
      }));

    test("searches words, whatever their case and script, and takes them literally", () =>
      withFilters(async (filters) => {
        const words = tried(filters.all).flatMap((item) => item.text.match(/\p{L}{5,12}/gu)?.slice(0, 2) ?? []);
        const asked = [...new Set(words.flatMap((word) => [word.toUpperCase(), word.toLowerCase()]))];
        asked.push(...[".*", "(", "[a-z]", "\\", "^", "$", "?", "+", "|", "a|b", "źdźbło", "ÉCLAIR", "éclair", "🦔", "שלומית", "<script>", "&", '"', "’"]);
        for (const search of asked) {
          await filters.choose({ search });
          await filters.expect(fitting({ search }), `search ${JSON.stringify(search)}`);
        }
        if (hostile) {
          await filters.choose({ search: "źDŹBŁO" });
          assert.ok((await filters.expect(fitting({ search: "źdźbło" }), "a word beyond ASCII")) > 0);
        }
      }));

    test("opens the sentences behind a figure", () =>
      withFilters(async (filters) => {
        const links = await filters.page.locator("a[data-f]").evaluateAll((list) => list.map((link) => link.dataset.f));
        for (const key of tried([...new Set(links)])) {
          await filters.page.evaluate((wanted) => [...document.querySelectorAll("a[data-f]")].find((a) => a.dataset.f === wanted).click(), key);
          const wanted = Object.fromEntries(key.split(" ").map((part) => part.split("=")));
          assert.ok((await filters.expect(fitting(wanted), key)) > 0, `${key} has sentences`);
        }
      }));

    test("says when nothing fits", () =>
      withFilters(async (filters) => {
        await filters.choose({ search: NOWHERE });
        assert.equal(await filters.expect(() => false, "no hit"), 0);
        assert.equal(await filters.at("f-count").getAttribute("aria-live"), "polite");
        assert.ok(await filters.at("f-count").isVisible(), "the count is shown");
      }));

    test("filters by keyboard alone", () =>
      withFilters(async (filters) => {
        const { page, options } = filters;
        await filters.at("f-class").focus();
        await page.keyboard.press("ArrowDown");
        const value = options.class[1].value;
        assert.equal(await filters.at("f-class").inputValue(), value);
        await filters.expect(fitting({ class: value }), "ArrowDown");
        await filters.at("f-search").focus();
        const word = filters.all.find((item) => item.class.includes(value))?.text.match(/[A-Za-z]{5,}/)?.[0]?.slice(0, 12) ?? "a";
        await page.keyboard.type(word);
        await filters.expect(fitting({ class: value, search: word }), `typing ${word}`);
        await filters.at("f-reset").focus();
        await page.keyboard.press("Space");
        await filters.expect(() => true, "reset by Space");
      }));
  });
}
