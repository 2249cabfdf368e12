/* The remaining time of a quiz by the server's clock: [data-deadline] and [data-now] are the server's instants.
   Says when five minutes and one minute are left and sends the form [data-form] at zero. */
(function () {
  "use strict";
  const clock = document.querySelector("[data-deadline]");
  if (!clock) return;
  const face = clock.querySelector("[data-clock]");
  const status = document.querySelector("[data-clock-status]");
  const total = Date.parse(clock.dataset.deadline) - Date.parse(clock.dataset.now);
  const marks = [[300, clock.dataset.five], [60, clock.dataset.one]].filter(([seconds]) => seconds * 1000 < total);
  const openedAt = Date.now();
  const started = performance.now();
  let beat = null;

  /* the slower of two clocks: one stands still while the computer sleeps, the other may be set by hand */
  const elapsed = () => Math.max(performance.now() - started, Date.now() - openedAt);

  function written(seconds) {
    const two = (number) => String(number).padStart(2, "0");
    const hours = Math.floor(seconds / 3600);
    const rest = `${two(Math.floor((seconds % 3600) / 60))}:${two(seconds % 60)}`;
    return hours ? `${hours}:${rest}` : rest;
  }

  function send() {
    clearInterval(beat);
    const form = document.getElementById(clock.dataset.form);
    if (!form) return;
    const button = form.querySelector("[data-time-up]");
    if (button) button.click();
    else form.submit();
  }

  function tick() {
    const left = Math.max(0, Math.ceil((total - elapsed()) / 1000));
    face.textContent = written(left);
    clock.classList.toggle("clock--low", left <= 60);
    while (marks.length && left <= marks[0][0]) {
      const [, sentence] = marks.shift();
      if (status) status.textContent = sentence;
    }
    if (left === 0) send();
  }

  window.addEventListener("pageshow", (event) => {
    if (event.persisted) window.location.reload();
  });
  beat = setInterval(tick, 500);
  tick();
})();
