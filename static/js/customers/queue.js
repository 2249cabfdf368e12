/* The queue of an inbox: ↑ and ↓ open the neighbour, outside fields. */
(function () {
  "use strict";
  const queue = document.querySelector("[data-queue]");
  if (!queue) return;
  const steps = { ArrowUp: -1, ArrowDown: 1 };
  document.addEventListener("keydown", (event) => {
    const step = steps[event.key];
    if (!step || event.ctrlKey || event.altKey || event.metaKey) return;
    if (event.target.closest("input, select, textarea, [tabindex='0']")) return;
    const items = [...queue.querySelectorAll("a")];
    const here = items.findIndex((item) => item.hasAttribute("aria-current"));
    const next = items[here + step];
    if (!next) return;
    event.preventDefault();
    next.click();
  });
})();
