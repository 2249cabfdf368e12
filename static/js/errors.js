/* The error summary takes the focus, its lines lead into their fields. */
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
  document.addEventListener("htmx:afterSwap", (event) => announce(event.target));
  announce(document);
})();
