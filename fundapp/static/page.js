/* Comfort only: every page works without this file. */
(() => {
  "use strict";
  const all = (selector) => document.querySelectorAll(selector);

  // Leave at once: empty the page in every window, then replace it in the history.
  const exit = document.querySelector("[data-exit]");
  if (exit) {
    const told = exit.nextElementSibling, windows = self.BroadcastChannel && new BroadcastChannel("exit");
    let presses = [], alone, gone;
    const leave = () => {
      if (gone) return;
      gone = document.title = "…";
      document.body.textContent = "";
      if (windows) windows.postMessage(0);
      location.replace(exit.href);
      setTimeout(() => location.replace(exit.dataset.exit), 2000);
    };
    if (windows) windows.onmessage = leave;
    exit.onclick = () => { leave(); return false; };
    onkeydown = ({ key }) => { if (!(alone = key === "Shift")) presses = []; };
    onkeyup = ({ key }) => {
      if (key !== "Shift" || !alone) return;
      presses = [...presses.filter((at) => Date.now() - at < 5000), Date.now()];
      told.textContent = told.dataset.presses.split("|")[presses.length - 1];
      if (presses.length > 2) leave();
    };
    onpageshow = ({ persisted }) => { if (persisted) { document.body.hidden = true; location.reload(); } };
  }

  // Where somebody has switched it on: what waits on this phone is sent now (sw.js).
  const token = document.querySelector("[name=csrf_token]"), worker = (navigator.serviceWorker || {}).controller;
  const sendWaiting = () => { if (worker && token) worker.postMessage(token.value); };
  addEventListener("online", sendWaiting);
  sendWaiting();

  // Save while writing: four seconds after the last key, and when the page goes out of sight. It says "saved" only
  // after the server has said so, tries again where trying helps, and else says what the server wants.
  all("form[data-autosave]").forEach((form) => {
    const status = form.querySelector("[data-autosave-status]");
    const say = (word, more) => { status.textContent = [status.dataset[word] || word, more].join(" ").trim(); };
    let timer, changed, saving;
    const soon = (wait) => { clearTimeout(timer); if (wait) timer = setTimeout(save, wait); };
    const save = async () => {
      soon();
      if (!changed || saving) return;
      changed = false;
      saving = true;
      const data = new FormData(form);
      [...data].forEach(([name, value]) => { if (value instanceof File) data.delete(name); });
      data.set("autosave", "yes");
      let word = "failed", again = 9000, look;
      try {
        const answer = await fetch(form.dataset.autosave, {
          method: "POST", body: data, keepalive: true, headers: { Accept: "application/json" },
        });
        const told = await answer.json();
        if (!answer.ok) {
          word = told.say || word;
          if (answer.status < 500) again = 0;
          throw answer;
        }
        if (told.rev !== undefined && form.elements.rev) form.elements.rev.value = told.rev;
        word = changed ? "unsaved" : "saved";
        again = changed && 4000;
        look = told.say;
      } catch {
        changed = true;
      }
      saving = false;
      say(word, look);
      soon(again);
    };
    form.addEventListener("input", () => {
      changed = true;
      say("unsaved");
      soon(4000);
    });
    form.addEventListener("submit", (event) => {
      changed = !navigator.onLine && !worker; // the browser's own page about the line would take the text away
      if (!changed) return soon();
      event.preventDefault();
      save();
    });
    addEventListener("online", save);
    addEventListener("visibilitychange", () => { if (document.hidden) save(); });
  });

  // One press, one sending. Coming back to the page with the browser's own button allows the next.
  all("form").forEach((form) => {
    let sent;
    const mark = (state) => {
      sent = state;
      form.querySelectorAll("button").forEach((button) => button.setAttribute("aria-disabled", state));
    };
    form.addEventListener("submit", (event) => {
      if (sent) event.preventDefault();
      else if (!event.defaultPrevented) mark(true);
    });
    addEventListener("pageshow", () => mark(false));
  });

  // Words so far, by the rule of forms/words.py, so that page and server say the same number.
  const between = /[\s\x1c-\x1f\x85\u1361-\u1368\u3000-\u3003\uff0c\uff0e\uff1a\uff1b\uff01\uff1f]+/;
  const chinese = /[\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\u{20000}-\u{3ffff}]/u;
  const count = (text) => text.split(between).reduce((sum, part) => {
    const others = part.split(chinese);
    return sum + (others.length >> 1) + others.filter((each) => /[\p{L}\p{N}]/u.test(each)).length;
  }, 0);
  all("[data-count-for]").forEach((place) => {
    const input = document.getElementById(place.dataset.countFor);
    let timer;
    const show = () => {
      place.hidden = false;
      place.textContent = place.dataset.text.replace("{count}", count(input.value));
    };
    input.addEventListener("input", () => { clearTimeout(timer); timer = setTimeout(show, 800); });
  });
})();
