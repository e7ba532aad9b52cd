"""Scenes: the catalogue they are named after, how many there are, and what they cover."""

from __future__ import annotations

from collections.abc import Iterable

from assistant.check.case import Case
from assistant.check.placing import Placed, Trouble
from assistant.check.verdict import Verdict, advisory, passed, unknown, unmet
from assistant.policy import GROUPS, Rule
from assistant.records import Span

_SCENES = ("scenes",)
_UNREAD = "材料没有给出已建成的场景清单，无法判断；请列出已建成场景的名称。"
_REASON: dict[Trouble, str] = {
    "other_catalog": "另一版目录的场景",
    "old_name": "用了另一版目录的名称",
    "bad_number": "序号不在目录中",
    "name_differs": "名称与序号不符",
    "unknown_name": "名称不见于目录",
    "alias_name": "不是目录中的正式名称",
    "nameless": "没有场景名称和序号",
}
# Claims of a scene of the catalogue in force that is merely named otherwise.
_WORDING: frozenset[Trouble] = frozenset({"unknown_name", "alias_name", "nameless"})


def scene_catalog(case: Case, rule: Rule) -> Verdict:
    """Pass when every claimed scene is one of the catalogue in force, under its number and name.

    Fails (advisory where the rule is soft) for a scene of the other catalogue, an old name, a number or
    name that is not in it, or a name that is another number's. Another wording of a right number is
    only noted, unless ``official_names`` makes the names themselves binding.
    """
    placed = case.placed
    if placed is None:
        return unknown(_SCENES, _UNREAD)
    odd = [scene for scene in placed if scene.trouble]
    wrong = [scene for scene in odd if scene.trouble not in _WORDING]
    worded = [scene for scene in odd if scene.trouble in _WORDING]
    year = f"{case.catalog}年版"
    seen = f"{len(placed)}项场景，其中{len(odd)}项与{year}目录不一致" if odd else f"{len(placed)}项场景"
    newest = "" if case.as_of else "（未给出日期，按最新规定）"
    if wrong or (worded and rule.params.get("official_names")):
        message = (
            f"现行目录是{year}{newest}，下列场景与之不一致：{_list(odd)}。"
            f"请按{year}目录的序号和名称重新填写。"
        )
        return unmet(rule, seen, message, _spans(odd))
    unclear = [scene for scene in worded if scene.trouble != "alias_name"]
    if unclear:
        message = f"下列场景的名称不见于{year}目录{newest}，请核对并改用目录中的名称：{_list(unclear)}。"
        return advisory(seen, message, _spans(unclear))
    extra = "个别名称用了别称，建议改用正式名称：" + _list(worded) + "。" if worded else ""
    rows = "序号按本省对照表填写，已按名称对应到目录。" if any(s.own_order for s in placed) else ""
    return passed(seen, f"所列场景都在现行的{year}目录中{newest}。{extra}{rows}", _spans(placed))


def coverage(case: Case, rule: Rule) -> Verdict:
    """Pass when the claimed scenes reach every required 建设内容; name those that are missing.

    ``descriptors`` names the province whose tier table decides whether a scene counts at the tier.
    """
    placed = case.placed
    if placed is None:
        return unknown(_SCENES, _UNREAD)
    counted = [scene for scene in placed if not _undescribed(case, rule, scene)]
    reached = {group for scene in counted for group in scene.groups}
    lacking = [group for group in rule.threshold if group not in reached]
    seen = "已覆盖" + ("、".join(group for group in GROUPS if group in reached) or "无")
    if lacking:
        message = (
            f"要求：{rule.required}。所列已建成场景没有覆盖：{'、'.join(lacking)}。"
            f"请补充这些方面已建成的场景（规划中的不计）。"
        )
        return unmet(rule, seen, message, _spans(counted))
    return passed(seen, f"{rule.required}：已满足。", _spans(counted))


def scene_count(case: Case, rule: Rule) -> Verdict:
    """Pass when at least ``threshold`` different scenes count at the tier; plans and repeats do not."""
    placed = case.placed
    if placed is None:
        return unknown(_SCENES, _UNREAD)
    counted = [s for s in placed if s.number is not None and not _undescribed(case, rule, s)]
    numbers = {scene.number for scene in counted}
    left_out = len({s.identity for s in placed if s.identity}) - len(numbers)
    claimed = len(
        {s.number for s in counted} - {s.number for s in counted if s.claim.strength == "evidenced"}
    )
    seen = f"{len(numbers)}个场景"
    note = f"另有{left_out}个不计入（本层级无描述或不属现行目录）。" if left_out > 0 else ""
    note += f"其中{claimed}个仅列名称，尚缺做法和系统的说明。" if claimed else ""
    if len(numbers) < rule.threshold:
        message = (
            f"要求：{rule.required}。材料中可计入的只有{len(numbers)}个，还差{rule.threshold - len(numbers)}个。"
            f"{note}请补充已建成场景。"
        )
        return unmet(rule, seen, message, _spans(counted))
    return passed(seen, f"{rule.required}：可计入{len(numbers)}个，已满足。{note}", _spans(counted))


def tier_descriptor(case: Case, rule: Rule) -> Verdict:
    """Pass when every claimed scene has a description at the tier; advisory naming those with “/”."""
    placed = case.placed
    if placed is None:
        return unknown(_SCENES, _UNREAD)
    bare = [scene for scene in placed if _undescribed(case, rule, scene)]
    if not bare:
        return passed(f"{len(placed)}项场景", f"所列场景在{case.tier}都有场景描述。", _spans(placed))
    message = (
        f"下列场景在自评价参考的{case.tier}一栏是“/”，不计入本层级的场景数和覆盖环节：{_names(bare)}。"
        "请另列有本层级描述的场景，或按更高层级申报。"
    )
    return unmet(rule, f"{len(bare)}项没有本层级描述", message, _spans(bare))


def ai_ratio(case: Case, rule: Rule) -> Verdict:
    """Pass when at least ``threshold`` % of the different claimed scenes use AI.

    A scene whose AI use is not stated counts both ways: only when that decides is the verdict unknown.
    """
    placed = case.placed
    if placed is None:
        return unknown(_SCENES, _UNREAD)
    total, sure, open_ = ai_bounds(placed)
    seen = f"{sure}/{total}个场景应用人工智能" + (f"，{len(open_)}个未说明" if open_ else "")
    if total == 0:
        return unmet(rule, "没有可计的场景", f"要求：{rule.required}。材料没有可计的已建成场景。")
    if sure * 100 >= rule.threshold * total:
        message = f"{rule.required}：{sure}/{total}＝{_percent(sure, total)}，已满足。"
        return passed(seen, message, _ai_spans(placed))
    best = sure + len(open_)
    if best * 100 < rule.threshold * total:
        message = (
            f"要求：{rule.required}。{total}个场景中写明应用人工智能的有{sure}个（{_percent(sure, total)}），"
            f"即使未说明的都算，也只有{_percent(best, total)}。请补充人工智能应用或核实场景。"
        )
        return unmet(rule, seen, message, _ai_spans(placed))
    message = (
        f"要求：{rule.required}。写明应用人工智能的有{sure}个（{_percent(sure, total)}），"
        f"另有{len(open_)}个场景没有说明是否应用，请逐一写明。"
    )
    return unknown((f"scenes[{index}].uses_ai" for index in open_), message, seen)


def ai_bounds(placed: Iterable[Placed]) -> tuple[int, int, tuple[int, ...]]:
    """Return how many different scenes there are, how many surely use AI, and who does not say.

    A scene that is claimed twice uses AI if one of its claims says so. The third value holds record
    indexes, one a scene.
    """
    uses: dict[tuple[str, int], bool | None] = {}
    first: dict[tuple[str, int], int] = {}
    for scene in placed:
        if scene.identity is None:
            continue
        known = uses.get(scene.identity, False)
        said = scene.claim.uses_ai
        uses[scene.identity] = True if known or said else (None if None in (known, said) else False)
        if said is None:
            first.setdefault(scene.identity, scene.index)
    open_ = tuple(first[identity] for identity, value in uses.items() if value is None)
    return len(uses), sum(value is True for value in uses.values()), open_


def _undescribed(case: Case, rule: Rule, scene: Placed) -> bool:
    """Return whether the tier table says “/” for this scene; a scene outside the table is not in question."""
    if scene.number is None or case.tier is None or "descriptors" not in rule.params:
        return False
    table = case.policy.tier_descriptors(rule.params["descriptors"])
    key = (scene.number, case.tier)
    return key in table and table[key] is None


def _percent(part: int, whole: int) -> str:
    return f"{part * 100 / whole:.1f}%"


def _list(scenes: Iterable[Placed]) -> str:
    return "；".join(f"{s.label}（{_REASON[s.trouble]}）" for s in scenes if s.trouble)


def _names(scenes: Iterable[Placed]) -> str:
    return "、".join(dict.fromkeys(scene.label for scene in scenes))


def _spans(scenes: Iterable[Placed]) -> tuple[Span, ...]:
    return tuple(span for scene in scenes for span in scene.claim.spans)


def _ai_spans(scenes: Iterable[Placed]) -> tuple[Span, ...]:
    return tuple(span for scene in scenes for span in scene.claim.ai_spans)
