// What is looked at inside the page. Each function is sent to the browser by itself, so none uses anything outside its own body; each
// returns a list of problems in words, or plain data.

/** The sentences of the evidence, as their attributes tell them. */
export function sentences() {
  return [...document.querySelectorAll("article.sentence")].map((item) => {
    const indices = (name) => (item.getAttribute(`data-${name}`) ?? "").split(/[\s,]+/).filter((x) => x !== "");
    const parts = [...item.children].filter((part) => part.localName !== "details");
    return {
      id: item.id,
      subject: indices("subject"),
      outlet: indices("outlet"),
      class: indices("class"),
      voice: indices("voice"),
      frame: indices("frames"),
      speaker: indices("speaker"),
      text: item.querySelector(".text")?.textContent ?? "",
      heading: item.closest("section")?.querySelector("h2, h3, h4")?.textContent ?? "",
      /** What is searched: all but what is folded away. */
      all: parts.map((part) => part.textContent).join(" "),
    };
  });
}

/** Ids of the shown sentences, what the count says, and sentences whose `hidden` and whose looks disagree. */
export function shown() {
  const items = [...document.querySelectorAll("article.sentence")];
  const gone = (item) => {
    for (let e = item; e; e = e.parentElement) if (getComputedStyle(e).display === "none") return true;
    return false;
  };
  return {
    ids: items.filter((item) => !item.hidden).map((item) => item.id),
    count: document.getElementById("f-count")?.textContent.trim() ?? "",
    untrue: items.filter((item) => item.hidden !== gone(item)).map((item) => item.id),
  };
}

/** The sections of `needed` are there, each with a heading; an id may stand at the section or at its heading. */
export function sections(needed) {
  const problems = [];
  for (const id of needed) {
    const section = document.getElementById(id)?.closest("main section");
    if (!section) problems.push(`no section #${id}`);
    else if (!section.querySelector("h2, h3")?.textContent.trim()) problems.push(`section #${id} has no heading`);
  }
  return problems;
}

export function openDetails() {
  for (const details of document.querySelectorAll("details")) details.open = true;
}

/** Lays out what the page would lay out only near the window: before, places of what is far away are guesses. */
export function renderAll() {
  document.styleSheets[0].insertRule("* { content-visibility: visible !important; }");
}

/** Leaves some `most` sentences and rows a table, evenly, and all very long ones: more of the same would only take longer to look at. */
export function thinOut(most) {
  const thin = (elements) => {
    const step = elements.length / most;
    const kept = new Set(Array.from({ length: most }, (_, i) => Math.floor(i * step)));
    if (step > 1) for (const [i, e] of elements.entries()) if (!kept.has(i) && e.textContent.length < 5000) e.remove();
  };
  thin([...document.querySelectorAll("article.sentence")]);
  for (const body of document.querySelectorAll("tbody")) thin([...body.querySelectorAll("tr")]);
  for (const select of document.querySelectorAll("select")) thin([...select.options]);
}

/** Sentences and sections that take no room. */
export function invisible() {
  const problems = [];
  for (const e of document.querySelectorAll("main section, article.sentence, .article .s")) {
    const style = getComputedStyle(e);
    const room = [...e.getClientRects()].some((box) => box.width > 0 && box.height > 0);
    if (!room || style.visibility !== "visible" || Number(style.opacity) === 0) problems.push(`${e.localName}#${e.id} is not visible`);
  }
  return problems;
}

/** The page must not scroll sideways; what is wide scrolls in a container that the keyboard reaches. */
export function layout() {
  const problems = [];
  const name = (e) => `${e.localName}${e.id ? `#${e.id}` : ""}.${[...e.classList].join(".")} in #${e.closest("[id]")?.id}`;
  const page = document.scrollingElement;
  if (page.scrollWidth > innerWidth) problems.push(`the page is ${page.scrollWidth} px wide in a window of ${innerWidth} px`);
  for (const e of [document.documentElement, document.body]) {
    const { overflowX } = getComputedStyle(e);
    if (overflowX !== "visible") problems.push(`${e.localName} has overflow-x: ${overflowX}, which hides what is too wide`);
  }
  const scroller = (e) => ["auto", "scroll", "hidden", "clip"].includes(getComputedStyle(e).overflowX);
  const contained = (e) => {
    for (let up = e.parentElement; up && up !== document.body; up = up.parentElement) if (scroller(up)) return true;
    return false;
  };
  for (const e of document.body.querySelectorAll("*")) {
    if (e.closest("svg") && e.localName !== "svg") continue;
    const box = e.getBoundingClientRect();
    if (box.width > 1 && box.height > 1 && box.right > innerWidth + 1 && e.checkVisibility() && !contained(e)) {
      problems.push(`${name(e)} reaches to ${Math.round(box.right)} px`);
    }
    if (e.scrollWidth > e.clientWidth + 1 && e.clientWidth > 1 && e.checkVisibility()) {
      const { overflowX } = getComputedStyle(e);
      if (["auto", "scroll"].includes(overflowX) && e.tabIndex < 0 && !["SELECT", "INPUT", "TEXTAREA"].includes(e.tagName)) {
        problems.push(`${name(e)} scrolls but the keyboard cannot reach it (no tabindex)`);
      }
      if (["hidden", "clip"].includes(overflowX) && getComputedStyle(e).position !== "absolute" && !["SELECT", "INPUT"].includes(e.tagName)) {
        problems.push(`${name(e)} cuts off what is too wide (${e.scrollWidth} px in ${e.clientWidth} px)`);
      }
    }
  }
  return problems.slice(0, 20);
}

/** Labels of charts: none over another, none cut off, none smaller than `smallest` px on the screen, all with enough contrast. */
export function charts(smallest) {
  const problems = [];
  const canvas = document.createElement("canvas").getContext("2d", { willReadFrequently: true });
  const luminance = (colour) => {
    canvas.clearRect(0, 0, 1, 1);
    canvas.fillStyle = colour;
    canvas.fillRect(0, 0, 1, 1);
    const [r, g, b] = [...canvas.getImageData(0, 0, 1, 1).data].map((x) => {
      const s = x / 255;
      return s <= 0.04045 ? s / 12.92 : ((s + 0.055) / 1.055) ** 2.4;
    });
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const background = (e) => {
    for (let up = e; up; up = up.parentElement) {
      const { backgroundColor } = getComputedStyle(up);
      if (!/^(transparent|rgba\(0, 0, 0, 0\))$/.test(backgroundColor)) return backgroundColor;
    }
    return "#fff";
  };
  /** The four corners on the screen of a text's box, a little smaller than its line. */
  const corners = (text) => {
    const box = text.getBBox();
    const matrix = text.getScreenCTM();
    const dy = box.height * 0.15;
    const at = (x, y) => new DOMPoint(x, y).matrixTransform(matrix);
    const [left, right, top, bottom] = [box.x + 0.5, box.x + box.width - 0.5, box.y + dy, box.y + box.height - dy];
    return [at(left, top), at(right, top), at(right, bottom), at(left, bottom)];
  };
  const separated = (a, b) =>
    [a, b].some((shape) =>
      shape.some((p, i) => {
        const q = shape[(i + 1) % 4];
        const along = (point) => (point.x - p.x) * (p.y - q.y) + (point.y - p.y) * (q.x - p.x);
        const [one, other] = [a.map(along), b.map(along)];
        return Math.max(...one) <= Math.min(...other) || Math.max(...other) <= Math.min(...one);
      }),
    );
  for (const svg of document.querySelectorAll("svg")) {
    const frame = svg.getBoundingClientRect();
    if (frame.width === 0 || !svg.checkVisibility()) continue;
    const where = `chart in #${svg.closest("[id]")?.id}`;
    const shapes = [...svg.querySelectorAll("rect, circle, path, polygon, ellipse")].filter((e) => {
      const style = getComputedStyle(e);
      return style.fill !== "none" && Number(style.fillOpacity) > 0 && Number(style.opacity) > 0;
    });
    const boxes = shapes.map((e) => e.getBoundingClientRect());
    const texts = [...svg.querySelectorAll("text")]
      .filter((e) => e.textContent.trim() && getComputedStyle(e).visibility === "visible" && getComputedStyle(e).display !== "none")
      .map((e) => ({ e, name: e.textContent.trim().slice(0, 40), shape: corners(e), box: e.getBoundingClientRect() }));
    for (const { e, name, shape, box } of texts) {
      if (shape.some((p) => p.x < frame.left - 1 || p.x > frame.right + 1 || p.y < frame.top - 1 || p.y > frame.bottom + 1)) {
        problems.push(`${where}: "${name}" is cut off`);
      }
      for (const part of [e, ...e.querySelectorAll("tspan")]) {
        if (![...part.childNodes].some((node) => node.nodeType === Node.TEXT_NODE && node.data.trim())) continue;
        const matrix = part.getScreenCTM();
        const scale = Math.sqrt(Math.abs(matrix.a * matrix.d - matrix.b * matrix.c));
        const size = parseFloat(getComputedStyle(part).fontSize) * scale;
        if (size < smallest - 0.01) problems.push(`${where}: "${name}" is ${size.toFixed(1)} px high`);
      }
      const [x, y] = [box.x + box.width / 2, box.y + box.height / 2];
      if (boxes.some((b) => b.left <= x && x <= b.right && b.top <= y && y <= b.bottom)) continue;
      const [light, dark] = [luminance(getComputedStyle(e).fill), luminance(background(svg))].sort((a, b) => b - a);
      const contrast = (light + 0.05) / (dark + 0.05);
      if (contrast < 4.5) problems.push(`${where}: "${name}" has a contrast of ${contrast.toFixed(1)}`);
    }
    for (const [i, one] of texts.entries()) {
      for (const other of texts.slice(i + 1)) {
        const apart = one.box.right <= other.box.left || other.box.right <= one.box.left || one.box.bottom <= other.box.top || other.box.bottom <= one.box.top;
        if (!apart && !separated(one.shape, other.shape)) problems.push(`${where}: "${one.name}" lies over "${other.name}"`);
      }
    }
  }
  return [...new Set(problems)].slice(0, 20);
}

/** Charts have a name for those who do not see them, and their figures as a table. */
export function chartTables() {
  const problems = [];
  for (const figure of document.querySelectorAll("figure.chart")) {
    const where = `chart in #${figure.closest("[id]")?.id}`;
    const svg = figure.querySelector('svg[role="img"]');
    if (!svg) {
      problems.push(`${where} has no svg with role="img"`);
      continue;
    }
    const by = (svg.getAttribute("aria-labelledby") ?? "").split(/\s+/).filter(Boolean);
    const name = svg.getAttribute("aria-label") ?? by.map((id) => document.getElementById(id)?.textContent ?? "").join(" ");
    if (!(name || svg.querySelector(":scope > title")?.textContent || "").trim()) problems.push(`${where} has no name`);
    if (!figure.querySelector("details table td")) problems.push(`${where} has no table with its figures`);
    if (!figure.querySelector("details summary")?.textContent.trim()) problems.push(`${where}: its details have no summary`);
  }
  return problems;
}

/** Nothing of the data became an element, an attribute that runs, or a place to go to. */
export function markup() {
  const problems = [];
  for (const e of document.querySelectorAll("*")) {
    for (const { name, value } of e.attributes) {
      if (/^on/i.test(name)) problems.push(`<${e.localName} ${name}="${value}">`);
      if (/^(src|srcset|action|formaction|background|poster|ping|xlink:href|srcdoc|style)$/i.test(name)) problems.push(`<${e.localName} ${name}="${value.slice(0, 80)}">`);
      if (name === "href" && !/^(https?:\/\/|#)/.test(value)) problems.push(`<${e.localName} href="${value.slice(0, 80)}">`);
    }
    if (["iframe", "object", "embed", "base", "form", "img", "image", "link", "video", "audio", "animate", "set", "foreignobject"].includes(e.localName.toLowerCase())) {
      problems.push(`a <${e.localName}> in ${e.parentElement?.localName}`);
    }
  }
  const comments = document.createNodeIterator(document, NodeFilter.SHOW_COMMENT);
  for (let c = comments.nextNode(); c; c = comments.nextNode()) if (/pwned|<script/i.test(c.data)) problems.push(`comment: ${c.data.slice(0, 80)}`);
  return problems.slice(0, 20);
}

/** Characters that turn the direction of what follows stay inside what they came with. */
export function directions() {
  const problems = [];
  const turning = /[\u202A-\u202E\u2066-\u2069]/;
  // Every block is isolated from its neighbours, but holds words of ours beside the data: there only an inline wrapper or dir="auto" counts.
  const isolates = (e) => {
    const { unicodeBidi, display } = getComputedStyle(e);
    return e.localName === "bdi" || e.dir === "auto" || unicodeBidi === "plaintext" || (display.startsWith("inline") && unicodeBidi.startsWith("isolate"));
  };
  if (turning.test(document.title)) problems.push("the title holds a character that turns the direction");
  for (const e of document.querySelectorAll("*")) {
    for (const { name, value } of e.attributes) {
      // Addresses are shown percent-encoded.
      if (name !== "href" && turning.test(value)) problems.push(`<${e.localName} ${name}> holds a character that turns the direction`);
    }
  }
  const nodes = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  for (let node = nodes.nextNode(); node; node = nodes.nextNode()) {
    if (!turning.test(node.data) || /^(script|style)$/.test(node.parentElement.localName)) continue;
    let isolated = false;
    for (let e = node.parentElement; e && e !== document.body && !isolated; e = e.parentElement) {
      isolated = isolates(e);
      if (/^(p|li|td|th|section|article|div|figure|main)$/.test(e.localName)) break;
    }
    if (!isolated) problems.push(`not isolated in <${node.parentElement.localName}>: ${JSON.stringify(node.data.slice(0, 60))}`);
  }
  return problems.slice(0, 20);
}

/** Ids stand once, and what is pointed at is there. */
export function references() {
  const problems = [];
  const seen = new Set();
  for (const { id } of document.querySelectorAll("[id]")) {
    if (seen.has(id)) problems.push(`two elements with the id ${id}`);
    seen.add(id);
  }
  for (const e of document.querySelectorAll("[aria-labelledby], [aria-describedby], [aria-controls], [for]")) {
    for (const attribute of ["aria-labelledby", "aria-describedby", "aria-controls", "for"]) {
      for (const id of (e.getAttribute(attribute) ?? "").split(/\s+/).filter(Boolean)) {
        if (!seen.has(id)) problems.push(`${attribute}="${id}" names nothing`);
      }
    }
  }
  for (const a of document.querySelectorAll('a[href^="#"]')) {
    const id = decodeURIComponent(a.getAttribute("href").slice(1));
    if (id && !seen.has(id)) problems.push(`href="#${id}" leads nowhere`);
  }
  return problems.slice(0, 20);
}

/** Clicks whatever can be clicked; real links are held back, so that a click runs what a script address would run. */
export function clickAll() {
  const held = (event) => {
    const link = event.target.closest?.("a");
    if (link && /^https?:$/.test(link.protocol)) event.preventDefault();
  };
  document.addEventListener("click", held, true);
  const elements = document.querySelectorAll("a, summary, button, label, [role], [tabindex], option");
  for (const e of elements) e.dispatchEvent(new MouseEvent("mouseover", { bubbles: true }));
  // Links that only set the filters do the same work each time: an even share of them is enough.
  const setting = [...elements].filter((e) => e.matches("a[data-f]"));
  const step = Math.ceil(setting.length / 40);
  const passed = new Set(setting.filter((_, i) => i % step !== 0));
  for (const e of elements) if (!passed.has(e)) e.click?.();
  document.removeEventListener("click", held, true);
  return elements.length;
}

/** Luminances of the page's ground and of its text, 0 black to 1 white. */
export function tones() {
  const canvas = document.createElement("canvas").getContext("2d", { willReadFrequently: true });
  const luminance = (colour, under) => {
    canvas.fillStyle = under;
    canvas.fillRect(0, 0, 1, 1);
    canvas.fillStyle = colour;
    canvas.fillRect(0, 0, 1, 1);
    const [r, g, b] = canvas.getImageData(0, 0, 1, 1).data;
    return (0.2126 * r + 0.7152 * g + 0.0722 * b) / 255;
  };
  const ground = ["body", "html"].map((name) => getComputedStyle(document.querySelector(name)).backgroundColor).find((c) => c !== "rgba(0, 0, 0, 0)");
  const text = document.querySelector("main p") ?? document.body;
  return { ground: luminance(ground ?? "Canvas", "#fff"), text: luminance(getComputedStyle(text).color, "#fff") };
}

/** The element that has the focus: what it is, whether it shows, and its place in the document. */
export function focused() {
  const e = document.activeElement;
  if (!e || e === document.body) return null;
  const style = getComputedStyle(e);
  const box = e.getBoundingClientRect();
  const outline = style.outlineStyle !== "none" && parseFloat(style.outlineWidth) > 0;
  const inside = box.width > 0 && box.height > 0 && box.bottom > 0 && box.top < innerHeight && box.right > 0 && box.left < innerWidth;
  return {
    what: `${e.localName}${e.id ? `#${e.id}` : ""} in #${e.parentElement?.closest("[id]")?.id} "${e.textContent.trim().slice(0, 30)}"`,
    tag: e.localName,
    id: e.id,
    href: e.getAttribute("href"),
    order: [...document.querySelectorAll("*")].indexOf(e),
    ring: outline || style.boxShadow !== "none",
    inside,
    tabindex: e.tabIndex,
  };
}

/** In print: what should not be there, and what should. How each single score came about (.why) may be left out. */
export function printed() {
  const problems = [];
  const rendered = (e) => e.checkVisibility({ visibilityProperty: true, opacityProperty: true });
  for (const e of document.querySelectorAll("#filters, button, select, input")) if (rendered(e)) problems.push(`${e.localName}#${e.id} is printed`);
  for (const e of document.querySelectorAll("article.sentence .text, details:not(.why) table td, .article .s")) {
    if (!e.closest("[hidden]") && !rendered(e)) problems.push(`not printed: "${e.textContent.trim().slice(0, 40)}" in #${e.closest("[id]")?.id}`);
  }
  return problems.slice(0, 20);
}
