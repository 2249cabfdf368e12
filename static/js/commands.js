/* The command bar: a code, a word or pinyin initials find a transaction or a page, Enter opens it.
   Finds what search() in tellerdesk/commands.py finds, in the same order. */
(function () {
  "use strict";
  const bar = document.querySelector("[data-commands]");
  const data = document.getElementById("commands-data");
  if (!bar || !data) return;
  const { transactions, places } = JSON.parse(data.textContent);
  const input = bar.querySelector("input");
  const panel = bar.querySelector(".cmd__panel");
  const list = bar.querySelector("[role=listbox]");
  const none = bar.querySelector("[data-cmd-none]");
  const hint = bar.querySelector("[data-cmd-hint]");
  const hintClosed = hint.textContent;
  let options = [];
  let chosen = -1;
  let cameFrom = null;

  function find(rows, sought) {
    const byCode = rows.filter((row) => sought && row.code && row.code.startsWith(sought));
    const byName = rows.filter((row) => row.words.includes(sought) || (row.initials || "").includes(sought));
    return [...byCode, ...byName.filter((row) => !byCode.includes(row))];
  }

  function element(name, className, ...children) {
    const made = document.createElement(name);
    if (className) made.className = className;
    made.append(...children);
    return made;
  }

  function icon(name) {
    const space = "http://www.w3.org/2000/svg";
    const svg = document.createElementNS(space, "svg");
    const use = document.createElementNS(space, "use");
    svg.setAttribute("class", "icon");
    svg.setAttribute("aria-hidden", "true");
    use.setAttribute("href", `#i-${name}`);
    svg.append(use);
    return svg;
  }

  function marked(text, at, length) {
    const made = element("span");
    if (at < 0 || !length) made.append(text);
    else made.append(text.slice(0, at), element("mark", "", text.slice(at, at + length)), text.slice(at + length));
    return made;
  }

  function titleOf(row, sought) {
    const direct = row.title.toLowerCase().indexOf(sought);
    const letters = row.initials && row.initials.length === row.title.length ? row.initials.indexOf(sought) : -1;
    return marked(row.title, direct >= 0 ? direct : letters, sought.length);
  }

  function endOf(row, sought) {
    if (row.allowed === false) return element("span", "tag", icon(row.course ? "cap" : "lock"), row.reason);
    const at = sought && row.initials ? row.initials.indexOf(sought) : -1;
    if (at < 0) return element("small", "", row.hint || "");
    const small = element("small");
    small.append(...marked(row.initials, at, sought.length).childNodes);
    return small;
  }

  function option(row, place, sought) {
    const start = element("span", "mono", row.code || icon(row.icon));
    const made = element("li", "cmd__item", start, titleOf(row, sought), endOf(row, sought));
    made.id = `cmd-${place}`;
    made.setAttribute("role", "option");
    made.setAttribute("aria-selected", "false");
    if (row.allowed === false) made.setAttribute("aria-disabled", "true");
    made.addEventListener("click", () => window.location.assign(row.url));
    made.row = row;
    return made;
  }

  function group(title, rows, sought) {
    if (!rows.length) return [];
    const head = element("li", "cmd__group", title);
    head.setAttribute("role", "presentation");
    return [head, ...rows.map((row) => {
      const made = option(row, options.length, sought);
      options.push(made);
      return made;
    })];
  }

  function show() {
    const sought = input.value.trim().toLowerCase();
    options = [];
    const pages = sought ? find(places.map((row) => ({ ...row, title: row.label, words: row.label.toLowerCase() })), sought) : [];
    const known = find(transactions, sought);
    const taken = new Set(known.map((row) => row.url));
    list.replaceChildren(
      ...group(bar.dataset.transactions, known, sought),
      ...group(bar.dataset.pages, pages.filter((row) => !taken.has(row.url)), sought),
    );
    none.textContent = options.length ? "" : bar.dataset.none;
    panel.hidden = false;
    input.setAttribute("aria-expanded", "true");
    hint.textContent = hint.dataset.open;
    choose(options.length ? 0 : -1);
  }

  function choose(place) {
    if (options[chosen]) options[chosen].setAttribute("aria-selected", "false");
    chosen = place;
    const option = options[chosen];
    if (!option) return input.removeAttribute("aria-activedescendant");
    option.setAttribute("aria-selected", "true");
    input.setAttribute("aria-activedescendant", option.id);
    option.scrollIntoView({ block: "nearest" });
  }

  function close() {
    panel.hidden = true;
    input.setAttribute("aria-expanded", "false");
    input.removeAttribute("aria-activedescendant");
    hint.textContent = hintClosed;
    chosen = -1;
  }

  function leave() {
    input.value = "";
    close();
    if (cameFrom && cameFrom.isConnected) cameFrom.focus();
    else input.blur();
  }

  const moves = { ArrowDown: 1, ArrowUp: -1 };

  input.addEventListener("focus", (event) => {
    if (event.relatedTarget && !bar.contains(event.relatedTarget)) cameFrom = event.relatedTarget;
    show();
  });
  input.addEventListener("input", show);
  input.addEventListener("keydown", (event) => {
    if (event.isComposing || event.keyCode === 229) return;
    if (event.key === "Escape") {
      leave();
    } else if (event.key === "Enter") {
      if (panel.hidden) show();
      if (options[chosen]) window.location.assign(options[chosen].row.url);
    } else if (moves[event.key]) {
      if (panel.hidden) show();
      else if (options.length) choose((chosen + moves[event.key] + options.length) % options.length);
    } else {
      return;
    }
    event.preventDefault();
  });
  bar.addEventListener("submit", (event) => event.preventDefault());
  panel.addEventListener("mousedown", (event) => event.preventDefault());
  bar.addEventListener("focusout", (event) => {
    if (!bar.contains(event.relatedTarget)) close();
  });
})();
