/* Step 2 is drawn anew by the server while one types in it: what was entered meanwhile is put back. */
(function () {
  "use strict";
  let typed = [];
  let unfolded = [];

  const isPanel = (event) => event.detail.target.id === "check";

  document.addEventListener("htmx:beforeSwap", (event) => {
    if (!isPanel(event)) return;
    const panel = event.detail.target;
    typed = [...panel.querySelectorAll("input:not([type=hidden]), select")]
      .filter((field) => field.id)
      .map(({ id, value, checked }) => ({ id, value, checked }));
    unfolded = [...panel.querySelectorAll(".way:not([hidden])")].map((way) => way.id);
  });

  function putBack({ id, value, checked }) {
    const field = document.getElementById(id);
    if (!field || field.disabled) return;
    if (field.type === "radio" || field.type === "checkbox") field.checked = checked;
    else field.value = value;
    const choice = field.closest(".choice");
    if (choice) choice.classList.toggle("choice--on", field.checked);
  }

  document.addEventListener("htmx:afterSwap", (event) => {
    if (!isPanel(event)) return;
    typed.forEach(putBack);
    for (const way of unfolded.map((id) => document.getElementById(id)).filter(Boolean)) {
      way.hidden = false;
      const button = document.querySelector(`[data-way="${way.id}"]`);
      if (button) button.setAttribute("aria-expanded", "true");
    }
  });
})();
