"use strict";
/* Tables that sort (table[data-sort]) and lists that filter ([data-filter]). Without this script they are whole and readable.
   Only text is written, never markup; what is drawn comes from the page itself. */
(() => {
  const english = document.documentElement.lang === "en";
  const say = english
    ? { filter: "Filter", shown: (n, all) => n + " of " + all + " shown" }
    : { filter: "Saring", shown: (n, all) => "tampil " + n + " dari " + all };

  const plain = (text) => text.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase();

  const value = (cell) => {
    const text = cell.textContent.trim();
    const point = english ? text.replace(/,/g, "") : text.replace(/\./g, "").replace(",", ".");
    const number = /^[+\u2212±-]?\d[\d.]*\s*%?$/.test(point) ? parseFloat(point.replace("\u2212", "-").replace("±", "")) : NaN;
    return { text: plain(text), number };
  };

  const compare = (a, b) => {
    const [x, y] = [!Number.isNaN(a.number), !Number.isNaN(b.number)];
    if (x && y) return a.number - b.number;
    return x === y ? a.text.localeCompare(b.text) : x ? -1 : 1;
  };

  const sortable = (table) => {
    const body = table.tBodies[0];
    const heads = [...table.tHead.rows[0].cells];
    heads.forEach((head, column) => {
      if (!head.textContent.trim() || head.classList.contains("bar")) return;
      const button = document.createElement("button");
      button.type = "button";
      button.className = "sort";
      button.append(...head.childNodes);
      head.append(button);
      button.addEventListener("click", () => {
        const down = head.getAttribute("aria-sort") === "ascending";
        for (const other of heads) other.removeAttribute("aria-sort");
        head.setAttribute("aria-sort", down ? "descending" : "ascending");
        const rows = [...body.rows].map((row) => [value(row.cells[column]), row]);
        rows.sort((a, b) => (down ? compare(b[0], a[0]) : compare(a[0], b[0])));
        body.append(...rows.map(([, row]) => row));
      });
    });
  };

  const filterable = (list) => {
    const items = list.tBodies ? [...list.tBodies[0].rows] : [...list.children];
    if (items.length < 6) return;
    const texts = items.map((item) => plain(item.textContent));
    const label = document.createElement("label");
    const field = document.createElement("input");
    const told = document.createElement("output");
    const bar = document.createElement("div");
    field.type = "search";
    field.autocomplete = "off";
    label.append((list.dataset.filter || say.filter) + " ", field);
    bar.className = "filter";
    bar.append(label, told);
    field.addEventListener("input", () => {
      const words = plain(field.value).split(/\s+/).filter(Boolean);
      let shown = 0;
      items.forEach((item, at) => {
        item.hidden = !words.every((word) => texts[at].includes(word));
        shown += !item.hidden;
      });
      told.value = words.length ? say.shown(shown, items.length) : "";
    });
    const place = list.closest(".wide") || list;
    place.before(bar);
  };

  document.querySelectorAll("table[data-sort]").forEach(sortable);
  document.querySelectorAll("[data-filter]").forEach(filterable);
})();
