/* Binds the keys of the table in tellerdesk/commands.py, which the page carries in its block "commands-data".
   Never the browser's own: F5, F11, F12 and everything with Ctrl, Alt or Meta stay as they are. */
(function () {
  "use strict";
  const data = document.getElementById("commands-data");
  const keys = data ? JSON.parse(data.textContent).keys : { F8: "press", F9: "press" };
  const field = "input, select, textarea, [contenteditable]";

  /* The form one stands in; the command bar and forms that are a lone button belong to the page. */
  function formInHand() {
    const here = document.activeElement;
    const form = here && (here.form || here.closest("form"));
    return form && !form.matches("[data-commands]") && typed(form).length ? form : null;
  }

  const typed = (form) => [...form.elements].filter((each) => each.matches("input:not([type=hidden]), select, textarea"));
  const text = (form) => typed(form).some((each) => each.matches("[type=text], input:not([type])") && each.value.trim());

  /* Its own button or nothing, never that of another form. */
  function ofForm(form, name) {
    const own = [...form.elements].filter((each) => each.dataset.key === name);
    if (own.length) return own.find((each) => !each.disabled);
    return name === "F9" ? [...form.elements].find((each) => each.type === "submit" && !each.disabled) : null;
  }

  /* The first in sight; of forms that are one another's alternative, [data-either], the one with text in it. */
  function ofPage(name) {
    const buttons = [...document.querySelectorAll(`[data-key="${name}"]:not([disabled])`)];
    const found = buttons.filter((each) => each.getClientRects().length);
    return found.find((each) => each.form && each.form.matches("[data-either]") && text(each.form)) || found[0];
  }

  const actions = {
    bar() {
      const input = document.querySelector("[data-commands] input");
      if (!input || !input.getClientRects().length) return false;
      input.focus();
      input.select();
      return true;
    },
    list() {
      const bar = document.querySelector("[data-commands]");
      if (bar) window.location.assign(bar.dataset.listUrl);
      return Boolean(bar);
    },
    press(name) {
      const form = formInHand();
      const button = form ? ofForm(form, name) : ofPage(name);
      if (button) button.click();
      return true;
    },
  };

  document.addEventListener("keydown", (event) => {
    if (event.isComposing || event.keyCode === 229) return;
    if (event.ctrlKey || event.altKey || event.metaKey || event.shiftKey) return;
    const action = actions[keys[event.key]];
    if (!action) return;
    if (event.key.length === 1 && event.target.closest(field)) return;
    if (event.repeat || action(event.key)) event.preventDefault();
  });
})();
