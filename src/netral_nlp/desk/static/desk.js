"use strict";
/* What makes the desk quick: forms that lose nothing when the server is away, keys for buttons, progress that moves.
   Without this script every form still works. Only text is written, never markup. */
(() => {
  const english = document.documentElement.lang === "en";
  const AWAY = english
    ? "The desk does not answer. What you wrote is still here: start the desk again, open its new link, and repeat."
    : "Meja tidak menjawab. Isian Anda masih di sini: jalankan lagi mejanya, buka tautan barunya, lalu ulangi.";
  const message = document.getElementById("pesan");
  let busy = false; // a key pressed while the next post is on its way would judge a post nobody has read

  const say = (text) => {
    if (!message) return;
    message.textContent = text;
    message.hidden = !text;
    if (text) message.scrollIntoView({ block: "nearest" });
  };

  const send = async (form, button) => {
    const data = new FormData(form, button);
    const plain = form.getAttribute("enctype") !== "multipart/form-data";
    for (let attempt = 1; ; attempt++) {
      try {
        const answer = await fetch(form.getAttribute("action"), { // a field may be called "action", too
          method: "POST", body: plain ? new URLSearchParams(data) : data, headers: { accept: "application/json" },
        });
        const found = await answer.json().catch(() => ({}));
        if (!answer.ok) throw Object.assign(new Error(found.error || AWAY), { final: true });
        return found.to;
      } catch (error) {
        if (error.final) throw error;
        if (attempt >= 3) throw new Error(AWAY);
        await new Promise((go) => setTimeout(go, 300 * attempt));
      }
    }
  };

  document.addEventListener("submit", async (event) => {
    const form = event.target;
    if (form.getAttribute("method") !== "post" || form.dataset.plain !== undefined) return;
    event.preventDefault();
    if (busy) return;
    busy = true;
    document.body.classList.add("busy");
    say("");
    try {
      const to = await send(form, event.submitter);
      if (to.split("#")[0] === location.pathname + location.search) {
        history.scrollRestoration = "manual"; // what is told of it stands at the top
        location.reload();
      }
      else location.assign(to);
    } catch (error) {
      say(error.message);
      busy = false;
      document.body.classList.remove("busy");
    }
  });

  addEventListener("pageshow", () => { setTimeout(() => { history.scrollRestoration = "auto"; }, 500); busy = false; document.body.classList.remove("busy"); });

  document.addEventListener("keydown", (event) => {
    const field = event.target.closest("input, textarea, select");
    if (event.key === "Escape" && field) { field.blur(); return; }
    if ((field && field.type !== "checkbox" && field.type !== "radio") || event.ctrlKey || event.metaKey || event.altKey || event.repeat || busy) return;
    const key = event.key.toLowerCase();
    const note = document.getElementById("catatan"), search = document.getElementById("cari"), pair = document.getElementById("paslon");
    if (key === "c" && note) { event.preventDefault(); note.focus(); return; }
    const judged = document.getElementById("diperiksa");
    if (key === "p" && judged) { judged.closest("details").open = true; judged.checked = true; return; } // a second press takes nothing back
    if (key === "/" && search) { event.preventDefault(); search.focus(); return; }
    if (/^[1-9]$/.test(key) && pair && pair.options && pair.options[+key]) { pair.selectedIndex = +key; return; }
    const button = document.querySelector(`button[data-key="${CSS.escape(key)}"]`);
    if (button) { event.preventDefault(); button.click(); }
  });

  document.documentElement.classList.add("siap"); // keys are listened to

  for (const box of document.querySelectorAll("[data-poll]")) {
    const look = async () => {
      try {
        const answer = await fetch(box.dataset.poll, { headers: { accept: "application/json" } });
        const state = await answer.json();
        if (!state.running) { location.reload(); return; }
        box.querySelector("progress").value = state.share;
        box.querySelector("#maju-teks").textContent = state.text;
        say("");
      } catch { say(AWAY); }
      setTimeout(look, 800);
    };
    setTimeout(look, 500);
  }

  for (const field of document.querySelectorAll("#hukum [name=perbuatan], #hukum [name=pengecualian]"))
    field.addEventListener("change", () => { document.getElementById("diperiksa").checked = true; });

  for (const box of document.querySelectorAll(".drop")) {
    const file = box.querySelector("input[type=file]");
    box.addEventListener("dragover", (event) => { event.preventDefault(); box.classList.add("over"); });
    box.addEventListener("dragleave", () => box.classList.remove("over"));
    box.addEventListener("drop", (event) => {
      event.preventDefault();
      box.classList.remove("over");
      if (event.dataTransfer.files.length) file.files = event.dataTransfer.files;
    });
  }
})();
