/* 1001 and step 2 of 1003. The number answers as it is typed, the online check runs once number and name are there, what unfolds unfolds.
   All judging is the server's: this file only asks, fills and shows. */
(function () {
  "use strict";
  const form = document.querySelector("[data-opening]");
  if (!form) return;
  const number = form.elements.document_number;
  const type = form.elements.document_type;
  const lengths = JSON.parse(document.getElementById("lengths").textContent);
  const counter = form.querySelector("[data-length]");
  const answer = document.getElementById("answer");
  const RUN = "#check-run";
  const REFRESH = "#check-refresh";

  const plain = (text) => text.normalize("NFKC").replace(/\s/g, "");
  const typed = () => `${type.value} ${plain(number.value)}`;
  const isMachineReadable = () => /^[PACI][A-Z0-9<]*<[A-Z0-9<]*$/i.test(plain(number.value));
  /* a line of an ID reader: fields between separators, or the card's record of more than 79 places */
  const readerFields = () => Math.max(...["|", "\t", "^", ","].map((sign) => number.value.split(sign).length));
  const isReaderLine = () => readerFields() >= 8 || /^.{15}[0-9男女].{2}[0-9]{8}.{35}[0-9]{17}[0-9Xx]/.test(number.value);
  const wholeZone = () => isMachineReadable() && [88, 90].includes(plain(number.value).length);
  let asked = answer.children.length ? typed() : "";

  function ask() {
    if (typed() === asked) return;
    asked = typed();
    window.htmx.trigger(answer, "ask");
  }

  function count() {
    const wanted = isReaderLine() ? 0 : lengths[type.value];
    const length = [...plain(number.value)].length;
    counter.textContent = wanted && length ? `${length}/${wanted}` : "";
    return wanted === length;
  }

  function numberTyped() {
    const complete = count();
    if (typed() !== asked) {
      answer.replaceChildren();
      asked = "";
      changedAfterCheck();
    }
    if (complete || wholeZone()) ask();
  }

  function isReady() {
    const told = answer.querySelector("[data-valid='1']");
    const stops = answer.querySelector("[data-known]") && !form.matches("[data-known-fine]");
    return Boolean(told && !stops && form.elements.name.value.trim());
  }

  function changedAfterCheck() {
    const check = form.elements.identity_check;
    if (check && !check.matches("[data-void]")) window.htmx.trigger(REFRESH, "refresh");
  }

  function checkIfReady() {
    if (isReady()) window.htmx.trigger(RUN, "run");
    else changedAfterCheck();
  }

  /* [data-enter-checks]: Enter in the name runs the check and then goes on to what it asks */
  let goesOn = false;
  function checkByEnter(event) {
    const check = form.elements.identity_check;
    const isChecked = check && !check.matches("[data-void]");
    if (event.key !== "Enter" || event.shiftKey || event.isComposing || isChecked) return;
    if (!number.value.trim() || !event.target.value.trim() || (answer.children.length && !isReady())) return;
    event.preventDefault();
    if (event.repeat || goesOn) return;
    goesOn = true;
    event.target.blur();
    if (isReady()) window.htmx.trigger(RUN, "run");
    else {
      asked = "";
      ask();
    }
  }

  function goOn() {
    goesOn = false;
    const next = [...document.querySelectorAll("#check input, #check select, #check button")].find(
      (each) => each.type !== "hidden" && each.getClientRects().length,
    );
    (next || form.querySelector("[data-key=F9]")).focus();
  }

  /* what was wrong before the check is not wrong any more */
  function forgetUnchecked() {
    const check = form.elements.identity_check;
    const line = document.querySelector("[data-errors] a[href='#id_identity_check']");
    if (!line || !check || check.matches("[data-void]")) return;
    const summary = line.closest("[data-errors]");
    line.closest("li").remove();
    if (!summary.querySelector("li")) summary.remove();
  }

  /* what the document says */
  function tell(field, note, value) {
    field.value = value;
    field.readOnly = true;
    field.setAttribute("readonly", "");
    field.tabIndex = -1;
    if (field.matches("select")) field.setAttribute("aria-readonly", "true");
    field.classList.add("input--filled");
    note.hidden = false;
  }

  function release(field, note) {
    if (note.hidden) return;
    field.removeAttribute("readonly");
    field.removeAttribute("aria-readonly");
    field.removeAttribute("tabindex");
    field.classList.remove("input--filled");
    field.value = "";
    note.hidden = true;
  }

  function fill(name, { value, locked }) {
    const field = form.elements[name];
    if (!field) return null;
    const note = field.closest(".field") && field.closest(".field").querySelector("[data-told]");
    if (locked && note) return tell(field, note, value);
    if (note) release(field, note);
    if (!value && !locked) return null;
    if (field.type === "checkbox") field.checked = Boolean(value);
    else if (locked || !field.value || field.name === "nationality") field.value = value;
    return null;
  }

  function fillFrom(part) {
    const block = part.querySelector("script[type='application/json']");
    if (!block) return;
    for (const [name, told] of Object.entries(JSON.parse(block.textContent))) fill(name, told);
    block.remove();
    if (!part.textContent.trim()) part.replaceChildren();
    count();
    form.dispatchEvent(new Event("input", { bubbles: true }));
  }

  /* what unfolds */
  const show = (selector, on) => form.querySelectorAll(selector).forEach((each) => { each.hidden = !on; });

  function unfold() {
    const { occupation, has_agent: agent } = form.elements;
    show("[data-when-other]", Boolean(occupation && occupation.value === "other"));
    show("[data-when-agent]", Boolean(agent && agent.checked));
    form.querySelectorAll("[data-when-paper]").forEach((each) => { each.hidden = each.dataset.whenPaper !== type.value; });
    const refusing = form.querySelector("[data-refusing]");
    show("[data-when-refusing]", Boolean(refusing && refusing.checked));
  }

  /* a further document is another paper: what the file says of the primary one goes, and comes back with it */
  const ofPrimary = new Map();
  function useChanged(use) {
    const isFurther = use === "further";
    for (const field of [number, form.elements.issuing_authority]) {
      if (isFurther && !ofPrimary.has(field)) ofPrimary.set(field, field.value);
      if (isFurther) field.value = "";
      else if (ofPrimary.has(field)) field.value = ofPrimary.get(field);
    }
    if (!isFurther) ofPrimary.clear();
    numberTyped();
  }

  function openWay(button, id) {
    const way = document.getElementById(id);
    way.hidden = !way.hidden;
    button.setAttribute("aria-expanded", String(!way.hidden));
    const first = way.querySelector("input, select");
    if (!way.hidden && first) first.focus();
  }

  number.addEventListener("input", numberTyped);
  number.addEventListener("change", ask);
  number.addEventListener("paste", () => setTimeout(() => isReaderLine() && ask()));
  /* a scanner ends every line of the zone with Enter: the field is left with the last one */
  number.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && isMachineReadable() && !wholeZone()) event.preventDefault();
  });
  type.addEventListener("change", () => {
    count();
    ask();
  });
  form.elements.name.addEventListener("change", checkIfReady);
  if (form.matches("[data-enter-checks]")) form.elements.name.addEventListener("keydown", checkByEnter);
  for (const name of ["valid_from", "valid_until", "long_term"]) {
    const field = form.elements[name];
    if (field) field.addEventListener("change", () => window.htmx.trigger("#validity", "ask"));
  }

  form.addEventListener("change", (event) => {
    unfold();
    if (event.target.name === "use") useChanged(event.target.value);
    if (event.target.closest("[data-refresh]")) window.htmx.trigger(REFRESH, "refresh");
  });
  form.addEventListener("click", (event) => {
    const way = event.target.closest("[data-way]");
    const change = event.target.closest("[data-switch-type]");
    const fold = event.target.closest("[data-unfold]");
    if (way) openWay(way, way.dataset.way);
    if (fold) openWay(fold, fold.dataset.unfold);
    if (change) {
      type.value = change.dataset.switchType;
      unfold();
      count();
      ask();
      number.focus();
    }
    if (event.target.closest("[data-save-draft]")) {
      form.dispatchEvent(new Event("input", { bubbles: true }));
      form.dispatchEvent(new Event("focusout"));
    }
  });
  document.addEventListener("htmx:afterSwap", (event) => {
    const part = event.detail.target;
    if (part.id === "answer" || part.id === "validity") fillFrom(part);
    if (part.id === "answer") checkIfReady();
    if (part.id === "answer" && goesOn && !isReady()) {
      goesOn = false;
      number.focus();
    }
    if (part.id === "check") {
      unfold();
      forgetUnchecked();
      if (goesOn) goOn();
      form.dispatchEvent(new Event("input", { bubbles: true }));
    }
  });
  count();
  unfold();
  if (form.matches("[data-renewing]") && !document.querySelector("[data-errors]")) {
    number.focus();
    number.select();
  }
  if (!number.value && !document.querySelector("[data-errors]")) number.focus();
})();
