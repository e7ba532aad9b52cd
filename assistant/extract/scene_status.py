"""Whether a scene is said to be built, planned or left out: in a cell, in a title, in a sentence, in a section.

The contract counts a scene only when the text says it is built or in operation; what is under
construction is a plan, and what is named as missing is no claim at all.
"""

from __future__ import annotations

import re
from enum import Enum

from assistant.extract.ai_use import AI_TERM
from assistant.extract.sentences import Piece, clauses, plan_scope, sentences

_ABSENT = (
    r"(?:均|都|也|仍|还|全部)?(?:尚未|暂未|还未|仍未|并未|从未|均未|未予|未能|暂不|尚不|不再|暂无|尚无|未曾)(?:建|实施|开展|应用|部署|涉及|覆盖|启动|上线|实现|纳入|投|布局|考虑|申报|完成|引入|具备|规划|安排|推进|参与|落地|打通|形成|采用|使用|进行|达到)?"
    r"|不涉及|未(?:建|开展|实施|涉及|部署|应用|覆盖|启动|上线|申报|纳入|完成|投用|落地|布局|达到|安排)|没有(?:建|开展|实施|涉及|部署|应用|此|该|相关)|不适用|不具备|不在[^，。；]{0,8}范围|不属于|不包括|不含|不申报|无此|缺失|空白|缺少|除外|停用|拆除|弃用|报废|存在[^，。；]{0,4}差距|有待|薄弱|欠缺"
)
_UNDERWAY = (
    r"(?:已|已经)?完成(?:了)?(?:初步|总体)?(?:方案|可行性|可研|前期|招标|立项|调研|论证|选型|规划设计)|正在(?:建设|实施|推进|筹建|规划|立项|招标|论证|开展(?:前期|可行性|建设|方案|调研)|调研|建|进行(?:建设|招标|论证|方案|前期|可行性))|在建|筹建|建设中|规划中|实施中|推进中|拟建|拟(?=建|于|在|开展|引|部署|实施)|待建|立项|可行性研究|前期(?:论证|调研|准备)|方案设计阶段|"
    r"(?:处于|进入|在)(?:规划|调研|设计|论证|方案|试点准备|筹备|建设)(?:论证|设计|准备)?阶段|尚在|纳入[^，。；]{0,12}(?:计划|规划)|列入[^，。；]{0,14}(?:计划|规划|目标)|计划(?:于|在|建设|新增|实施|开展|20)|规划(?:于|在|建设|新增|实施)|力争|下一步|后续(?=将|计划|拟|建设|重点)|将(?=于|在|建设|实施|陆续|逐步|重点|继续|新增|启动|开展|推进|部署|补充|探索)"
)
_BUILT = r"已(?:于|在20|经|全部|全面|陆续|先后|累计|基本)?(?:建|完成|实施|上线|投|部署|应用|开展|实现|覆盖|落地|形成|运行|启用|达到|打造)|建成|建设了|建成了|落地了|投入(?:使用|运行)|投用|上线(?:运行)?|部署(?:了)?|应用(?:了|于)|实现了|打造了|开展了|实施了|完成了|形成了|覆盖了?|现有|目前(?:共|已|，|,)?|涵盖|运行中|正式运行|验收"
# Somebody else's scene, or an idea: nothing of one's own is claimed.
_BORROWED = "参照|借鉴|对标|参考|学习(?=借鉴|参考|对标|先进|同行)"
_GOVERNORS = re.compile(f"(?P<no>{_ABSENT}|{_BORROWED})|(?P<plan>{_UNDERWAY})|(?P<built>{_BUILT})")
_LIST_GAP = re.compile(
    r"^[\s“”\"'‘’《》「」、，,和与及以及或/;；（）()0-9\d.号项个]*(?:等(?:共|共计)?[\d一二三四五六七八九十两]*(?:个|项|类)?)?(?:典型|智能|智能制造|应用)?(?:场景)?[）)”\"]*(?:的)?(?:建设|实施|应用)?(?:工作|内容|方面|领域|环节)?(?:均|都|目前|现|也|则|仍|暂|尚|还|已|是|，(?=均|都|全部|目前|现|已))*"
)

_CELL_NO = re.compile(
    rf"^(?:否|无|×|✗|✕|x|n|no|/|／|—+|-+|―+|\\|0|〇|○|□|空|不涉及.*|未.{{0,12}}|暂.{{0,12}}|尚未.{{0,12}}|没有.{{0,8}}|不适用|n/a|未启动|缺失|({_ABSENT}).{{0,14}})$",
    re.IGNORECASE,
)
_CELL_PLAN = re.compile(
    rf"^(?:{_UNDERWAY}|规划|计划|在建|待|筹|拟|建设中|进行中|设计中|论证|调研|试点中|预计|△|▲|目标|.{{0,8}}(?:设计|规划|论证|建设|实施|推进|调试|招标|筹备|施工|开发|试运行前)中$)"
)
_CELL_YES = re.compile(
    r"^(?:是|有|√|✓|✔|☑|■|●|y|yes|1|已.*|完成.*|建成.*|投用.*|运行.*|上线.*|投产.*|验收.*|100%|应用.*|20\d\d[年./-].*|正常.*|稳定.*)$",
    re.IGNORECASE,
)
_DENIAL = re.compile(_ABSENT)
_OF_SCENE = re.compile(r"(?:该|本|此|这一|上述|这)(?:项|个|一|类)?(?:典型|智能)?(?:场景|环节|工作|业务)")
# 除甲、乙外，其余均已建成 leaves 甲 and 乙 out; 除了甲外，还建设了丙 does not.
_EXCEPT = re.compile(r"除(?:了)?[^，。；]*$")
_EXCEPTED = re.compile(r"[^，。；]{0,6}(?:以外|之外|外)[，,](?![^，。；]{0,6}(?:还|也|又|同时|另))")
_TITLE_STATE = re.compile(r"[（(【\[]([^（）()【】\[\]]{1,24})[）)】\]]\s*$|[—:：-]+\s*([^—:：]{1,16})$")
_THERE = re.compile(
    r"部署|采用|应用|建立|建成|建设|安装|配备|使用|上线|运行|开展|通过|实现|投用|引入|搭建|集成|完成|接入|达到|提升|降低|覆盖|构建|自动|\d"
)
_VACUOUS = re.compile(r"^(?:面向|针对|为(?:了)?(?:解决|应对)|随着|由于)")


# Under a heading of scenes that are not built, this says that they never will be.
UNFIT = re.compile("不适用|不符|不涉及|不具备|无此")
_SOON = re.compile(
    r"正在(?:建设|筹建|规划|立项|招标|论证|调研|(?:做|开展|进行|编制|推进)[^，。；]{0,4}(?:前期|可行性|可研|方案|调研|论证|招标|选型|设计))|(?<!现)在建|筹建|(?:建设|规划|招标|论证|筹备|设计)中(?!心|的|，)|待建|可行性研究|前期(?:论证|调研|准备)|处于[^，。；]{0,6}阶段"
    r"|(?:预计|计划|拟|将)(?:于|在)?20\d\d年[^，。；]{0,10}(?:上线|投用|建成|启用|实施|完成|投入|启动|落地|投运)"
)
_NOT_YET = re.compile(
    r"(?:但|目前|现|现在|暂|也|还|仍|均|都|至今)*(?:尚未|暂未|还未|未)(?:正式)?(?:建设?|立项|实施|启动|上线|投用|投入使用|完成|落地|应用|部署|开展|验收|运行|建成)[^，。；]{0,4}"
)
# 将实施…，目前未启动: what is denied for now is a plan all the same, unless the sentence also tells of things built.
_BUILT_SO_FAR = re.compile(_BUILT)
_LEADING = " \t\n\u3000：:—–-，,、"


class State(Enum):
    """What the text says about a scene; UNSAID: nothing either way."""

    BUILT = "built"
    PLAN = "plan"
    ABSENT = "absent"
    UNSAID = "unsaid"


def of_cell(cell: str) -> State:
    """Return what a status cell says (是, √, 已建成, 规划中, 否, /, 未建设 …)."""
    value = re.sub(r"\s+", "", cell).strip("。；;，,")
    if not value:
        return State.UNSAID
    if _CELL_NO.match(value):
        return State.ABSENT
    if _CELL_YES.match(value):
        return State.BUILT
    return State.PLAN if _CELL_PLAN.match(value) else State.UNSAID


def of_title(title: str) -> State:
    """Return what a title adds about its scene in brackets or behind a dash (（规划中）, ——未建设)."""
    match = _TITLE_STATE.search(title.strip())
    if not match:
        return State.UNSAID
    return of_cell(match.group(1) or match.group(2))


def before_name(text: str, start: int, end: int) -> State:
    """Return what the words of a title in front of a name say (未建设场景：…, 在建场景：…)."""
    state = _last_state(text, start, end)
    return state if state in (State.ABSENT, State.PLAN) else State.UNSAID


def pending(text: str, piece: Piece, place: Piece) -> bool:
    """Return whether the clause of ``place`` says it is under way, or the next one only that it is not there yet.

    ``piece`` is the sentence, or the part of it between semicolons.
    """
    said = clauses(text, *piece)
    own = [n for n, clause in enumerate(said) if clause.start < place.end and place.start < clause.end]
    if not own:
        return False
    if any(_SOON.search(text, *said[n]) for n in own):
        return True
    after = own[-1] + 1
    return after < len(said) and _NOT_YET.fullmatch(text, *said[after]) is not None


def _governor(match: re.Match[str] | None) -> State:
    if match is None or match.lastgroup is None:
        return State.UNSAID
    return {"no": State.ABSENT, "plan": State.PLAN, "built": State.BUILT}[match.lastgroup]


def speaks(text: str, start: int, end: int) -> bool:
    """Return whether a stretch says anything of being built, planned or left out."""
    return _GOVERNORS.search(text, start, end) is not None


def _last_state(text: str, start: int, end: int) -> State:
    state = State.UNSAID
    for match in _GOVERNORS.finditer(text, start, end):
        state = _governor(match)
    return state


def of_mention(text: str, sentence: Piece, start: int, end: int, list_end: int) -> State:
    """Return what a sentence says about the name at ``text[start:end]``.

    ``list_end`` is where the list of names ends that this name belongs to: what follows the list in
    its clause (…等场景尚未建设) speaks for all of them; otherwise the nearest word before does.
    """
    gap = _LIST_GAP.match(text[list_end : sentence.end])
    tail_at = list_end + (gap.end() if gap else 0)
    after = _GOVERNORS.match(text, tail_at, sentence.end)
    if after is None:
        clause_end = next((c.end for c in clauses(text, tail_at, sentence.end)), sentence.end)
        nearby = _GOVERNORS.search(text, tail_at, min(clause_end, tail_at + 12))
        after = nearby if _governor(nearby) in (State.ABSENT, State.PLAN) else None
    if after is not None:
        state = _governor(after)
        soon = (
            state is State.ABSENT
            and plan_scope(text, start, end)
            and not _BUILT_SO_FAR.search(text, *sentence)
        )
        return State.PLAN if soon else state
    if _EXCEPT.search(text, sentence.start, start) and _EXCEPTED.match(text, tail_at):
        return State.ABSENT
    before = _last_state(text, sentence.start, start)
    if before is not State.UNSAID:
        return before
    return State.PLAN if plan_scope(text, start, end) else State.UNSAID


def _about_scene(text: str, piece: Piece, names: tuple[str, ...]) -> bool:
    """Return whether a sentence denies the scene itself, not some detail of it.

    It does when the denying clause names the scene (该场景, its name), says nothing but the denial,
    or opens the sentence with it.
    """
    for number, clause in enumerate(clauses(text, *piece)):
        words = text[clause.start : clause.end]
        denial = _DENIAL.search(words)
        if denial is None or AI_TERM.search(words):
            continue
        head, tail = words[: denial.start()], words[denial.end() :]
        named = any(name in words for name in names) or _OF_SCENE.search(words) is not None
        if (named and len(head) <= 24) or len(tail) <= 2 or (number == 0 and len(head) <= 8):
            return True
    return False


def _only_denies(text: str, piece: Piece) -> bool:
    """Return whether a sentence denies something and tells of nothing that is there."""
    said = [text[clause.start : clause.end] for clause in clauses(text, *piece)]
    denies = [bool(_DENIAL.search(words)) and not AI_TERM.search(words) for words in said]
    there = (_THERE.search(words) for words, denied in zip(said, denies, strict=True) if not denied)
    return any(denies) and not any(there)


def of_section(
    text: str, start: int, end: int, names: tuple[str, ...] = ()
) -> tuple[State, tuple[Piece, ...]]:
    """Return what the text under a scene's heading says, with the sentences that say it is built.

    A denial of the scene decides unless something else is said to be built; a section that speaks
    only of what is to come is a plan; an empty section says nothing.
    """
    built: list[Piece] = []
    planned = denied = 0
    for piece in sentences(text, start, end):
        sentence = text[piece.start : piece.end].strip(_LEADING)
        if sentence.isdigit() or (len(sentence) < 6 and of_cell(sentence) is State.UNSAID):
            continue
        if of_cell(sentence) is State.ABSENT or _about_scene(text, piece, names):
            denied += 1
            planned += re.search(_UNDERWAY, sentence) is not None or "计划" in sentence
        elif plan_scope(text, piece.start, piece.end) or _plan_only(text, piece):
            planned += 1
        elif _only_denies(text, piece):
            denied += 1
        elif not (_VACUOUS.match(sentence) and len(clauses(text, *piece)) <= 2):
            built.append(piece)
    if denied and not any(re.search(_BUILT, text[p.start : p.end]) for p in built):
        return State.PLAN if planned else State.ABSENT, ()
    # Beside a plan for the scene, words about the firm (位于长江中游) do not say that anything is there.
    if built and not (planned and not any(_THERE.search(text, *p) for p in built)):
        return State.BUILT, tuple(built)
    return (State.PLAN if planned else State.UNSAID), ()


def _plan_only(text: str, piece: Piece) -> bool:
    """Return whether every clause of a sentence that says something is said as a plan."""
    said = [clause for clause in clauses(text, *piece) if clause.end - clause.start > 5]
    if not said:
        return False
    if re.search(_UNDERWAY, text[said[0].start : said[0].end]) and not re.search(
        _BUILT, text[piece.start : piece.end]
    ):
        return True
    return all(plan_scope(text, clause.start, clause.end) for clause in said)
