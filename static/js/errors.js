/* The error summary takes the focus, its lines lead into their fields. Where a sheet is the answer there is no page that
   could say what is missing: then [data-missing] names the words, which stand in for the browser's own bubble. */
(function () {
  "use strict";
  function announce(root) {
    const summary = root.matches && root.matches("[data-errors]") ? root : root.querySelector("[data-errors]");
    if (summary) summary.focus();
  }
  document.addEventListener("click", (event) => {
    const line = event.target.closest("[data-errors] a");
    const field = line && document.getElementById(decodeURIComponent(line.hash.slice(1)));
    if (!field) return;
    event.preventDefault();
    field.focus({ preventScroll: true });
    (field.closest(".field") || field).scrollIntoView({ block: "center" });
    if (field.select && field.type !== "checkbox" && field.type !== "radio") field.select();
  });
  function sayMissing(field, isMissing) {
    const words = document.getElementById(field.dataset.missing);
    words.hidden = !isMissing;
    if (isMissing) {
      field.setAttribute("aria-invalid", "true");
      field.setAttribute("aria-describedby", words.id);
      field.focus();
    } else {
      field.removeAttribute("aria-invalid");
      field.removeAttribute("aria-describedby");
    }
  }
  document.addEventListener("invalid", (event) => {
    if (!event.target.dataset.missing) return;
    event.preventDefault();
    sayMissing(event.target, true);
  }, true);
  document.addEventListener("input", (event) => {
    if (event.target.dataset.missing && event.target.value) sayMissing(event.target, false);
  });
  document.addEventListener("htmx:afterSwap", (event) => announce(event.target));
  announce(document);
})();
