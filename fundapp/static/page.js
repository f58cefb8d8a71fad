/* Comfort only: every page works without this file. */
(() => {
  "use strict";
  const all = (selector) => document.querySelectorAll(selector);

  // Leave at once: empty the page, also in the other windows of this site, then replace it in the history.
  const exit = document.querySelector("[data-exit]");
  if (exit) {
    const told = exit.nextElementSibling, windows = self.BroadcastChannel && new BroadcastChannel("exit");
    let presses = [], alone, gone;
    const leave = () => {
      if (gone) return;
      gone = true;
      document.title = "…";
      document.body.textContent = "";
      if (windows) windows.postMessage(0);
      location.replace(exit.href);
      setTimeout(() => location.replace(exit.dataset.exit), 2000);
    };
    if (windows) windows.onmessage = leave;
    exit.addEventListener("click", (event) => { event.preventDefault(); leave(); });
    addEventListener("keydown", ({ key }) => { alone = key === "Shift"; if (!alone) presses = []; });
    addEventListener("keyup", ({ key }) => {
      if (key !== "Shift" || !alone) return;
      presses = [...presses.filter((at) => Date.now() - at < 5000), Date.now()];
      told.textContent = told.dataset.presses.split("|")[presses.length - 1];
      if (presses.length > 2) leave();
    });
    addEventListener("pageshow", ({ persisted }) => { if (persisted) { document.body.hidden = true; location.reload(); } });
  }

  // One press, one sending. Coming back to the page with the browser's own button allows the next.
  all("form").forEach((form) => {
    let sent;
    const mark = (state) => {
      sent = state;
      form.querySelectorAll("button").forEach((button) => button.setAttribute("aria-disabled", state));
    };
    form.addEventListener("submit", (event) => { if (sent) event.preventDefault(); else mark(true); });
    addEventListener("pageshow", () => mark(false));
  });

  // Words so far, in any script.
  all("[data-count-for]").forEach((place) => {
    const input = document.getElementById(place.dataset.countFor);
    const words = self.Intl && Intl.Segmenter
      ? new Intl.Segmenter(document.documentElement.lang, { granularity: "word" }) : null;
    const count = (text) => words
      ? [...words.segment(text)].filter((part) => part.isWordLike).length
      : text.split(/\s+/).filter(Boolean).length;
    let timer;
    const show = () => {
      place.hidden = false;
      place.textContent = place.dataset.text.replace("{count}", count(input.value));
    };
    input.addEventListener("input", () => { clearTimeout(timer); timer = setTimeout(show, 800); });
  });

  // Save while writing: four seconds after the last key, and when the page goes out of sight.
  all("form[data-autosave]").forEach((form) => {
    const status = form.querySelector("[data-autosave-status]");
    const say = (word) => { if (status) status.textContent = status.dataset[word] || ""; };
    let timer, changed = false, saving = false;
    const save = async () => {
      clearTimeout(timer);
      if (!changed || saving) return;
      changed = false;
      saving = true;
      const data = new FormData(form);
      [...data].forEach(([name, value]) => { if (value instanceof File) data.delete(name); });
      data.set("autosave", "yes");
      try {
        const answer = await fetch(form.dataset.autosave, {
          method: "POST", body: data, keepalive: true, headers: { Accept: "application/json" },
        });
        if (!answer.ok || answer.redirected) throw answer;
        const { rev, say: look } = await answer.json();
        if (rev !== undefined && form.elements.rev) form.elements.rev.value = rev;
        say(changed ? "unsaved" : "saved");
        if (look && status) status.textContent += " " + look;
      } catch {
        changed = true;
        say("failed");
      }
      saving = false;
    };
    form.addEventListener("input", () => {
      changed = true;
      say("unsaved");
      clearTimeout(timer);
      timer = setTimeout(save, 4000);
    });
    form.addEventListener("submit", () => { clearTimeout(timer); changed = false; });
    addEventListener("visibilitychange", () => { if (document.hidden) save(); });
  });
})();
