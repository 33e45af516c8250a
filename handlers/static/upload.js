// Sending a file. In a form with an upload box the file is sent by the script,
// so that the page can say how far it has come, stop it, and try again when the
// network went: the file stays chosen and what is typed stays typed. The server
// answers with where to go on, or with what is wrong with the file. Without this
// script the form's button does the same, with the browser's own patience.
"use strict";

(() => {
  const box = document.querySelector("[data-upload]");
  const form = box?.closest("form");
  const input = form?.querySelector("input[type=file]");
  if (!form || !input) return;
  const words = box.dataset;
  const part = (name) => box.querySelector(`[data-upload-${name}]`);
  const [going, bar, status, stop, trouble, again, signIn] = ["going", "bar", "status", "stop", "trouble", "again", "sign-in"].map(part);
  const say = trouble.querySelector("p");
  let request = null,
    button = null,
    told = "";

  const tell = (text) => {
    if (text !== told) status.textContent = told = text;
  };
  const sizeOf = (bytes) => (bytes / 1e6).toFixed(1).replace(".", document.documentElement.lang === "sv" ? "," : ".") + "\u00a0MB";

  const rest = () => {
    request = null;
    going.hidden = true;
    button?.removeAttribute("aria-busy");
  };
  const fail = (text, { retry = true, offerSignIn = false } = {}) => {
    rest();
    tell("");
    say.textContent = text;
    again.hidden = !retry;
    signIn.hidden = !offerSignIn;
    trouble.hidden = false;
    if (retry) again.focus();
  };

  // What is wrong with a field is said beside it, as the server's own page does.
  const clearFaults = () => {
    for (const p of form.querySelectorAll("[data-upload-fault]")) {
      const field = p.closest(".field-error");
      const control = document.getElementById(p.dataset.uploadFault);
      control?.removeAttribute("aria-invalid");
      control?.setAttribute(
        "aria-describedby",
        (control.getAttribute("aria-describedby") ?? "")
          .split(" ")
          .filter((id) => id !== p.id)
          .join(" "),
      );
      field?.classList.remove("field-error");
      p.remove();
    }
  };
  const fault = (name, message) => {
    const control = [...form.elements].find((e) => e.name === name && e.type !== "hidden") ?? input;
    const p = document.createElement("p");
    p.className = "ds-validation-message";
    p.id = control.id + "-u";
    p.dataset.uploadFault = control.id;
    p.textContent = message;
    const field = control.closest(".ds-field, fieldset");
    field?.classList.add("field-error");
    if (control.type === "checkbox") field?.prepend(p);
    else control.before(p);
    control.setAttribute("aria-invalid", "true");
    control.setAttribute("aria-describedby", ((control.getAttribute("aria-describedby") ?? "") + " " + p.id).trim());
    return control;
  };
  const refuse = (errors) => {
    rest();
    tell("");
    const sv = document.documentElement.lang === "sv";
    const controls = errors.map((e) => fault(e.field, sv ? e.message_sv : e.message_en));
    controls[0]?.focus();
  };

  // Where to go on. An address that differs only behind # would not be fetched anew.
  const goTo = (to) => {
    const next = new URL(to, location.href);
    const here = next.pathname === location.pathname && next.search === location.search;
    if (!here) return location.assign(next);
    if (next.hash) history.replaceState(null, "", next);
    location.reload();
  };

  const answered = (x) => {
    let got = {};
    try {
      got = JSON.parse(x.responseText);
    } catch {
      /* no answer of ours */
    }
    if (x.status === 200 && got.to) {
      form.dispatchEvent(new Event("fund:sent")); // what is typed is with the server: nothing is left to send
      removeEventListener("beforeunload", hold);
      return goTo(got.to);
    }
    if (x.status === 401) return fail(words.signedOut, { offerSignIn: true });
    if (x.status === 422 && got.errors?.length) return refuse(got.errors);
    if (x.status === 413) return refuse([{ field: "file", message_sv: words.large, message_en: words.large }]);
    fail((x.status < 500 && got.detail) || words.failed);
  };

  const hold = (event) => {
    if (request) event.preventDefault();
  };

  function send(by) {
    if (request) return;
    clearFaults();
    trouble.hidden = true;
    document.querySelector(".flash")?.remove(); // what is said of the file before is not of this one
    button = by;
    const file = input.files[0];
    const max = Number(words.max);
    if (file.size > max) return refuse([{ field: "file", message_sv: words.large, message_en: words.large }]);
    const data = new FormData(form);
    if (by?.name) data.set(by.name, by.value);
    const x = (request = new XMLHttpRequest());
    x.open("POST", by?.getAttribute("formaction") || form.getAttribute("action"));
    x.setRequestHeader("Accept", "application/json");
    x.upload.addEventListener("progress", (event) => {
      if (!event.lengthComputable || request !== x) return;
      const share = Math.floor((event.loaded / event.total) * 100);
      bar.value = share;
      bar.textContent = share + " %";
      // Said aloud four times, not a hundred.
      const step = Math.floor(share / 25) * 25;
      tell(share < 100 ? words.sending.replace("#N", file.name).replace("#P", step).replace("#S", sizeOf(event.total)) : words.checking);
    });
    x.upload.addEventListener("load", () => {
      if (request === x) {
        bar.removeAttribute("value");
        tell(words.checking);
      }
    });
    x.addEventListener("load", () => {
      if (request === x) answered(x);
    });
    for (const kind of ["error", "timeout"])
      x.addEventListener(kind, () => {
        if (request === x) fail(words.offline);
      });
    x.addEventListener("abort", () => {
      if (request === x) {
        rest();
        tell(words.stopped);
        button?.focus();
      }
    });
    bar.value = 0;
    going.hidden = false;
    by?.setAttribute("aria-busy", "true");
    tell(words.sending.replace("#N", file.name).replace("#P", 0).replace("#S", sizeOf(file.size)));
    x.send(data);
  }

  form.addEventListener(
    "submit",
    (event) => {
      if (request) {
        event.preventDefault();
        return;
      } // one file at a time
      if (!input.files.length || event.submitter?.name === "row") return; // nothing to send: the form goes as it is
      if ("draft" in form.dataset && !event.submitter?.hasAttribute("formaction")) return; // not the file's own button
      event.preventDefault();
      send(event.submitter);
    },
    true,
  );
  again.addEventListener("click", () => send(button));
  stop.addEventListener("click", () => request?.abort());
  input.addEventListener("change", () => {
    clearFaults();
    trouble.hidden = true;
  });
  addEventListener("beforeunload", hold);
})();
