/* [data-choose-all] ticks every box of its form, and shows what is ticked: all, none or some. With none there is nothing to send. */
(function () {
  "use strict";
  const all = document.querySelector("[data-choose-all]");
  if (!all) return;
  const boxes = [...all.form.querySelectorAll("[name=proposal]")];
  const button = all.form.querySelector("[data-key=F9]");
  function follow() {
    const ticked = boxes.filter((box) => box.checked).length;
    all.checked = Boolean(ticked) && ticked === boxes.length;
    all.indeterminate = ticked > 0 && ticked < boxes.length;
    button.disabled = !ticked;
  }
  all.disabled = !boxes.length;
  all.addEventListener("change", () => boxes.forEach((box) => { box.checked = all.checked; }));
  all.form.addEventListener("change", follow);
  window.addEventListener("pageshow", follow);
})();
