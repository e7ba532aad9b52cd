// Runs once for the desk component; ``element`` is its root and stays while its content changes.
const root = element;
const q = (sel, from = root) => from.querySelector(sel);
const all = (sel, from = root) => [...from.querySelectorAll(sel)];
const desk = () => q(".desk");
const cards = () => all('.pane:not([hidden]) [data-key]');
const active = () => q('.side [data-key].active');

const post = async (path, body) => {
  const answer = await fetch(path, {
    method: "POST",
    headers: {"Content-Type": "application/json", "X-Requested-With": "assistant"},
    body: JSON.stringify(body),
  });
  const data = await answer.json().catch(() => ({message: "服务器没有回答，请稍后再试"}));
  if (!answer.ok) throw new Error(data.message || data.detail || "操作没有成功");
  return data;
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
    if (from !== "card") card.scrollIntoView({block: "center"});
  }
  if (hits.length && from !== "mark") hits[0].scrollIntoView({block: "center"});
};

const tab = name => {
  all(".pane").forEach(p => { p.hidden = p.dataset.pane !== name; });
  all(".tabs [data-tab]").forEach(b => b.classList.toggle("on", b.dataset.tab === name));
};

const tell = (place, words, bad) => {
  const line = q(".said", place);
  if (line) { line.textContent = words; line.classList.toggle("bad", !!bad); }
};

const address = tail => `/api/submissions/${desk().dataset.submission}/${tail}`;

const decide = async (card, verdict) => {
  try {
    const body = {finding: card.dataset.key, verdict, reason: q(".reason", card).value, version: +card.dataset.version};
    const done = await post(address("decisions"), body);
    card.dataset.version = done.version;
    all("[data-verdict]", card).forEach(b => b.classList.toggle("on", b.dataset.verdict === verdict));
    q("[data-undo]", card).disabled = false;
    tell(card, `已保存：${verdict}`);
  } catch (error) { tell(card, error.message, true); }
};

const undo = async card => {
  try {
    const done = await post(address("undo"), {finding: card.dataset.key});
    card.dataset.version = done.version;
    all("[data-verdict]", card).forEach(b => b.classList.toggle("on", b.dataset.verdict === done.verdict));
    q("[data-undo]", card).disabled = !done.verdict;
    tell(card, "已撤销");
  } catch (error) { tell(card, error.message, true); }
};

root.addEventListener("click", event => {
  const target = event.target;
  const button = target.closest("button");
  const card = target.closest(".side [data-key]");
  if (button?.dataset.tab) return tab(button.dataset.tab);
  if (button?.dataset.verdict) return void decide(card, button.dataset.verdict);
  if (button?.dataset.undo) return void undo(card);
  if (button?.dataset.ruling) {
    const box = button.closest(".conflict");
    return void post(address("rulings"), {finding: box.dataset.finding, verdict: button.dataset.ruling, reason: q(".reason", box).value})
      .then(() => tell(box, `已裁定：${button.dataset.ruling}`)).catch(e => tell(box, e.message, true));
  }
  const mark = target.closest("mark");
  if (mark) {
    const keys = mark.dataset.f.split(" ");
    return show(keys.find(k => /^(flag|check)-/.test(k)) || keys[0], "mark");
  }
  if (card && !target.closest("input")) show(card.dataset.key, "card");
});

root.addEventListener("submit", event => {
  const form = event.target.closest("form.opinion");
  if (!form) return;
  event.preventDefault();
  const recommendation = form.elements.recommendation.value;
  if (!recommendation) return tell(form, "请先选择：推荐、不推荐或需补充材料", true);
  post(address("opinion"), {recommendation, text: form.elements.text.value, scores: {}, version: +form.dataset.version})
    .then(done => {
      form.dataset.version = done.version;
      tell(form, "已保存");
      if (desk().dataset.blinded === "yes") trigger("submit", {id: desk().dataset.submission});
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
    const reason = q(".reason", active());
    if (key === "2" && !reason.value.trim()) { reason.focus(); tell(active(), "请写驳回的理由，再按一次回车"); event.preventDefault(); return; }
    decide(active(), verdict);
  } else if (active()?.matches(".card") && key === "u") undo(active());
  else return;
  event.preventDefault();
});

root.addEventListener("keydown", event => {
  if (event.key === "Enter" && event.target.matches(".card .reason")) decide(event.target.closest(".card"), "驳回");
  if (event.key === "Enter" && event.target.matches("[data-key]")) show(event.target.dataset.key, "card");
});
