/* In form[data-enter] Enter moves to the next field, Shift+Enter back, the last field confirms.
   A card reader is a fast keyboard that ends with Enter: it moves on and never submits half a form. Where the
   person switched this off, Enter confirms from any field, and still only a whole form. Text areas, buttons,
   links and [data-no-enter] keep their own Enter; a button in the flow becomes a stop by [data-enter-stop]. */
(function () {
  "use strict";
  const own = "textarea, button, a, summary, [type=submit], [type=button], [type=file], [data-no-enter]";
  const notAField = "button:not([data-enter-stop]), fieldset, output, object, [type=hidden], [readonly]";

  const inSight = (element) => element.getClientRects().length > 0;

  function stops(form) {
    return [...form.elements].filter((element) => {
      if (element.disabled || element.tabIndex < 0 || element.matches(notAField) || !inSight(element)) return false;
      return element.type !== "radio" || element === spokesman(form, element.name);
    });
  }

  function spokesman(form, name) {
    const radios = [...form.elements].filter((each) => each.type === "radio" && each.name === name && !each.disabled);
    return radios.find((each) => each.checked) || radios[0];
  }

  function isEmpty(form, field) {
    if (field.type === "radio") return !spokesman(form, field.name).checked;
    return field.type === "checkbox" ? !field.checked : !field.value.trim();
  }

  function go(field) {
    field.focus();
    if (field.select && field.type !== "checkbox" && field.type !== "radio") field.select();
  }

  function confirm(form) {
    const empty = stops(form).find((field) => field.required && isEmpty(form, field));
    if (empty) return go(empty);
    const button = form.querySelector("[data-key=F9]:not([disabled]), [type=submit]:not([disabled])");
    if (button) button.click();
  }

  document.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || event.defaultPrevented) return;
    if (event.isComposing || event.keyCode === 229) return;
    const field = event.target;
    const form = field.form;
    if (!form || !form.matches("[data-enter]") || field.matches(own)) return;
    if (event.ctrlKey || event.altKey || event.metaKey) return;
    event.preventDefault();
    if (event.repeat) return;
    const fields = stops(form);
    const here = fields.indexOf(field.type === "radio" ? spokesman(form, field.name) : field);
    const moves = document.body.matches("[data-enter-moves]");
    const next = moves ? fields[event.shiftKey ? here - 1 : here + 1] : null;
    if (next) go(next);
    else if (!event.shiftKey) confirm(form);
  });

  /* [data-begin] is where a page begins: its first field, or the one that is named. */
  const begin = document.querySelector("form[data-begin]");
  const first = begin && (begin.elements[begin.dataset.begin] || stops(begin)[0]);
  if (first && !document.querySelector("[data-errors]")) first.focus();
})();
