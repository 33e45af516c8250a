// Finding things as people do, by what they are called. What is hidden from
// everybody or from screen readers is not found. The best match wins: the whole
// name, then how it begins, then any part of it; then the first on the page.
(() => {
  const flat = (s) => (s || "").replace(/[\s\u00a0\u202f]+/g, " ").trim();
  const shown = (e) => e.getClientRects().length > 0 && !e.closest("[aria-hidden=true]") && getComputedStyle(e).visibility !== "hidden";
  const best = (list, wanted) => {
    wanted = flat(wanted);
    const fits = [(n) => n === wanted, (n) => n.startsWith(wanted), (n) => n.includes(wanted)];
    for (const fit of fits) {
      const hit = list.find(([name]) => fit(flat(name)));
      if (hit) return hit[1];
    }
    return null;
  };
  const name = (e) => e.getAttribute("aria-label") || e.textContent || e.value;
  const scope = (root, selector) => [...root.querySelectorAll(selector)].filter(shown);
  return {
    flat,
    control(label, root = document) {
      const list = scope(root, "input:not([type=hidden]), select, textarea").flatMap((e) => [
        ...[...(e.labels || [])].map((l) => [l.textContent, e]),
        ...(e.getAttribute("aria-label") ? [[e.getAttribute("aria-label"), e]] : []),
      ]);
      return best(list, label);
    },
    action: (text, root = document) => best(scope(root, "a[href], button, summary, input[type=submit]").map((e) => [name(e), e]), text),
    group: (text) => best(scope(document, "fieldset, [role=group], section, tr, li, form").map((e) => [
      e.querySelector("legend, h2, h3, th, .row-name, caption")?.textContent || "", e]), text),
    // A click that loads another page: a link that does not stay here, a button that sends.
    leaves(e) {
      const a = e.closest("a[href]");
      if (a) return !a.hasAttribute("download") && !a.target && a.href.split("#")[0] !== location.href.split("#")[0];
      return !!e.form && e.type === "submit";
    },
  };
})()
