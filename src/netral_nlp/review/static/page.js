"use strict";
// Every text of a post is put on the page as text, never as HTML; the server's policy forbids the other way, too.

const $ = (id) => document.getElementById(id);
const own = windowName();
const KEYS = { d: "dukung", n: "netral", t: "tolak", j: "tidak jelas", s: "lewati" };
const FILTERS = { text: "text", status: "status", pair: "pair-filter", label: "label-filter", platform: "platform-filter" };
let post = null; // what is on the screen
let busy = false; // a key pressed while the next post is on its way would judge a post nobody has read
let offset = 0;
const made = []; // numbers of this window's decisions, for undo

const number = (value, digits = 0) =>
  value.toLocaleString("id-ID", { minimumFractionDigits: digits, maximumFractionDigits: digits });
const percent = (value) => number(100 * value) + " %";

function windowName() { // the same after a reload, so that the post on the screen is still this window's
  const made = crypto.getRandomValues(new Uint32Array(4)).join("-");
  try {
    const name = sessionStorage.getItem("netral-window") || made;
    sessionStorage.setItem("netral-window", name);
    return name;
  } catch {
    return made;
  }
}

function element(tag, text = "", kind = "") {
  const made = document.createElement(tag);
  if (text !== "") made.textContent = text;
  if (kind) made.className = kind;
  return made;
}

function kept(name, value) {
  try {
    if (value !== undefined) localStorage.setItem("netral-" + name, value);
    return localStorage.getItem("netral-" + name) || "";
  } catch {
    return "";
  }
}

function asked() {
  const query = { reviewer: $("reviewer").value.trim(), window: own, order: $("order").value, blind: $("blind").checked };
  for (const [name, id] of Object.entries(FILTERS)) if ($(id)) query[name] = $(id).value.trim();
  if (query.blind) query.label = "";
  return query;
}

function token() {
  return crypto.getRandomValues(new Uint32Array(4)).join("-");
}

async function call(name, extra = {}, attempts = 1) {
  const body = JSON.stringify({ ...asked(), ...extra });
  for (let attempt = 1; ; attempt++) {
    try {
      const answer = await fetch("api/" + name, { method: "POST", headers: { "content-type": "application/json" }, body });
      const data = await answer.json().catch(() => ({}));
      if (!answer.ok) throw Object.assign(new Error(data.error || "Server menolak permintaan (" + answer.status + ")."), { final: true });
      return data;
    } catch (error) {
      if (error.final) throw error;
      if (attempt >= attempts) throw new Error("Server tidak menjawab. Jalankan lagi netral review, lalu buka tautan barunya.");
      await new Promise((go) => setTimeout(go, 300 * attempt));
    }
  }
}

function say(text) {
  $("message").textContent = text;
  $("message").hidden = !text;
}

async function during(work) {
  if (busy) return;
  busy = true;
  document.body.classList.add("busy");
  try {
    await work();
    say("");
  } catch (error) {
    say(error.message);
  } finally {
    busy = false;
    document.body.classList.remove("busy");
    for (const button of document.querySelectorAll(".pressed")) button.classList.remove("pressed");
  }
}

function show(data) {
  post = data.post;
  if (data.progress) showProgress(data.progress);
  for (const button of document.querySelectorAll("[data-decision]")) button.disabled = !post;
  $("note").value = post ? post.note : "";
  $("note").parentElement.hidden = !post;
  if ($("law")) $("law").hidden = !post || !post.law;
  document.querySelector(".judged").hidden = !post;
  $("model").hidden = !post || post.blind;
  $("hidden-model").hidden = !post || !post.blind;
  $("post").dataset.key = post ? post.key : "";
  const text = $("post-text");
  text.replaceChildren();
  if (!post) {
    $("meta").textContent = "";
    $("others").hidden = true;
    text.append(element("span", plain() ? "Antrean habis: semua unggahan sudah ditinjau atau dilewati." : "Tidak ada unggahan yang cocok dengan saringan ini.", "empty"));
    return;
  }
  const account = post.account ? "akun " + post.account : "";
  $("meta").textContent = ["baris " + number(post.line), post.platform, post.time, account, post.agency].filter(Boolean).join(" · ");
  for (const [words, value, masked] of post.pieces) {
    if (value === null) text.append(element("span", words, masked ? "masked" : ""));
    else {
      const mark = element("mark", words, value < 0 ? "against" : "");
      mark.title = (value < 0 ? "melemahkan " : "menguatkan ") + post.toward + ": " + number(value, 1);
      text.append(mark);
    }
  }
  text.scrollTop = 0;
  $("pair").value = post.pair;
  showLaw();
  $("own").textContent = post.own ? "Keputusan Anda sekarang: " + post.own : "";
  $("others").replaceChildren(...post.others.map((o) => element("li", `${o.reviewer}: ${o.decision}${o.pair && o.pair !== post.pair ? " (" + o.pair + ")" : ""}${o.acts ? " · perbuatan: " + o.acts + (o.exception ? ", pengecualian " + o.exception : "") : ""}${o.note ? " – " + o.note : ""}`)));
  $("others").hidden = !post.others.length;
  if (!post.blind) showModel();
}

const acts = () => [...document.querySelectorAll("#law-acts input")];

function showLaw() { // what the model told, or what this reviewer said before; it counts once the reviewer ticks it
  if (!$("law") || !post.law) return;
  const law = post.law;
  const chosen = law.own || { acts: law.acts || [], exception: law.exception || "" };
  for (const box of acts()) box.checked = chosen.acts.includes(box.value);
  $("law-exception").value = chosen.exception;
  $("law-said").checked = Boolean(law.own);
  $("law-phase").textContent = law.phase ? "· tahap: " + law.phase : "· tahap tidak diketahui";
  const told = post.blind ? [] : [
    "Usulan model: " + (law.acts.length ? law.acts.join(", ") : "tidak ada perbuatan"),
    law.kind, law.items, law.level && "tingkat " + law.level, law.exception && "pengecualian " + law.exception, law.words,
  ];
  $("law-model").textContent = told.filter(Boolean).join(" · ");
  $("law-check").replaceChildren(...(law.check || []).map((reason) => element("li", "Periksa: " + reason)));
}

function saidOfActs() {
  if (!$("law") || !post.law || !$("law-said").checked) return {};
  return { acts: acts().filter((box) => box.checked).map((box) => box.value), exception: $("law-exception").value };
}

function showModel() {
  $("evidence").title = "bukti untuk (+) dan melawan (−) " + post.toward;
  $("label").textContent = post.label || "–";
  $("label").className = post.label;
  $("scores").replaceChildren();
  ["dukung", "netral", "tolak"].forEach((label, i) => {
    const track = element("div", "", "track");
    const bar = element("i", "", label);
    bar.style.width = 100 * post.scores[i] + "%";
    track.append(bar);
    $("scores").append(element("span", label), track, element("span", number(post.scores[i], 2), "number"));
  });
  if (!post.pair && !post.evidence.length) {
    $("evidence").textContent = "tidak ada paslon yang dikenali";
    return;
  }
  $("evidence").replaceChildren(...post.evidence.map(([words, value]) => {
    const chip = element("span", words + " ", value < 0 ? "against" : "");
    chip.append(element("b", (value > 0 ? "+" : "−") + number(Math.abs(value), 1)));
    return chip;
  }));
}

function showProgress(p) {
  $("bar").style.width = (100 * p.decided) / Math.max(p.total, 1) + "%";
  const differ = p.differ ? `, ${number(p.differ)} beda pendapat` : "";
  const skipped = p.skipped ? `, ${number(p.skipped)} dilewati` : "";
  $("progress").textContent = `${number(p.decided)} dari ${number(p.total)} ditinjau, ${number(p.mine)} oleh Anda${skipped}${differ}`;
  $("labels").replaceChildren();
  for (const label of ["dukung", "netral", "tolak", "tidak jelas"])
    if (p.labels[label]) $("labels").append(element("dt", label), element("dd", number(p.labels[label])));
  const r = p.remaining;
  $("remaining").textContent = r.estimate === null ? "–" : "≈ " + number(r.estimate);
  $("range").textContent = r.estimate === null ? "belum dapat diperkirakan" : `antara ${number(r.low)} dan ${number(r.high)}`;
  $("advice").className = r.enough && r.estimate !== null ? "advice enough" : "advice";
  $("advice").textContent = advice(r);
  $("agreement-section").hidden = !p.agreement.length;
  $("agreement").replaceChildren(...p.agreement.map((a) => {
    const kappa = a.kappa === null ? "kappa belum dapat dihitung" : `kappa ${number(a.kappa, 2)}` + (a.ci95 ? ` (${number(a.ci95[0], 2)} s.d. ${number(a.ci95[1], 2)})` : "");
    return element("p", `${a.reviewers.join(" dan ")}: ${kappa}; sama pada ${number(a.agreed)} dari ${number(a.n)}` + (a.unclear ? `, ${number(a.unclear)} tidak jelas` : ""));
  }));
}

function advice(r) {
  if (!r.unread) return "Semua unggahan sudah ditinjau.";
  if (r.estimate === null) return `Sebagian unggahan diambil acak sebagai sampel; perkiraan muncul setelah 20 sampel (baru ${number(r.sampled)}).`;
  const least = r.recall ? percent(Math.floor(100 * r.recall[1]) / 100) : "0 %";
  if (r.enough) return `Boleh berhenti: sedikitnya ${least} dukungan sudah ditemukan (keyakinan 95 %, dari ${number(r.sampled)} sampel acak).`;
  return `Teruskan: baru pasti ${least} dukungan ditemukan, sasaran ${percent(r.target)} (${number(r.sampled)} sampel acak).`;
}

const plain = () => Object.values(FILTERS).every((id) => !$(id) || !$(id).value.trim());

const next = () => during(async () => show(await call("next")));

function decide(decision) {
  if (!post || busy) return;
  if (!$("reviewer").value.trim()) {
    say("Isi dulu nama peninjau.");
    $("reviewer").focus();
    return;
  }
  document.querySelector(`[data-decision="${decision}"]`).classList.add("pressed");
  during(async () => {
    const data = await call("decide", { key: post.key, decision, chosen: $("pair").value, note: $("note").value.trim(), token: token(), ...saidOfActs() }, 3);
    made.push(data.saved.number);
    const s = data.saved;
    const model = s.blind && s.label ? ` – model: ${s.label} (dukung ${number(s.scores[0], 2)})` : "";
    $("last").textContent = `Tersimpan: ${s.decision}${s.pair ? " · " + s.pair : ""}${s.acts ? " · perbuatan: " + (s.acts.join(", ") || "tidak ada") : ""}${model}. Tekan u untuk membatalkan.`;
    show(data);
    if (matchMedia("(max-width: 900px)").matches) scrollTo({ top: 0 });
  });
}

function undo() {
  during(async () => {
    const data = await call("undo", { number: made.length ? made[made.length - 1] : null, token: token() }, 3);
    made.pop();
    if (!data.post) {
      $("last").textContent = "Tidak ada keputusan yang dapat dibatalkan.";
      showProgress(data.progress);
      return;
    }
    $("last").textContent = `Dibatalkan: ${data.post.undone}. Putuskan lagi, atau lewati.`;
    show(data);
  });
}

function list(from) {
  during(async () => {
    const data = await call("list", { offset: from });
    offset = from;
    const rows = data.rows.map((row) => {
      const button = element("button");
      button.type = "button";
      const side = row.own ? "Anda: " + row.own : row.label ? `${row.label} ${number(row.support, 2)}` : "";
      button.append(element("span", "baris " + number(row.line), "dim"), element("span", row.text), element("span", side, "dim side"));
      button.addEventListener("click", () => during(async () => {
        show(await call("open", { key: row.key }));
        $("post").scrollIntoView({ block: "nearest" });
        $("post").focus();
      }));
      const item = element("li");
      item.append(button);
      return item;
    });
    $("list").replaceChildren(...(rows.length ? rows : [element("li", "Tidak ada yang cocok.", "empty")]));
    $("list").hidden = false;
    $("more").hidden = !data.more;
  });
}

function leave() {
  during(async () => {
    await call("leave");
    document.querySelector(".work").replaceChildren(element("p", "Anda sudah keluar. Keputusan tetap tersimpan.", "empty"));
    for (const part of document.querySelectorAll(".settings, #finder, .side")) part.remove();
  });
}

function filtered() {
  $("filtered").textContent = plain() ? "" : "saringan aktif";
}

function start() {
  const named = new URLSearchParams(location.search).get("peninjau"); // a second person's own link
  $("reviewer").value = named || $("work").dataset.reviewer || kept("reviewer");
  $("order").value = $("work").dataset.order;
  if (!$("blind").disabled) $("blind").checked = kept("blind") === "ya";
  document.body.classList.toggle("blind", $("blind").checked);

  $("reviewer").addEventListener("change", () => { kept("reviewer", $("reviewer").value.trim()); next(); });
  $("order").addEventListener("change", next);
  $("blind").addEventListener("change", () => {
    kept("blind", $("blind").checked ? "ya" : "");
    document.body.classList.toggle("blind", $("blind").checked);
    next();
  });
  $("filters").addEventListener("submit", (event) => { event.preventDefault(); filtered(); $("list").hidden = $("more").hidden = true; next(); $("text").blur(); });
  $("show-list").addEventListener("click", () => { filtered(); list(0); });
  $("more").addEventListener("click", () => list(offset + 50));
  $("clear").addEventListener("click", () => { $("filters").reset(); filtered(); $("list").hidden = $("more").hidden = true; next(); });
  $("undo").addEventListener("click", undo);
  for (const field of [...acts(), $("law-exception")].filter(Boolean)) field.addEventListener("change", () => { $("law-said").checked = true; });
  $("leave").addEventListener("click", leave);
  for (const button of document.querySelectorAll("[data-decision]")) button.addEventListener("click", () => decide(button.dataset.decision));
  document.addEventListener("keydown", (event) => {
    const field = event.target.closest("input, textarea, select");
    if (event.key === "Escape" || (event.key === "Enter" && event.target.id === "note" && !event.shiftKey) || (event.key === "Enter" && event.target.id === "reviewer")) {
      if (field) { event.preventDefault(); field.blur(); $("post").focus(); }
      return;
    }
    if ((field && field.type !== "checkbox") || event.ctrlKey || event.metaKey || event.altKey || event.repeat) return;
    const key = event.key.toLowerCase();
    if (KEYS[key]) decide(KEYS[key]);
    else if (key === "u") undo();
    else if (key === "p" && post && $("law")) $("law-said").checked = true; // a second press takes nothing back
    else if (key === "c" && post) { event.preventDefault(); $("note").focus(); }
    else if (key === "/") { event.preventDefault(); $("finder").open = true; $("text").focus(); }
    else if (/^[1-9]$/.test(key) && post && $("pair").options[+key]) $("pair").selectedIndex = +key;
  });
  next();
}

start();
