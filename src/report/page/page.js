(() => {
  "use strict";
  const root = document.documentElement;
  const theme = document.getElementById("theme");
  if (theme) {
    const names = ["auto", "light", "dark"];
    const show = (name) => {
      root.dataset.theme = name;
      theme.textContent = "Colors: " + name;
    };
    theme.hidden = false;
    show("auto");
    theme.addEventListener("click", () => show(names[(names.indexOf(root.dataset.theme) + 1) % names.length]));
  }
  window.addEventListener("beforeprint", () => {
    for (const details of document.querySelectorAll("details:not(.why)")) details.open = true;
  });

  const filters = document.getElementById("filters");
  if (!filters) return;
  const plain = (text) => text.normalize("NFKC").toLowerCase().replace(/\s+/g, " ");
  const items = Array.from(document.querySelectorAll("article.sentence"), (element) => ({
    element,
    data: element.dataset,
    text: null,
  }));
  // What stands in an item is gathered when somebody first searches.
  const textOf = (item) => {
    if (item.text === null) {
      item.text = plain(Array.from(item.element.querySelectorAll(".meta, .text, .source"), (part) => part.textContent).join(" "));
    }
    return item.text;
  };
  const groups = Array.from(document.querySelectorAll("section.group"));
  const selects = ["subject", "outlet", "class", "voice", "frame", "speaker"]
    .map((name) => ({ name, element: document.getElementById("f-" + name) }))
    .filter((select) => select.element);
  const search = document.getElementById("f-search");
  const count = document.getElementById("f-count");
  const fits = (item, name, value) =>
    name === "frame" ? (item.data.frames || "").split(" ").includes(value) : item.data[name] === value;

  const apply = () => {
    const wanted = selects.filter((select) => select.element.value !== "");
    const words = plain(search.value).trim();
    let shown = 0;
    for (const item of items) {
      const keep =
        wanted.every((select) => fits(item, select.name, select.element.value)) &&
        (words === "" || textOf(item).includes(words));
      item.element.hidden = !keep;
      shown += keep;
    }
    for (const group of groups) group.hidden = !group.querySelector("article.sentence:not([hidden])");
    const noun = items.length === 1 ? "sentence" : "sentences";
    count.textContent =
      (shown === 0 ? "No sentence" : shown) + " of " + items.length + " " + noun + " shown" +
      (shown === 0 ? ": none fits all filters" : "");
  };
  const reset = () => {
    for (const select of selects) select.element.value = "";
    search.value = "";
  };

  for (const select of selects) select.element.addEventListener("change", apply);
  search.addEventListener("input", apply);
  document.getElementById("f-reset").addEventListener("click", () => {
    reset();
    apply();
    search.focus();
  });
  document.addEventListener("click", (event) => {
    const link = event.target.closest && event.target.closest("a[data-f]");
    if (!link) return;
    event.preventDefault();
    reset();
    for (const part of link.dataset.f.split(" ")) {
      const [name, value] = part.split("=");
      const select = selects.find((one) => one.name === name);
      if (select) select.element.value = value;
    }
    apply();
    const heading = document.getElementById("evidence");
    heading.scrollIntoView();
    count.focus({ preventScroll: true });
  });
  filters.hidden = false;
  apply();
})();
