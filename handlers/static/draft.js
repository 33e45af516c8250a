// Saving while somebody writes. A form with data-draft="address" is posted
// there one second after the last key, and on leaving the page. The answer says
// when it was saved, what others wrote meanwhile, and what stood in the draft
// then (base), so that the next post is compared field by field. Without
// network, or without a sign-in, what was typed waits in this browser and is
// sent when it can be. Without this script the buttons do all of it.
"use strict";

(() => {
  const form = document.querySelector("form[data-draft]");
  const box = form?.querySelector(".draft-state");
  if (!form || !box) return;
  box.hidden = false;
  const address = form.dataset.draft;
  if (!address) return;
  const [saved, news, trouble, signIn, compare] = ["saved", "news", "trouble", "sign-in", "compare"].map((n) =>
    box.querySelector(`[data-draft-${n}]`),
  );
  const say = trouble.querySelector("p");
  const hidden = (name) => form.querySelector(`input[name="${name}"]`);
  const fields = (skip = ["version", "base", "before", "tab", "turn"]) => {
    const data = new FormData(form);
    for (const [name, value] of [...data]) if (value instanceof File || skip.includes(name)) data.delete(name);
    return new URLSearchParams(data);
  };
  // Each tab keeps its own words: two that are open at the same step know nothing of each other.
  const store = {
    name: () => form.dataset.key + ":" + tab,
    left() {
      try {
        const names = Object.keys(localStorage).filter((name) => name === form.dataset.key || name.startsWith(form.dataset.key + ":"));
        const all = names.map((name) => ({ name, ...JSON.parse(localStorage.getItem(name)) }));
        return all.filter((x) => x.tab !== tab).sort((a, b) => a.at - b.at);
      } catch {
        return [];
      }
    },
    set(body) {
      try {
        localStorage.setItem(store.name(), JSON.stringify({ body, before: unheard, tab, turn, at: Date.now() }));
        return true;
      } catch {
        return false;
      }
    },
    drop(name = store.name()) {
      try {
        localStorage.removeItem(name);
      } catch {
        /* none was kept */
      }
    },
  };

  let known = fields().toString(); // what the server has
  // Sent, and no answer came yet: it may be saved. The next post carries it, so
  // that the server knows these words for the writer's own, whatever came of them.
  const unheard = [];
  // What this page sends is numbered, by twos, so that the server leaves out a
  // save that the network held up until a later one was there. What is kept for
  // the next visit goes between the last one sent and the next.
  const tab = Array.from(crypto.getRandomValues(new Uint8Array(8)), (b) => b.toString(16).padStart(2, "0")).join("");
  let turn = 0;
  const send = (body, options) => {
    const sent = new URLSearchParams(body);
    sent.set("tab", tab);
    sent.set("turn", (turn += 2));
    for (const text of unheard) if (text !== body.toString()) sent.append("before", text);
    if (!unheard.includes(body.toString())) unheard.push(body.toString());
    if (unheard.length > 5) unheard.splice(3, 1); // the first ones and the last
    return fetch(address, { method: "POST", body: sent, credentials: "same-origin", headers: { Accept: "application/json" }, ...options });
  };
  let running; // the save at work
  let waiting,
    busy = false,
    again = false,
    gone = false,
    wait = 2000;

  const tell = (text, { offerSignIn = false, offerCompare = false } = {}) => {
    if (say.textContent !== text) say.textContent = text; // said once, not each time
    signIn.hidden = !offerSignIn;
    compare.hidden = !offerCompare;
    trouble.hidden = !text;
  };
  const body = () => {
    const data = fields();
    data.set("version", hidden("version").value);
    data.set("base", hidden("base").value);
    return data;
  };
  const values = (data, name) => JSON.stringify(name.endsWith(".") ? [...data].filter(([n]) => n.startsWith(name)) : data.getAll(name));

  // One field from another writer, unless it was typed in meanwhile.
  const take = (name, list, sent) => {
    if (values(sent, name) !== values(fields(), name)) return false;
    for (const control of form.querySelectorAll(`[name="${CSS.escape(name)}"]`)) {
      if (control.type === "checkbox" || control.type === "radio") control.checked = list.includes(control.value);
      else control.value = list[0] ?? "";
      if (control.dataset) control.dispatchEvent(new Event("change", { bubbles: true }));
    }
    return true;
  };
  // Rows from another writer are drawn by the server.
  const takeRows = async (rows, sent) => {
    const kept = [];
    const names = Object.keys(rows);
    if (!names.length) return kept;
    let page;
    try {
      page = new DOMParser().parseFromString(await (await fetch(location.pathname, { credentials: "same-origin" })).text(), "text/html");
    } catch {
      return names;
    }
    for (const name of names) {
      const fresh = page.getElementById(rows[name]),
        old = document.getElementById(rows[name]);
      if (!fresh || !old || values(sent, name + ".") !== values(fields(), name + ".") || old.contains(document.activeElement))
        kept.push(name);
      else old.replaceWith(document.importNode(fresh, true));
    }
    return kept;
  };

  const answer = async (got, sent) => {
    const before = JSON.parse(hidden("base").value || "{}");
    const kept = Object.keys(got.changed).filter((name) => !take(name, got.changed[name], sent));
    kept.push(...(await takeRows(got.rows, sent)));
    for (const name of kept) got.base[name] = got.own[name] ?? before[name]; // compared again by the next post
    hidden("version").value = got.version;
    hidden("base").value = JSON.stringify(got.base);
    const now = fields();
    const took = [...Object.keys(got.changed), ...Object.keys(got.rows).map((n) => n + ".")];
    const own = (data) =>
      JSON.stringify(
        [...data].filter(([n]) => n !== "version" && n !== "base" && !took.some((t) => n === t || (t.endsWith(".") && n.startsWith(t)))),
      );
    known = own(sent) === own(now) ? now.toString() : ""; // typed on meanwhile: to be sent again
    saved.textContent = got.text;
    if (got.news) news.textContent = got.news;
    tell(got.trouble ?? "", { offerCompare: got.clash });
    wait = 2000;
    store.drop();
  };

  const keep = (words, offer) => {
    tell(store.set(body().toString()) ? words : box.dataset.failed, offer);
    clearTimeout(waiting);
    waiting = setTimeout(save, wait);
    wait = Math.min(wait * 2, 30000);
  };

  function save() {
    clearTimeout(waiting);
    if (gone) return;
    if (busy) again = true;
    else running = post();
    return running;
  }
  async function post() {
    busy = true;
    const sent = body();
    try {
      const coming = send(sent),
        told = [...unheard]; // what the answer answers
      const got = await coming;
      const is = got.ok ? await got.json() : null;
      if (got.status < 500) unheard.splice(0, unheard.length, ...unheard.filter((text) => !told.includes(text)));
      if (gone) return;
      if (is?.late)
        again = true; // sent again as it stands now
      else if (is) {
        await answer(is, sent);
        if (changed()) again = true;
      } else if (got.status === 401) keep(box.dataset.signedOut, { offerSignIn: true });
      else if (got.status >= 500 || got.status === 408 || got.status === 429) keep(box.dataset.offline);
      else {
        store.set(sent.toString());
        tell((await got.json().catch(() => ({}))).detail ?? box.dataset.failed);
      }
    } catch {
      keep(box.dataset.offline);
    } finally {
      busy = false;
      if (again) {
        again = false;
        soon();
      }
    }
  }
  const changed = () => fields().toString() !== known;
  function soon() {
    clearTimeout(waiting);
    waiting = setTimeout(save, 1000);
  }

  form.addEventListener("input", () => {
    if (changed()) soon();
  });
  form.addEventListener("change", () => {
    if (changed()) soon();
  });
  form.addEventListener("fund:sent", () => {
    gone = true;
    clearTimeout(waiting);
    store.drop();
  }); // upload.js sent all of it
  form.addEventListener("submit", (event) => {
    if (event.defaultPrevented) return;
    gone = true;
    clearTimeout(waiting);
    carry();
    if (changed()) {
      const last = body().toString();
      unheard.push(last);
      store.set(last);
    }
    try {
      sessionStorage.setItem("fund:sent", store.name());
    } catch {
      /* kept until the next visit */
    }
  });
  // A post by a button carries what was not heard of, too.
  const carry = () => {
    const add = (name, value) => {
      const i = document.createElement("input");
      i.type = "hidden";
      i.name = name;
      i.value = value;
      form.append(i);
    };
    for (const text of unheard) add("before", text);
    add("tab", tab);
    add("turn", (turn += 2));
  };
  addEventListener("online", save);
  addEventListener("pageshow", (event) => {
    gone = false;
    form.querySelectorAll('input[name="before"], input[name="tab"], input[name="turn"]').forEach((i) => i.remove());
    if (event.persisted) save();
  });
  // The last words: sent while the page goes, and kept until it is known that
  // they came. A page that stays, as only its tab was left, sends them again
  // when it is seen, and hears the answer.
  const leave = () => {
    if (gone || !changed()) return;
    const last = body(),
      text = last.toString();
    // Not if it was sent already, or is more than a browser sends from a page that is gone.
    if (!unheard.includes(text) && unheard.join().length + text.length <= 50000) send(last, { keepalive: true }).catch(() => {});
    store.set(text);
  };
  document.addEventListener("visibilitychange", () => {
    if (document.visibilityState === "hidden") leave();
    else if (unheard.length) save();
  });
  addEventListener("pagehide", leave);
  // A link is followed when what was typed is saved, so that the next page
  // shows it; a server that takes its time is not waited for.
  const settled = async () => {
    for (let i = 0; i < 3 && (busy || changed()); i++) await save();
  };
  document.addEventListener("click", async (event) => {
    const link = event.target.closest?.("a[href]");
    if (!link || event.defaultPrevented || event.button || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
    if (
      link.target ||
      link.hasAttribute("download") ||
      link.origin !== location.origin ||
      (link.hash && link.pathname === location.pathname)
    )
      return;
    if (gone || !(busy || changed())) return;
    event.preventDefault();
    await Promise.race([settled(), new Promise((done) => setTimeout(done, 2500))]);
    location.assign(link.href);
  });
  if ("shared" in form.dataset)
    setInterval(() => {
      if (document.visibilityState === "visible" && !busy) save();
    }, 15000);

  // What an earlier visit could not send: sent now, compared with what stands here.
  if ("got" in form.dataset) {
    try {
      store.drop(sessionStorage.getItem("fund:sent")); // this page answers what was sent
    } catch {
      /* none was kept */
    }
  }
  // Both sides are on the server's page for it: post what was kept, and it asks.
  const ask = (text) => {
    const asking = document.createElement("form");
    asking.method = "post";
    asking.action = form.action;
    for (const [n, v] of new URLSearchParams(text)) {
      const i = document.createElement("input");
      i.type = "hidden";
      i.name = n;
      i.value = v;
      asking.append(i);
    }
    document.body.append(asking);
    asking.submit();
  };
  const sendLeft = async () => {
    let taken = false;
    for (const left of store.left()) {
      const old = new URLSearchParams(left.body);
      for (const text of left.before ?? []) old.append("before", text);
      if (left.tab) {
        old.set("tab", left.tab);
        old.set("turn", left.turn + 1);
      }
      const same = [...fields()].every(([n, v]) => old.getAll(n).includes(v));
      if (same || Date.now() - left.at > 7 * 24 * 3600 * 1000) {
        store.drop(left.name);
        continue;
      }
      const got = await fetch(address, { method: "POST", body: old, credentials: "same-origin", headers: { Accept: "application/json" } });
      if (got.status === 401) return tell(box.dataset.signedOut, { offerSignIn: true });
      if (!got.ok) continue;
      const is = await got.json();
      store.drop(left.name);
      if (is.late) continue; // its page is still open somewhere, and has sent more
      if (is.clash) return ask(left.body); // what else is left waits for the page after
      taken = true;
    }
    if (!taken) return;
    try {
      sessionStorage.setItem("fund:kept", box.dataset.kept);
    } catch {
      /* only words */
    }
    location.reload();
  };
  sendLeft().catch(() => tell(box.dataset.offline));
  try {
    const kept = sessionStorage.getItem("fund:kept");
    if (kept) {
      news.textContent = kept;
      sessionStorage.removeItem("fund:kept");
    }
  } catch {
    /* only words */
  }
})();
