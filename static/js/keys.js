/* Binds the keys of the table in tellerdesk/commands.py, which the page carries in its block "commands-data".
   Never the browser's own: F5, F11, F12 and everything with Ctrl, Alt or Meta stay as they are. */
(function () {
  "use strict";
  const data = document.getElementById("commands-data");
  const keys = data ? JSON.parse(data.textContent).keys : { F8: "press", F9: "press" };
  const field = "input, select, textarea, [contenteditable]";

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
      const wanted = `[data-key="${name}"]:not([disabled])`;
      const form = document.activeElement && document.activeElement.closest("form");
      const button = (form && form.querySelector(wanted)) || document.querySelector(wanted);
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
