/* A scan dropped on [data-drop] is chosen, as if it had been picked; sending stays the teller's act. */
(function () {
  "use strict";
  const place = document.querySelector("[data-drop]");
  if (!place) return;
  const input = place.querySelector("[type=file]");
  const over = (on) => place.classList.toggle("drop--over", on);

  for (const name of ["dragenter", "dragover"]) {
    place.addEventListener(name, (event) => {
      event.preventDefault();
      over(true);
    });
  }
  place.addEventListener("dragleave", () => over(false));
  place.addEventListener("drop", (event) => {
    event.preventDefault();
    over(false);
    if (!event.dataTransfer.files.length) return;
    const one = new DataTransfer();
    one.items.add(event.dataTransfer.files[0]);
    input.files = one.files;
    input.focus();
  });
})();
