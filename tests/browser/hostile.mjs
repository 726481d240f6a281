#!/usr/bin/env node
// A corpus that tries to break out of the page: markup, script and control characters wherever a user's data reach the report.
// Every word is made up. The same bytes every time.
//
//   hostile.mjs corpus DIR               DIR/news/*.jsonl, DIR/speakers.csv, DIR/subject/*.jsonl, DIR/article/*.txt
//   hostile.mjs forge SCORES FORGED      a score file with names of speakers that no article would yield

import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

const PLAIN_SUBJECT = "Dana Verrick";
const MARKUP_SUBJECT = 'Dana "<b>" Verrick';

const OUTLETS = 300;
/** So many outlets have enough articles to be tested, on stories that they share. */
const LARGE = 12;
const LARGE_ARTICLES = 12;

/** What goes into names, ids, titles, dates, stories and sentences. */
const PAYLOADS = [
  "<script>window.pwned=1</script>",
  '"><img src=x onerror=window.pwned=1>',
  "'><svg onload=window.pwned=1>",
  "</script><script>window.pwned=1</script>",
  "</style><script>window.pwned=1</script>",
  "</title></textarea></select></option><script>window.pwned=1</script>",
  "</svg><script>window.pwned=1</script><svg>",
  "<!-- unfinished",
  "--><script>window.pwned=1</script>",
  "<![CDATA[ open ]]>",
  "&lt;b&gt;&amp;&quot;&#60;script&#62;window.pwned=1&#60;/script&#62;",
  "{{7*7}} ${7*7} <%= 7*7 %> #{7*7}",
  "\u202Edrow desrever\u202C 1234",
  "\u202E4321 never closed",
  "\u2067isolate never closed 56",
  "line\u2028paragraph\u2029end",
  "nul\u0000bell\u0007escape\u001B[31mred",
  "🦔",
  "👩‍👩‍👧‍👦🏴‍☠️é\u0301\u0301\u0301",
  "שלומית ולגרית 17",
  "Źdźbło Ĳsseldraak ÉCLAIR",
  "a  b\t\tc\r\nd",
  '" style="position:fixed;inset:0" onmouseover="window.pwned=1" x="',
  "javascript:window.pwned=1",
  "%3Cscript%3Ewindow.pwned=1%3C/script%3E",
  "\\u003cscript\\u003ewindow.pwned=1\\u003c/script\\u003e",
  ".*(?:[unclosed\\",
  "W".repeat(300),
];

const URLS = [
  "https://news.invalid/plain",
  "http://news.invalid/old?a=1&b=%22#top",
  "javascript:window.pwned=1",
  "JaVaScRiPt:window.pwned=1",
  " javascript:window.pwned=1",
  "\tjava\nscript:window.pwned=1",
  "\u0001javascript:window.pwned=1",
  "&#x6a;avascript:window.pwned=1",
  "data:text/html,<script>window.pwned=1</script>",
  "vbscript:window.pwned=1",
  "file:///etc/passwd",
  "//news.invalid/no-scheme",
  "news.invalid/relative",
  'https://news.invalid/"onmouseover="window.pwned=1',
  "https://news.invalid/<script>window.pwned=1</script>",
  "https://news.invalid/\u202Egnp.elif",
  "https:javascript:window.pwned=1",
  "https://user:word@news.invalid/",
  "",
];

const DATES = [
  "2021-03-04",
  "2021-04-05T10:00:00Z",
  "May 6, 2021",
  "2021-06-07<script>window.pwned=1</script>",
  '"><img src=x onerror=window.pwned=1>',
  "2021-13-45",
];

const SENTENCES = [
  (x) => `Dana Verrick betrayed the dredgers and wrecked the quay, the shameful fraud ${x} of the season.`,
  (x) => `Dana Verrick gave a splendid and generous account of ${x}, and the harbor cheered.`,
  (x) => `On Tuesday Dana Verrick filed form ${x} with the clerk of the tide board.`,
  (x) => `"Dana Verrick lied about ${x} and everyone knows it," said Mortimer Sprock.`,
  (x) => `Ottoline Gravesby said that Dana Verrick had earned ${x} by honest work.`,
  (x) => `"I never touched ${x}," Dana Verrick said.`,
  (x) => `Critics ${x} accuse Dana Verrick of a corrupt and dishonest scheme.`,
];

const pick = (list, n) => list[n % list.length];

const lines = (records) => records.map((record) => JSON.stringify(record) + "\n").join("");

function article(outlet, n, large) {
  const seed = outlet * 7 + n * 3;
  const body = [0, 1, 2].map((k) => pick(SENTENCES, seed + k)(pick(PAYLOADS, seed * 2 + k)));
  return {
    id: `${outlet}-${n} ${pick(PAYLOADS, seed)}`,
    outlet: `${pick(PAYLOADS, outlet)} ${outlet}`,
    title: `${pick(PAYLOADS, seed + 1)} and Dana Verrick ${pick(PAYLOADS, seed + 4)}`,
    date: pick(DATES, seed),
    story: large ? `story ${n} ${pick(PAYLOADS, n)}` : null,
    genre: pick(PAYLOADS, n),
    url: pick(URLS, seed),
    text: `The tide board met at Wexcombe.\n\n${body.join(" ")}\n\n${pick(PAYLOADS, seed + 2)}`,
  };
}

function news() {
  const records = [];
  for (let outlet = 0; outlet < OUTLETS; outlet += 1) {
    const large = outlet < LARGE;
    for (let n = 0; n < (large ? LARGE_ARTICLES : 1); n += 1) records.push(article(outlet, n, large));
  }
  const long = { ...article(0, 0, false), url: URLS[0] };
  records.push({ ...long, id: "unbroken", text: `Dana Verrick betrayed ${"xyzzyplugh".repeat(10_000)}.` });
  records.push({ ...long, id: "endless", text: `Dana Verrick betrayed ${"the wretched dredger and ".repeat(4_000)} us.` });
  return records;
}

/** A few articles whose subject is a name with markup. */
function markupSubject() {
  const records = [];
  for (let outlet = 0; outlet < 4; outlet += 1) {
    for (let n = 0; n < 8; n += 1) {
      const { text, title, ...rest } = article(outlet, n, false);
      const named = (string) => string.replaceAll(PLAIN_SUBJECT, MARKUP_SUBJECT);
      records.push({ ...rest, title: named(title), text: named(text) });
    }
  }
  return records;
}

const quoted = (field) => `"${field.replaceAll('"', '""')}"`;

function speakers() {
  const rows = [
    ["speaker", "camp"],
    ["Mortimer Sprock", PAYLOADS[0]],
    ["Ottoline Gravesby", PAYLOADS[1]],
    [PAYLOADS[3], PAYLOADS[12]],
  ];
  return rows.map((row) => row.map(quoted).join(",") + "\n").join("");
}

function corpus(folder) {
  for (const name of ["news", "subject", "article"]) mkdirSync(join(folder, name), { recursive: true });
  writeFileSync(join(folder, "news", `<img src=x onerror=window.pwned=1> & "co" {{7*7}}.jsonl`), lines(news()));
  writeFileSync(join(folder, "subject", "news.jsonl"), lines(markupSubject()));
  writeFileSync(join(folder, "speakers.csv"), speakers());
  const body = PAYLOADS.map((payload, n) => pick(SENTENCES, n)(payload)).join("\n\n");
  const text = `${PAYLOADS[0]} and Dana Verrick\n\nBy ${PAYLOADS[1]}\n\n${body}\n\nAdvertisement\n`;
  writeFileSync(join(folder, "article", `<b onclick=window.pwned=1>.txt`), text.replaceAll("\u0000", ""));
}

function forge(from, to) {
  let n = 0;
  const forged = readFileSync(from, "utf8")
    .trimEnd()
    .split("\n")
    .map((line) => JSON.parse(line))
    .map((record) => {
      for (const sentence of record.sentences ?? []) {
        if (typeof sentence.speaker === "string") sentence.speaker = pick(PAYLOADS, n++);
      }
      return record;
    });
  writeFileSync(to, lines(forged));
}

const [command, a, b] = process.argv.slice(2);
if (command === "corpus" && a) corpus(a);
else if (command === "forge" && b) forge(a, b);
else {
  console.error("usage: hostile.mjs corpus DIR | hostile.mjs forge SCORES FORGED");
  process.exit(2);
}
