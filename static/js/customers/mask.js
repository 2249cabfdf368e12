/* [data-mask="x"] changes between #x-clear and #x-masked: both stand in a file that was looked up. */
(function () {
  "use strict";
  document.addEventListener("click", (event) => {
    const button = event.target.closest("[data-mask]");
    if (!button) return;
    const shown = button.getAttribute("aria-pressed") !== "true";
    button.setAttribute("aria-pressed", String(shown));
    document.getElementById(`${button.dataset.mask}-clear`).hidden = !shown;
    document.getElementById(`${button.dataset.mask}-masked`).hidden = shown;
    button.querySelector("[data-mask-hide]").hidden = !shown;
    button.querySelector("[data-mask-show]").hidden = shown;
  });
})();
