/* label.choice follows the radio or checkbox inside it. */
(function () {
  "use strict";
  function follow(root) {
    for (const input of root.querySelectorAll(".choice input")) {
      input.closest(".choice").classList.toggle("choice--on", input.checked);
    }
  }
  document.addEventListener("change", (event) => {
    if (event.target.closest(".choice")) follow(event.target.form || document);
  });
  document.addEventListener("reset", (event) => setTimeout(() => follow(event.target)));
  document.addEventListener("htmx:afterSwap", (event) => follow(event.target));
  window.addEventListener("pageshow", () => follow(document));
})();
