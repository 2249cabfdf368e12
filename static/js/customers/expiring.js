/* [data-choose-all] ticks every box of its form, and shows what is ticked: all, none or some. */
(function () {
  "use strict";
  const all = document.querySelector("[data-choose-all]");
  if (!all) return;
  const boxes = [...all.form.querySelectorAll("[name=proposal]")];
  function follow() {
    const ticked = boxes.filter((box) => box.checked).length;
    all.checked = Boolean(ticked) && ticked === boxes.length;
    all.indeterminate = ticked > 0 && ticked < boxes.length;
  }
  all.disabled = !boxes.length;
  all.addEventListener("change", () => boxes.forEach((box) => { box.checked = all.checked; }));
  all.form.addEventListener("change", follow);
})();
