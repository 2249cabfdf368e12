/* The answer sheet follows what is ticked, and marking needs no new page. Saving is autosave.js's. */
(function () {
  "use strict";
  const form = document.getElementById("quiz");
  const map = form.querySelector(".quiz-map");
  const counts = form.querySelector("[data-counts]");
  const progress = form.querySelector("[data-progress]");

  const place = (number) => map.querySelector(`[data-place="${number}"]`);

  function name(link) {
    const words = [link.dataset.name, link.classList.contains("answered") ? map.dataset.answered : map.dataset.blank];
    if (link.querySelector(".icon")) words.push(map.dataset.marked);
    link.setAttribute("aria-label", words.join(map.dataset.and));
  }

  function count() {
    const total = map.children.length;
    const answered = map.querySelectorAll(".answered").length;
    const marked = map.querySelectorAll(".icon").length;
    const values = { a: answered, m: marked, b: total - answered };
    counts.textContent = counts.dataset.words.replace(/\{(\w)\}/g, (all, letter) => values[letter]);
    if (!progress) return;
    progress.lastElementChild.setAttribute("width", answered);
    progress.setAttribute("aria-label", progress.dataset.words.replace("{a}", answered));
  }

  form.addEventListener("change", (event) => {
    const question = event.target.closest("[data-question]");
    if (!question) return;
    const link = place(question.dataset.question);
    link.classList.toggle("answered", question.querySelector("input:checked") !== null);
    name(link);
    count();
  });

  function flag(button, on) {
    const number = button.closest("[data-question]").dataset.question;
    const link = place(number);
    button.setAttribute("aria-pressed", on);
    button.value = `${number}:${on ? "off" : "on"}`;
    if (on) link.append(button.querySelector(".icon").cloneNode(true));
    else link.querySelector(".icon").remove();
    name(link);
    count();
  }

  form.addEventListener("click", async (event) => {
    const button = event.target.closest("[data-mark]");
    if (!button) return;
    event.preventDefault();
    const body = new FormData(form);
    body.append("mark", button.value);
    const on = button.value.endsWith(":on");
    const answer = await fetch(form.dataset.autosaveUrl, { method: "POST", body, redirect: "manual" }).catch(() => null);
    if (answer && answer.ok) flag(button, on);
    else form.requestSubmit(button);
  });
})();
