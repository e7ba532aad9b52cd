"""Flags on scenes: merely named, elements missing, restating the guide, planned, planned and claimed at once."""

from __future__ import annotations

import re
from collections.abc import Iterator

from assistant import policy
from assistant.records import SceneClaim, Span
from assistant.verify.boilerplate import restated
from assistant.verify.case import DOCUMENT, Case, Draft, overlaps, scene_ref, short
from assistant.verify.passages import has_plan

_ELEMENTS = {"system": "系统或装备", "technique": "技术方法", "effect": "成效"}
# The extracted elements miss what is said in plain words; a scene is called weak only where these miss it too.
PLAIN_WORDS = {
    "system": re.compile(
        r"系统|平台|软件|设备|装置|工位|机器人|产线|生产线|终端|看板|中心|仓库|立库|AGV|AMR|RGV|PLC|仪表|传感器|相机|网关|模块|APP|[A-Z]{3,}"
    ),
    "technique": re.compile(
        r"算法|模型|技术|仿真|识别|学习|规划|优化|预测|分析|追溯码|二维码|条码|RFID|5G|物联网|大数据|知识图谱|数字孪生|标识解析|云计算|区块链|自动(?:判定|排程|采集|关联|评分|调整|补偿)|在线监测|边缘计算"
    ),
    "effect": re.compile(
        r"提升|提高|降低|下降|减少|缩短|压缩|改善|节约|节省|替代|杜绝|避免|增长|增加到|达到|降至|降到|升至|实现[^，。；]{0,12}(?:自动|追溯|闭环|可视|透明|无人|零|协同|一体|预警|监控|管控)|\d\s*[%％倍]"
    ),
}
_NOTABLE_SHARE, _HEAVY_SHARE, _NOTABLE_CHARS = 0.4, 0.7, 40
# 下一步扩大, 二期升级: more of what is there, no contradiction to it.
_MORE = re.compile(
    r"扩展|推广|深化|升级|优化|完善|进一步|扩大|二期|三期|持续|拓展|迭代|提升|增加|延伸|复制|全面铺开|改进|更多"
)


def scene_flags(case: Case) -> Iterator[Draft]:
    """Yield the flags on scenes."""
    taken: list[Span] = []
    for index, scene in enumerate(case.declaration.scenes or ()):
        yield from _strength(index, scene)
        for draft in _boilerplate(case, index, scene):
            taken += draft.spans
            yield draft
        yield from _planned_elsewhere(case, index, scene)
        yield from _outdated(case, index, scene)
    yield from _boilerplate_elsewhere(case, taken)


def _name(scene: SceneClaim) -> str:
    return scene.name or short(scene.as_written or "", 20) or f"{scene.number}号场景"


def _strength(index: int, scene: SceneClaim) -> Iterator[Draft]:
    name, spans = _name(scene), scene.spans
    if scene.plan:
        yield Draft(
            "unsupported_scene",
            "low",
            f"“{name}”写的是计划，不能算已建成的场景，未计入检查。",
            "如已建成，请写明上线时间、系统和成效；如未建成，请移到后续计划，不列入已建场景。",
            scene_ref(index),
            spans,
        )
        return
    if scene.strength == "claimed":
        yield Draft(
            "unsupported_scene",
            "high",
            f"“{name}”只提到名称，没有写建了什么系统、用了什么技术、取得什么成效。",
            "请补充该场景的业务环节、系统或装备名称、技术方法和量化成效，并附截图、合同或验收材料。",
            scene_ref(index),
            spans,
        )
        return
    missing = _missing(scene)
    if len(missing) > 1 or "成效" in missing:
        yield Draft(
            "weak_scene",
            "medium" if len(missing) > 1 else "low",
            f"“{name}”没有写明{'、'.join(missing)}。",
            f"请在该场景中补充{'、'.join(missing)}，并附相应佐证。",
            scene_ref(index),
            spans,
        )


def _missing(scene: SceneClaim) -> list[str]:
    if scene.elements is None:
        return []
    text = "\n".join(span.quote for span in scene.spans if span.quote not in (scene.name, scene.as_written))
    return [
        label
        for field, label in _ELEMENTS.items()
        if not getattr(scene.elements, field) and not PLAIN_WORDS[field].search(text)
    ]


def _boilerplate(case: Case, index: int, scene: SceneClaim) -> Iterator[Draft]:
    """Measure the scene's own text, its heading left out."""
    runs: list[Span] = []
    covered = total = 0
    for span in scene.spans:
        if span.quote in (scene.name, scene.as_written) and len(span.quote) < 20:
            continue
        found = restated(span.quote)
        covered += found.chars
        total += sum(c.isalnum() for c in span.quote)
        runs += [case.document.span(span.start + a, span.start + b) for a, b in found.runs]
    share = covered / total if total else 0.0
    if share >= _NOTABLE_SHARE and covered >= _NOTABLE_CHARS:
        yield Draft(
            "boilerplate",
            "high" if share >= _HEAVY_SHARE else "medium",
            f"“{_name(scene)}”有{share:.0%}的文字与《典型场景参考指引》雷同，看不出本企业做了什么。",
            "请删去照抄的指引原文，改写本企业的系统名称、应用车间、上线时间、数据和成效。",
            scene_ref(index),
            tuple(runs),
        )


def _boilerplate_elsewhere(case: Case, taken: list[Span]) -> Iterator[Draft]:
    """Paragraphs outside the scenes that mostly repeat the guide."""
    for block in case.document.blocks:
        if block.kind in ("heading", "header", "footer", "caption"):
            continue
        text = case.document.text[block.start : block.end]
        found = restated(text) if len(text) >= _NOTABLE_CHARS else None
        if found is None or found.share < _HEAVY_SHARE or found.chars < 2 * _NOTABLE_CHARS:
            continue
        spans = tuple(case.document.span(block.start + a, block.start + b) for a, b in found.runs)
        if any(overlaps(span, taken) for span in spans):
            continue
        yield Draft(
            "boilerplate",
            "medium",
            f"这一段有{found.share:.0%}的文字与《典型场景参考指引》雷同。",
            "请改写为本企业的实际做法。",
            DOCUMENT,
            spans,
        )


def _planned_elsewhere(case: Case, index: int, scene: SceneClaim) -> Iterator[Draft]:
    """A scene said to be built in one place and to be planned in another."""
    names = {n for n in (scene.name, scene.as_written) if n and 4 <= len(n) <= 16}
    if scene.plan or not names:
        return
    text = case.document.text
    for start, end in case.sentences:
        sentence = text[start:end]
        if not any(name in sentence for name in names) or not has_plan(sentence) or _MORE.search(sentence):
            continue
        span = case.document.span(start, end)
        if overlaps(span, scene.spans):
            continue
        yield Draft(
            "contradiction",
            "medium",
            f"“{_name(scene)}”在一处写成已建成，在另一处写成计划。",
            "请核实该场景是否已投入运行，统一前后表述；未投运的不要列为已建场景。",
            scene_ref(index),
            (*scene.spans[:1], span),
        )
        return


def _outdated(case: Case, index: int, scene: SceneClaim) -> Iterator[Draft]:
    """A scene named as in a catalogue that is not the one in force."""
    written = (scene.as_written or "").strip()
    current = {s.name for s in case.catalog.scenes}
    for catalog in ("2024", "2025"):
        if catalog == case.catalog.id or written in current:
            continue
        if any(s.name == written for s in policy.load().catalog(catalog).scenes):
            yield Draft(
                "outdated_name",
                "low",
                f"“{written}”是{catalog}版场景名称，现行目录为{case.catalog.id}版，对应“{_name(scene)}”。",
                f"请改用{case.catalog.id}版名称“{_name(scene)}”，并对照新版说明核对内容。",
                scene_ref(index),
                scene.spans[:1],
            )
