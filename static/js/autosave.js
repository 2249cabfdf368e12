/* form[data-autosave-url] is posted there after 800 ms of quiet, on leaving a field and before it is sent. An answer
   `{"saved": "…"}` stands in [data-autosave-status], the message of a refusal above the form. When the login has ended, data-autosave-lost is said, the form
   stays as it is and is sent only after logging in again (in another tab), with the new token. */
(function () {
  "use strict";
  const QUIET = 800;
  const AGAIN = 5000;

  function token() {
    const found = document.cookie.split("; ").find((part) => part.startsWith("csrftoken="));
    return found ? decodeURIComponent(found.split("=")[1]) : "";
  }

  function refreshToken(form) {
    const field = form.elements.csrfmiddlewaretoken;
    if (field && token()) field.value = token();
  }

  function keep(form) {
    const status = document.querySelector("[data-autosave-status]");
    let timer = null;
    let dirty = false;
    let running = null;
    let notice = null;
    let checked = false;
    let sent = false;

    function say(sentence) {
      if (!notice) {
        notice = document.createElement("p");
        notice.className = "notice notice--warn";
        notice.setAttribute("role", "alert");
        form.before(notice);
      }
      notice.textContent = sentence;
    }

    async function settled(response) {
      const answer = response.status === 204 ? {} : await response.json().catch(() => ({}));
      if (!response.ok && answer.message) return say(answer.message);
      if (notice) notice.remove();
      notice = null;
      if (status && answer.saved) status.textContent = answer.saved;
    }

    async function post() {
      refreshToken(form);
      let response;
      try {
        response = await fetch(form.dataset.autosaveUrl, {
          method: "POST",
          body: new FormData(form),
          headers: { Accept: "application/json", "X-Autosave": "1" },
          redirect: "manual",
          keepalive: document.visibilityState === "hidden",
        });
      } catch (failure) {
        say(form.dataset.autosaveFailed || failure.message);
        timer = setTimeout(save, AGAIN);
        return false;
      }
      if (response.type === "opaqueredirect" || response.status === 401 || response.status === 403) {
        say(form.dataset.autosaveLost);
        dirty = true;
        return false;
      }
      await settled(response);
      return true;
    }

    function save() {
      clearTimeout(timer);
      if (sent) return Promise.resolve(true);
      if (running) return running.then(() => (dirty ? save() : true));
      dirty = false;
      running = post().finally(() => { running = null; });
      return running;
    }

    form.addEventListener("input", () => {
      dirty = true;
      clearTimeout(timer);
      timer = setTimeout(save, QUIET);
    });
    window.addEventListener("pageshow", () => { sent = false; });
    form.addEventListener("focusout", () => dirty && save());
    document.addEventListener("visibilitychange", () => dirty && document.visibilityState === "hidden" && save());
    form.addEventListener("submit", async (event) => {
      refreshToken(form);
      if (checked) return;
      event.preventDefault();
      if (!(await save())) return;
      refreshToken(form);
      checked = true;
      sent = true;
      form.requestSubmit(event.submitter && event.submitter.form === form ? event.submitter : undefined);
      checked = false;
    });
  }

  document.querySelectorAll("form[data-autosave-url]").forEach(keep);
})();
