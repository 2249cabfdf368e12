/* 1002: the agent's fields unfold where an agent comes. */
(function () {
  "use strict";
  const form = document.querySelector("[data-amending]");
  if (!form) return;
  const agent = form.querySelector("[data-when-agent]");
  function unfold() {
    const chosen = form.querySelector("[name=comes]:checked");
    agent.hidden = !chosen || chosen.value !== "agent";
  }
  form.addEventListener("change", unfold);
  unfold();
})();
