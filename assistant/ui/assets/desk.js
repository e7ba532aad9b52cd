// Runs once for the desk component; ``element`` is its root and stays while its content changes.
const root = element;
const q = (sel, from = root) => from.querySelector(sel);
const all = (sel, from = root) => [...from.querySelectorAll(sel)];
const desk = () => q(".desk");
const say = key => JSON.parse(desk().dataset.words)[key];
const cards = () => all('.pane:not([hidden]) [data-key]').filter(e => e.offsetParent);
const active = () => q('.side [data-key].active');

const post = async (path, body) => {
  let answer;
  try { answer = await send(path, body); } catch { throw new Error(say("no_answer")); }
  const data = await answer.json().catch(() => ({message: say("no_answer")}));
  if (answer.status === 401) location.href = "/login";
  if (!answer.ok) throw new Error(data.message || say("no_answer"));
  return data;
};

const send = (path, body) => fetch(path, {
  method: "POST",
  headers: {"Content-Type": "application/json", "X-Requested-With": "assistant"},
  body: JSON.stringify(body),
});

// How far this reviewer is; said again after every change.
const count = () => {
  if (!desk() || !q(".handled")) return;
  const listed = all(".card");
  q(".handled .done").textContent = listed.filter(c => c.dataset.verdictNow).length;
  q(".handled .all").textContent = listed.length;
};

const settle = (card, now) => {
  card.dataset.version = now.version;
  card.dataset.verdictNow = now.verdict || "";
  all("[data-verdict]", card).forEach(b => b.classList.toggle("on", b.dataset.verdict === now.verdict));
  q("[data-undo]", card).disabled = !now.verdict;
  count();
};

const show = (key, from) => {
  all(".active").forEach(e => e.classList.remove("active"));
  const hits = all("mark").filter(m => (m.dataset.f || "").split(" ").includes(key));
  hits.forEach(m => m.classList.add("active"));
  let card = q(`.side [data-key="${CSS.escape(key)}"]`);
  if (card) {
    const pane = card.closest(".pane");
    if (pane.hidden) tab(pane.dataset.pane);
    card.classList.add("active");
    if (from !== "card") reveal(card, q(".side"));
  }
  if (hits.length && from !== "mark") reveal(hits[0], q(".doc"));
};

// Scrolls one pane only: the page itself stays where it is.
const reveal = (item, pane) => {
  const place = item.getBoundingClientRect(), frame = pane.getBoundingClientRect();
  pane.scrollTop += place.top - frame.top - Math.max(60, (frame.height - place.height) / 2);
};

const tab = name => {
  desk().dataset.tab = name;
  all(".pane").forEach(p => { p.hidden = p.dataset.pane !== name; });
  all(".tabs [data-tab]").forEach(b => b.classList.toggle("on", b.dataset.tab === name));
};

const tell = (place, words, bad) => {
  const line = q(".said", place);
  if (line) { line.textContent = words; line.classList.toggle("bad", !!bad); }
};

const address = tail => `/api/submissions/${desk().dataset.submission}/${tail}`;

const decide = async (card, verdict) => {
  const reason = q(".reason", card), comment = q(".comment", card);
  if (verdict === "驳回" && !reason.value.trim()) { reason.focus(); return tell(card, say("need_reason"), true); }
  try {
    const body = {finding: card.dataset.key, verdict, reason: reason.value, comment: comment.value, version: +card.dataset.version};
    const done = await post(address("decisions"), body);
    settle(card, {version: done.version, verdict});
    tell(card, `${say("saved")}：${verdict}`);
  } catch (error) { tell(card, error.message, true); }
};

const undo = async card => {
  try {
    const done = await post(address("undo"), {finding: card.dataset.key});
    settle(card, done);
    q(".reason", card).value = done.reason || "";
    q(".comment", card).value = done.comment || "";
    tell(card, say("undone"));
  } catch (error) { tell(card, error.message, true); }
};

const rule = button => {
  const box = button.closest(".conflict");
  const body = {finding: box.dataset.finding, verdict: button.dataset.ruling, reason: q(".reason", box).value};
  return post(address("rulings"), body)
    .then(() => tell(box, `${say("ruled")}：${button.dataset.ruling}`)).catch(e => tell(box, e.message, true));
};

const total = form => {
  const inputs = all('input[type="number"]', form);
  const filled = inputs.every(i => i.value !== "");
  const sum = inputs.reduce((t, i) => t + (+i.value / +i.dataset.maximum) * +i.dataset.weight, 0);
  q(".total", form).textContent = filled ? Math.round(sum * 100) / 100 : say("rubric_partial");
};

root.addEventListener("click", event => {
  const target = event.target;
  const button = target.closest("button");
  const card = target.closest(".side [data-key]");
  if (button?.dataset.tab) return tab(button.dataset.tab);
  if (button?.dataset.verdict) return void decide(card, button.dataset.verdict);
  if (button?.dataset.undo) return void undo(card);
  if (button?.dataset.ruling) return void rule(button);
  if (button?.dataset.anchor) {
    const box = button.closest(".dimension");
    q("input", box).value = button.dataset.anchor;
    return total(box.closest("form"));
  }
  if (target.matches("[data-open-only]")) return void q(".side").classList.toggle("open-only", target.checked);
  const mark = target.closest("mark");
  if (mark) {
    const keys = mark.dataset.f.split(" ");
    return show(keys.find(k => /^(flag|check)-/.test(k)) || keys[0], "mark");
  }
  if (card && !target.closest("input")) show(card.dataset.key, "card");
});

root.addEventListener("input", event => {
  const form = event.target.closest("form.opinion");
  if (form && event.target.type === "number") total(form);
});

root.addEventListener("submit", event => {
  const form = event.target.closest("form.opinion");
  if (!form) return;
  event.preventDefault();
  const recommendation = form.elements.recommendation.value;
  if (!recommendation) return tell(form, say("choose_first"), true);
  const scored = all('input[type="number"]', form).filter(i => i.value !== "");
  const scores = Object.fromEntries(scored.map(i => [i.name.slice("score:".length), +i.value]));
  post(address("opinion"), {recommendation, text: form.elements.text.value, scores, version: +form.dataset.version})
    .then(done => {
      form.dataset.version = done.version;
      tell(form, say("saved"));
      if (desk().dataset.blinded === "yes") trigger("submit", {id: desk().dataset.submission, tab: "opinion"});
    }).catch(e => tell(form, e.message, true));
});

document.addEventListener("keydown", event => {
  if (!desk() || !root.offsetParent || event.target.closest("input,textarea,select,[contenteditable]")) return;
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  const listed = cards();
  const at = listed.indexOf(active());
  const key = event.key.toLowerCase();
  if (key === "j" || key === "k") {
    const next = listed[Math.min(listed.length - 1, Math.max(0, at + (key === "j" ? 1 : -1)))];
    if (next) { show(next.dataset.key, ""); next.focus({preventScroll: true}); }
  } else if (active()?.matches(".card") && "123".includes(key)) {
    const verdict = ["采纳", "驳回", "需补充材料"][+key - 1];
    decide(active(), verdict);
  } else if (active()?.matches(".card") && key === "u") undo(active());
  else if (key === "o" && q('[data-pane="opinion"]')) {
    tab("opinion");
    q('[name="recommendation"]')?.focus();
  } else return;
  event.preventDefault();
});

root.addEventListener("keydown", event => {
  if (event.key === "Enter" && event.target.matches(".card .reason")) decide(event.target.closest(".card"), "驳回");
  if (event.key === "Enter" && event.target.matches("[data-key]")) show(event.target.dataset.key, "card");
});

// The content is replaced from outside when another submission is opened.
let last = null;
const arrived = () => {
  // Counting changes the content too: only a new desk is news.
  if (!desk() || desk() === last) return;
  const other = desk().dataset.submission !== last?.dataset.submission;
  last = desk();
  count();
  if (other && root.offsetParent && !root.closest("#draft-desk")) document.querySelector("#desk-bar").scrollIntoView({block: "start"});
};
new MutationObserver(arrived).observe(root, {childList: true, subtree: true});
arrived();
