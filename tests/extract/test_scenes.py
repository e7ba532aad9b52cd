"""Scenes: what counts, how it is labelled, and what must hold for every document."""

from __future__ import annotations

import json
import os
import time
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assistant import policy
from assistant.document import Block
from assistant.extract.scenes import find_scenes
from tests.extract.scene_cases import DATA, built, cases, document, f1, planned, scenes

NUMBERS = st.lists(st.integers(1, 40), min_size=2, max_size=8, unique=True)


def section(number: int, body: str | None = None, catalog: str = "2025") -> str:
    """Write a section about a scene: its name as title, then one sentence of ours."""
    scene = policy.load().catalog(catalog).scene(number)
    system = (scene.elements.get("system") or scene.elements.get("technique") or ("专用系统",))[0]
    return f"{scene.name}\n{body or f'公司已投用{system}，覆盖两个车间，运行稳定。'}\n"


def declaration(numbers: list[int], bodies: dict[int, str] | None = None, catalog: str = "2025") -> str:
    parts = [f"3.{i} {section(n, (bodies or {}).get(n), catalog)}" for i, n in enumerate(numbers, 1)]
    return "三、场景建设情况\n" + "".join(parts)


# What was labelled by hand ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "bar"),
    [
        ("scenes_dev_declarations.yaml", 0.97),
        ("scenes_holdout_declarations.yaml", 0.95),
        ("scenes_dev_prose.yaml", 0.90),
        ("scenes_holdout_prose.yaml", 0.85),
    ],
)
def test_labelled_sets_hold_their_bars(name: str, bar: float) -> None:
    assert f1(cases(name)) >= bar


def test_labelled_plans_and_ai_use() -> None:
    for row in [*cases("scenes_dev_declarations.yaml"), *cases("scenes_holdout_declarations.yaml")]:
        found = scenes(row["text"], row["catalog"])
        assert {c.number for c in found if c.plan} == set(row["plans"]), row["id"]
        if row["ai"] is not None:
            assert {c.number for c in found if c.uses_ai} == set(row["ai"]), row["id"]


def test_real_texts_hold_a_bar() -> None:
    folder = Path(os.environ.get("ASSISTANT_REAL_TEXTS", Path(__file__).parents[3] / "shared" / "real"))
    if not folder.is_dir():
        pytest.skip("no real texts here: set ASSISTANT_REAL_TEXTS")
    gold = json.loads((DATA / "real_scenes.json").read_text(encoding="utf-8"))["scenes"]
    rows = [
        {"text": (folder / name).read_text(encoding="utf-8"), "scenes": numbers}
        for name, numbers in gold.items()
        if (folder / name).exists()
    ]
    assert f1(rows) >= 0.60


@pytest.mark.parametrize("row", cases("scenes_traps.yaml"), ids=lambda row: row["text"][:16])
def test_trap(row: dict) -> None:
    assert (built(row["text"]), planned(row["text"])) == (set(row["scenes"]), set(row["plans"]))


# What must hold for every document ----------------------------------------------------------------------


@pytest.mark.parametrize("name", ["scenes_dev_declarations.yaml", "scenes_dev_prose.yaml"])
def test_every_span_is_exact_and_every_number_stands_once_in_order(name: str) -> None:
    for row in cases(name):
        found = scenes(row["text"], row.get("catalog", "2025"))
        numbers = [claim.number for claim in found]
        assert numbers == sorted(set(numbers))
        for claim in found:
            elements = claim.elements
            assert elements is not None
            kinds = (elements.activity, elements.system, elements.technique, elements.effect)
            spans = [*claim.spans, *claim.ai_spans, *(span for kind in kinds for span in kind)]
            assert claim.spans
            assert all(row["text"][span.start : span.end] == span.quote for span in spans)
            assert bool(claim.ai_spans) == claim.uses_ai
            assert claim.as_written is not None
            assert claim.as_written in row["text"]


@settings(max_examples=40, deadline=None)
@given(numbers=NUMBERS, data=st.data(), catalog=st.sampled_from(["2024", "2025"]))
def test_removing_a_section_removes_its_scene(numbers: list[int], data: st.DataObject, catalog: str) -> None:
    gone = data.draw(st.sampled_from(numbers))
    left = [number for number in numbers if number != gone]
    assert built(declaration(numbers, catalog=catalog), catalog) == set(numbers)
    assert built(declaration(left, catalog=catalog), catalog) == set(left)


@settings(max_examples=40, deadline=None)
@given(
    numbers=NUMBERS,
    data=st.data(),
    body=st.sampled_from(
        [
            "计划于2027年建设，目前处于方案论证阶段。",
            "拟引入专用系统，预计2028年上线。",
            "该场景正在建设，尚未投用。",
            "下一步将部署专用系统。",
        ]
    ),
)
def test_a_planned_section_never_counts_as_built(numbers: list[int], data: st.DataObject, body: str) -> None:
    later = data.draw(st.sampled_from(numbers))
    text = declaration(numbers, {later: body})
    assert built(text) == set(numbers) - {later}
    assert later in planned(text)


@settings(max_examples=30, deadline=None)
@given(
    numbers=NUMBERS,
    data=st.data(),
    body=st.sampled_from(
        ["本公司未建设该场景。", "不涉及。", "暂未开展。", "因工艺特点，本工厂不涉及该场景。", "无"]
    ),
)
def test_a_denied_section_claims_nothing(numbers: list[int], data: st.DataObject, body: str) -> None:
    denied = data.draw(st.sampled_from(numbers))
    found = {claim.number for claim in scenes(declaration(numbers, {denied: body}))}
    assert found == set(numbers) - {denied}


@settings(max_examples=25, deadline=None)
@given(numbers=NUMBERS)
def test_order_of_sections_does_not_matter(numbers: list[int]) -> None:
    assert built(declaration(numbers)) == built(declaration(numbers[::-1]))


@settings(max_examples=60, deadline=None)
@given(
    text=st.text(alphabet="在线智能检测设备运行监控AGV□☑、，。：\n\t| 1（）已建未将部署系统", max_size=120)
)
def test_any_text_is_read_without_fault(text: str) -> None:
    first = scenes(text)
    assert first == scenes(text)
    for claim in first:
        assert all(text[span.start : span.end] == span.quote for span in claim.spans)


def test_an_empty_text_has_no_scenes() -> None:
    assert scenes("") == ()
    assert scenes("\n \u3000\n") == ()


def test_sixty_thousand_characters_are_read_fast() -> None:
    rows = [row["text"] for row in cases("scenes_dev_prose.yaml")]
    text = ("\n".join(rows) * 60)[:60_000]
    scenes("预热")
    started = time.process_time()
    find_scenes(document(text))
    assert time.process_time() - started < 2.0


# Status -------------------------------------------------------------------------------------------------


def test_rows_follow_their_status_column_with_real_cells() -> None:
    rows = [
        ("场景名称", "是否建成", "是否应用AI"),
        ("在线智能检测", "是", "是"),
        ("设备运行监控", "是", "否"),
        ("车间智能排产", "", ""),
        ("碳资产全生命周期管理", "否", ""),
        ("远程运维服务", "建设中", ""),
    ]
    text, blocks, at = "", [], 0
    for index, row in enumerate(rows):
        line = "\t".join(row)
        cells, start = [], at
        for cell in row:
            cells.append((start, start + len(cell)))
            start += len(cell) + 1
        blocks.append(
            Block(
                "table_row", at, at + len(line), table=0, row=index, cells=tuple(cells), header_row=index == 0
            )
        )
        text += line + "\n"
        at += len(line) + 1
    found = find_scenes(document(text, tuple(blocks)))
    assert {c.number: (c.plan, c.uses_ai) for c in found} == {
        24: (False, True),
        27: (False, False),
        34: (True, False),
    }


def test_a_denial_in_a_sentence_reaches_its_whole_list_only() -> None:
    text = (
        "公司已建成在线智能检测、设备运行监控、仓储智能管理场景。远程运维服务、网络协同制造等场景暂未开展。"
    )
    assert built(text) == {12, 24, 27}
    assert planned(text) == set()


def test_a_list_of_the_whole_catalogue_is_reference_not_claim() -> None:
    names = [scene.name for scene in policy.load().catalog("2025").scenes]
    table = "\n".join(f"{i}\t{name}" for i, name in enumerate(names, 1))
    assert built(f"附：典型场景一览\n序号\t场景名称\n{table}") == set()


def test_the_guide_itself_claims_nothing() -> None:
    catalog = policy.load().catalog("2025")
    text = "\n".join(f"{scene.number}.{scene.name}\n{scene.text}" for scene in catalog.scenes)
    assert built(text) == set()


def test_departments_standards_and_figures_are_no_scenes() -> None:
    assert built("公司设有设备运行监控室、能源智能管控办公室，是在线智能检测行业标准起草单位。") == set()
    assert built("先进过程控制投用率达到92%。") == set()


def test_a_scene_named_inside_another_section_is_not_claimed() -> None:
    bodies = {12: "立体仓库与在线智能检测系统、设备运行监控平台对接，自动出入库。"}
    assert built(declaration([4, 9, 12, 25], bodies)) == {4, 9, 12, 25}


# Catalogues ---------------------------------------------------------------------------------------------


def test_same_name_takes_the_number_of_the_catalogue_in_force() -> None:
    text = declaration([21, 22, 24, 27])
    assert built(text, "2025") == {21, 22, 24, 27}
    assert built(text, "2024") == {11, 12, 14, 16}


def test_old_names_map_by_the_crosswalk_where_it_is_one_to_one() -> None:
    crosswalk = policy.load().crosswalk
    old = policy.load().catalog("2024")
    for row in crosswalk.scenes:
        if row.kind in ("renamed", "same", "moved") and row.from_ is not None and row.to is not None:
            assert built(
                f"（一）{old.scene(row.from_).name}场景\n公司已投用专用系统，运行稳定。", "2025"
            ) == {row.to}


def test_a_dropped_scene_stays_out() -> None:
    assert built("（一）全员数字化管理场景\n公司上线统一平台，运行稳定。", "2025") == set()
    assert built("（一）全员数字化管理场景\n公司上线统一平台，运行稳定。", "2024") == {39}


def test_a_name_of_two_scenes_goes_by_its_text() -> None:
    head = "（一）设备智能运维场景\n"
    assert built(head + "对主轴轴承开展振动分析，模型提前预警故障。") == {28}
    assert built(head + "维修工单自动派发到手机，备件库存自动提醒。") == {29}


# AI and strength ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("body", "uses"),
    [
        ("采用深度学习模型识别缺陷。", True),
        ("部署机器视觉检测站，自动判定。", True),
        ("部署X光机，尚未采用人工智能算法。", False),
        ("部署检测仪，下一步将引入大模型。", False),
        ("部署检测仪，产品为AI服务器主板。", False),
        ("部署检测仪，数据送入故障预测平台。", False),
    ],
)
def test_ai_counts_only_when_used_for_the_scene(body: str, uses: bool) -> None:
    (claim,) = scenes(f"（一）在线智能检测场景\n{body}")
    assert claim.uses_ai is uses


def test_ai_of_a_neighbouring_scene_does_not_count() -> None:
    bodies = {27: "设备数据接入监控平台，与采用深度学习的在线智能检测系统对接。"}
    found = {c.number: c.uses_ai for c in scenes(declaration([4, 9, 25, 27], bodies))}
    assert found[27] is False


def test_a_bare_name_is_claimed_and_a_described_scene_is_evidenced() -> None:
    text = "建成在线智能检测、仓储智能管理、设备运行监控场景。\n（一）在线智能检测\n部署视觉检测系统，自动识别划痕，漏检率下降。"
    strength = {c.number: c.strength for c in scenes(text)}
    assert strength == {12: "claimed", 24: "evidenced", 27: "claimed"}


def test_elements_name_system_technique_and_effect() -> None:
    (claim,) = scenes(
        "（一）在线智能检测场景\n公司部署表面缺陷检测系统，应用深度学习算法，实现缺陷自动判定，漏检率降低60%。"
    )
    elements = claim.elements
    assert elements is not None
    assert [span.quote for span in elements.system] == ["表面缺陷检测系统"]
    assert [span.quote for span in elements.technique] == ["深度学习算法"]
    assert "漏检率降低60%" in [span.quote for span in elements.effect]
