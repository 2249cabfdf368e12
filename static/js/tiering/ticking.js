/* [data-tick-all] ticks every box [name=customer] of its form; [data-ticked] says how many are. Without script each is ticked by hand. */
(function () {
  "use strict";
  const all = document.querySelector("[data-tick-all]");
  if (!all) return;
  const boxes = [...all.form.querySelectorAll("[name=customer]")];
  const shown = all.form.querySelector("[data-ticked]");
  function follow() {
    const ticked = boxes.filter((box) => box.checked).length;
    all.checked = Boolean(ticked) && ticked === boxes.length;
    all.indeterminate = ticked > 0 && ticked < boxes.length;
    if (shown) shown.textContent = ticked;
  }
  all.addEventListener("change", () => boxes.forEach((box) => { box.checked = all.checked; }));
  all.form.addEventListener("change", follow);
  window.addEventListener("pageshow", follow);
})();
