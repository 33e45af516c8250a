// What the script adds. Every page works without it; each part below finds its
// own elements by a data- attribute and leaves the rest alone.
"use strict";

// A refused form: the list of faults takes the focus, so that it is read first.
(() => {
  document.querySelector("[data-focus]")?.focus();
})();

// A row's button was pressed: the focus goes to the row that it made or moved,
// or to the one before the row that it took away.
(() => {
  const at = document.getElementById(document.querySelector("[data-row-focus]")?.dataset.rowFocus);
  (at?.querySelector("input:not([type=hidden]), select, textarea") ?? at)?.focus();
})();

// Characters left, or used, below a text.
(() => {
  const spaced = (n) => String(n).replace(/\B(?=(\d{3})+$)/g, "\u00a0");
  for (const out of document.querySelectorAll("[data-counter]")) {
    const field = document.getElementById(out.dataset.counter);
    if (!field) continue;
    let told;
    const count = () => {
      const used = Array.from(field.value).length;
      const max = Number(out.dataset.max);
      const left = max - used;
      const text = max ? (left < 0 ? out.dataset.over : out.dataset.left) : out.dataset.used;
      out.textContent = text.replace("#", spaced(max ? Math.abs(left) : used));
      const short = max ? left < 0 : used < Number(out.dataset.min);
      if (short) out.dataset.state = "short";
      else delete out.dataset.state;
      clearTimeout(told); // said aloud only when the writer rests
      told = setTimeout(() => out.setAttribute("aria-live", "polite"), 1000);
    };
    field.addEventListener("input", count);
  }
})();

// Days: a button that opens the browser's own calendar and writes the day.
(() => {
  const svg =
    '<svg class="icon" viewBox="0 0 24 24" aria-hidden="true" focusable="false"><path d="M5 6.5h14V20H5zM5 11h14M9 4v4m6-4v4"/></svg>';
  for (const field of document.querySelectorAll("[data-date]")) {
    const native = document.createElement("input");
    if (!native.showPicker) continue;
    native.type = "date";
    native.className = "native-date";
    native.tabIndex = -1;
    native.setAttribute("aria-hidden", "true");
    const button = document.createElement("button");
    button.type = "button";
    button.className = "icon-button";
    button.setAttribute("aria-label", field.dataset.date);
    button.innerHTML = svg;
    button.addEventListener("click", () => {
      native.value = /^\d{4}-\d{2}-\d{2}$/.test(field.value.trim()) ? field.value.trim() : "";
      native.showPicker();
    });
    native.addEventListener("change", () => {
      if (!native.value) return;
      field.value = native.value;
      field.dispatchEvent(new Event("input", { bubbles: true }));
      field.focus();
    });
    field.after(button, native);
  }
})();

// A form that is sent twice does its work once; one that gives a file and
// leaves the page standing has data-again.
(() => {
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (form.method !== "post" || event.defaultPrevented || "again" in form.dataset) return;
    if (form.dataset.sent) {
      event.preventDefault();
      return;
    }
    form.dataset.sent = "1";
    event.submitter?.setAttribute("aria-busy", "true");
  });
  addEventListener("pageshow", () => {
    // come back with the browser's button
    for (const form of document.querySelectorAll("form[data-sent]")) delete form.dataset.sent;
    for (const button of document.querySelectorAll("button[aria-busy]")) button.removeAttribute("aria-busy");
  });
})();

// Live boxes: a form with data-live="address" is sent there when the writer
// rests, and the elements of the answer that have data-live-id take the place
// of those with the same one here. The address saves the draft, or only counts.
(() => {
  for (const form of document.querySelectorAll("form[data-live]")) {
    let waiting,
      asked = 0,
      shown = 0;
    const ask = async () => {
      const mine = ++asked;
      const data = new FormData(form);
      for (const [name, value] of [...data]) if (value instanceof File) data.delete(name);
      let html;
      try {
        const answer = await fetch(form.dataset.live, { method: "POST", body: new URLSearchParams(data), credentials: "same-origin" });
        if (!answer.ok) return;
        html = await answer.text();
      } catch {
        return; // no network: what is typed is still in the form
      }
      if (mine < shown || form.dataset.sent) return; // an older answer
      shown = mine;
      const page = new DOMParser().parseFromString(html, "text/html");
      for (const fresh of page.querySelectorAll("[data-live-id]")) {
        const old = document.querySelector(`[data-live-id="${CSS.escape(fresh.dataset.liveId)}"]`);
        if (!old) continue;
        if (fresh.tagName === "INPUT") old.value = fresh.value;
        else if (old.innerHTML !== fresh.innerHTML) old.innerHTML = fresh.innerHTML;
      }
    };
    form.addEventListener("input", () => {
      clearTimeout(waiting);
      waiting = setTimeout(ask, 700);
    });
    form.addEventListener("submit", () => clearTimeout(waiting));
  }
})();

// The service's clock runs on from the instant at which the page was made, by
// the time that has passed since: a browser's own clock may be wrong by days.
// Seconds are shown in the last hour, and a deadline that passes is told once.
(() => {
  const lines = [...document.querySelectorAll("[data-clock]")];
  if (!lines.length) return;
  const sv = document.documentElement.lang === "sv";
  const parts = new Intl.DateTimeFormat("sv-SE", { timeZone: "Europe/Stockholm", hour: "2-digit", minute: "2-digit", second: "2-digit" });
  let began = performance.now(),
    hidden = 0;
  const draw = () => {
    for (const line of lines) {
      const now = Number(line.dataset.clock) + performance.now() - began;
      const left = Number(line.dataset.lateAt ?? NaN) - now;
      const all = parts.format(now).split(":");
      const shown = left > 0 && left <= 3600000 ? all : all.slice(0, 2);
      const text = line.dataset.words.replace("#", sv ? "kl.\u00a0" + shown.join(".") : shown.join(":"));
      if (line.textContent !== text) line.textContent = text;
      const box = line.closest("[data-deadline]"),
        late = box?.querySelector("[data-deadline-late]");
      if (late && left <= 0 && !late.textContent) {
        box.querySelector("[data-deadline-open]").hidden = true;
        late.textContent = late.dataset.late;
      }
    }
  };
  draw();
  setInterval(draw, 1000);
  // A computer that slept may have stopped that count: the page is asked for again.
  document.addEventListener("visibilitychange", async () => {
    if (document.hidden) {
      hidden = performance.now();
      return;
    }
    if (!hidden) return;
    try {
      const page = new DOMParser().parseFromString(await (await fetch(location.href, { credentials: "same-origin" })).text(), "text/html");
      const fresh = page.querySelector("[data-clock]")?.dataset.clock;
      if (!fresh) return;
      began = performance.now();
      for (const line of lines) line.dataset.clock = fresh;
      draw();
    } catch {
      /* no network: the count goes on */
    }
  });
})();

// The page says that what was sent is saved: the browser need not keep it.
(() => {
  try {
    const key = sessionStorage.getItem("fund:sent");
    if (key && document.querySelector(".flash")) {
      localStorage.removeItem(key);
      sessionStorage.removeItem("fund:sent");
    }
  } catch {
    /* nothing is kept here */
  }
})();

// Print buttons, which a page without script leaves out.
(() => {
  for (const button of document.querySelectorAll("[data-print]")) {
    button.hidden = false;
    button.addEventListener("click", () => print());
  }
})();

// Signing out leaves nothing of a draft behind in a browser that others use.
(() => {
  for (const form of document.querySelectorAll('form[action="/sign-out"]')) {
    form.addEventListener("submit", () => {
      try {
        for (const key of Object.keys(localStorage)) if (key.startsWith("fund:")) localStorage.removeItem(key);
      } catch {
        /* nothing is kept here */
      }
    });
  }
})();
