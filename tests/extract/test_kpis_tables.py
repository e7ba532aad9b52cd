"""KPI statements in tables: before/after columns, years, targets, indicators as columns, key and value."""

from __future__ import annotations

from assistant.document import Block, Document
from assistant.extract.kpis import find_kpis
from assistant.records import KpiClaim


def text_table(text: str) -> tuple[KpiClaim, ...]:
    return find_kpis(Document(name="表.txt", sha256="0" * 64, media_type="text/plain", text=text))


def block_table(rows: list[list[str]], before: str = "") -> tuple[KpiClaim, ...]:
    """Read a table given as cells, laid out as ``ingest`` does: cells by tab, rows by line."""
    text = before
    blocks = [Block(kind="paragraph", start=0, end=len(before))] if before else []
    for number, row in enumerate(rows):
        text += "\n" if text else ""
        start, cells = len(text), []
        for index, cell in enumerate(row):
            text += "\t" if index else ""
            cells.append((len(text), len(text) + len(cell)))
            text += cell
        blocks.append(
            Block(
                "table_row", start, len(text), table=0, row=number, cells=tuple(cells), header_row=number == 0
            )
        )
    document = Document(name="表.docx", sha256="0" * 64, media_type="x", text=text, blocks=tuple(blocks))
    claims = find_kpis(document)
    for claim in claims:
        (span,) = claim.spans
        assert text[span.start : span.end] == span.quote == claim.as_written
    return claims


def rows_of(claims: tuple[KpiClaim, ...]) -> list[tuple[object, ...]]:
    return [(c.baseline, c.current, c.stated_change, c.unit, c.basis, c.plan) for c in claims]


def test_before_after_and_change_columns() -> None:
    claims = block_table(
        [
            ["指标", "改造前", "改造后", "提升幅度"],
            ["生产效率（件/小时）", "120", "156", "30%"],
            ["产品不良率（%）", "2.5", "1.2", "下降52%"],
            ["换产时间", "4小时", "40分钟", "-"],
            ["员工人数（人）", "320", "210", "34%"],
            ["营业收入（万元）", "5600", "6100", "8.9%"],
        ]
    )
    assert rows_of(claims) == [
        (120, 156, 30, "件/小时", "relative", False),
        (2.5, 1.2, 52, "%", "unknown", False),
        (240, 40, None, "分钟", "level", False),
    ]


def test_unit_column_and_years() -> None:
    claims = text_table("指标\t单位\t2022年\t2023年\t2024年\n设备综合利用率\t%\t68\t75\t83\n")
    assert rows_of(claims) == [(68, 83, None, "%", "level", False)]


def test_list_of_indicators_that_are_changes() -> None:
    claims = block_table(
        [
            ["序号", "关键绩效指标", "数值"],
            ["1", "研制周期缩短（%）", "28"],
            ["2", "关键设备数控化率（%）", "95"],
        ]
    )
    assert [(c.number, c.stated_change, c.current, c.direction) for c in claims] == [
        (6, 28, None, "down"),
        (1, None, 95, None),
    ]


def test_targets_are_plans_beside_what_is_achieved() -> None:
    claims = block_table([["指标名称", "当前值", "目标值"], ["产品合格率", "97%", "99%"]])
    assert [(c.current, c.plan) for c in claims] == [(97, False), (99, True)]


def test_indicators_as_columns() -> None:
    claims = text_table("年度\t设备联网率（%）\t产品合格率（%）\n2023\t80\t97.5\n2024\t92\t98.6\n")
    assert [(c.current, c.unit) for c in claims] == [(80, "%"), (97.5, "%"), (92, "%"), (98.6, "%")]


def test_key_and_value_without_titles() -> None:
    claims = block_table([["工厂名称", "某某工厂"], ["设备联网率", "93%"], ["员工总数", "860人"]])
    assert rows_of(claims) == [(None, 93, None, "%", "level", False)]


def test_prose_in_a_cell_is_read_as_prose() -> None:
    claims = block_table(
        [["建设成效", "系统上线后，生产效率提升25%，不良率由3%降至1%。"]], before="二、建设成效"
    )
    assert [(c.baseline, c.current, c.stated_change) for c in claims] == [(None, None, 25), (3, 1, None)]


def test_piped_table_of_a_text_file() -> None:
    claims = text_table("| 指标 | 实施前 | 实施后 |\n| --- | --- | --- |\n| 一次合格率 | 96.1% | 99.4% |\n")
    assert rows_of(claims) == [(96.1, 99.4, None, "%", "level", False)]


def test_table_of_money_has_no_kpi() -> None:
    assert text_table("年度\t营业收入（万元）\t利润（万元）\n2022\t56000\t4200\n2023\t61000\t5100\n") == ()
