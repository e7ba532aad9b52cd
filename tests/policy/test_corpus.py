"""The corpus against its own source texts: nothing may stand in the data that does not stand in a document."""

from __future__ import annotations

import hashlib
import itertools
import os
import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

from assistant import policy
from assistant.policy import ELEMENT_KINDS, GROUPS
from assistant.records import TIERS

CATALOGS = ("2024", "2025")
SEEDS = Path(
    os.environ.get("ASSISTANT_SEEDS", Path(__file__).resolve().parents[2].parent / "shared" / "seeds")
)
CORPUS = policy.load(extra=())


def squeezed(text: str) -> str:
    """Text without white space and conversion marks: what is left must be word for word."""
    return re.sub(r"[\s#*]", "", text)


def texts() -> Iterator[tuple[str, str]]:
    for document in CORPUS.documents.values():
        yield document.id, document.text


@pytest.mark.parametrize("document", CORPUS.documents.values(), ids=lambda one: one.id)
def test_the_digest_is_of_the_text(document: policy.SourceDocument) -> None:
    assert hashlib.sha256(document.path.read_bytes()).hexdigest() == document.sha256


@pytest.mark.parametrize("document", CORPUS.documents.values(), ids=lambda one: one.id)
def test_a_document_says_what_it_is(document: policy.SourceDocument) -> None:
    assert document.title and document.issuer and document.jurisdiction in CORPUS.jurisdictions
    assert document.in_force_to is None or document.in_force_from <= document.in_force_to
    assert document.number is None or document.number in document.text
    assert document.id in CORPUS.jurisdictions[document.jurisdiction].documents


@pytest.mark.parametrize("document", CORPUS.documents.values(), ids=lambda one: one.id)
def test_the_text_has_no_page_furniture(document: policy.SourceDocument) -> None:
    for line in document.text.split("\n")[:-1]:
        assert line == line.strip() and line, line
        assert not re.search(r"[\uac00-\ud7a3\u3040-\u30ff\u20a9\u2605]|^— ?\d+ ?—$|此页无正文|^#", line), (
            line
        )


@pytest.mark.parametrize("document", CORPUS.documents.values(), ids=lambda one: one.id)
def test_sentences_are_not_broken(document: policy.SourceDocument) -> None:
    for line in document.text.split("\n"):
        assert not line.endswith(("，", "、", ",")), line


@pytest.mark.parametrize("document", CORPUS.documents.values(), ids=lambda one: one.id)
def test_mended_words_stand_in_the_text_and_the_damage_does_not(document: policy.SourceDocument) -> None:
    text = squeezed(document.text)
    for mending in document.mendings:
        assert mending.by
        assert squeezed(mending.now) in text, mending.now
        if squeezed(mending.was) not in squeezed(mending.now) and squeezed(mending.now) not in squeezed(
            mending.was
        ):
            assert squeezed(mending.was) not in text, mending.was


def test_divergences_are_true_of_both_documents() -> None:
    for document in CORPUS.documents.values():
        for one in document.divergences:
            assert one.here in document.text
            assert one.there in CORPUS.documents[one.document].text


@pytest.mark.skipif(not SEEDS.is_dir(), reason=f"the supplied documents are not at {SEEDS} (ASSISTANT_SEEDS)")
@pytest.mark.parametrize("seed", sorted({one.seed for one in CORPUS.documents.values()}))
def test_a_text_is_the_supplied_document_but_for_the_listed_mendings(seed: str) -> None:
    supplied = (SEEDS / seed).read_bytes()
    whole = squeezed(supplied.decode())
    documents = [one for one in CORPUS.documents.values() if one.seed == seed]
    assert {one.seed_sha256 for one in documents} == {hashlib.sha256(supplied).hexdigest()}
    mended = "|".join(squeezed(mending.now) for one in documents for mending in one.mendings)
    for mending in (mending for one in documents for mending in one.mendings):
        assert squeezed(mending.was) in whole, mending.was
    for line in "".join(one.text for one in documents).split("\n"):
        for cell in map(squeezed, line.split("\t")):
            for piece in [] if cell in whole else added(cell, whole):
                # What is new is a mending, or was moved here from another place of the same document.
                assert piece in mended or piece in whole, (cell, piece)


def added(cell: str, whole: str, least: int = 6) -> Iterator[str]:
    """Yield what is left of a cell when its longest supplied pieces are taken out, from the left."""
    at = start = 0
    while at < len(cell):
        end = at + least
        if cell[at:end] not in whole or end > len(cell):
            at += 1
            continue
        while end < len(cell) and cell[at : end + 1] in whole:
            end += 1
        if at > start:
            yield cell[start:at]
        at = start = end
    if at > start:
        yield cell[start:at]


@pytest.mark.parametrize("catalog", CATALOGS)
def test_forty_scenes_in_order(catalog: str) -> None:
    scenes = CORPUS.catalog(catalog).scenes
    assert [scene.number for scene in scenes] == list(range(1, 41))
    assert len({scene.name for scene in scenes}) == 40


@pytest.mark.parametrize("catalog", CATALOGS)
def test_a_scene_stands_in_its_document_as_it_is(catalog: str) -> None:
    found = CORPUS.catalog(catalog)
    text = CORPUS.documents[found.source].text
    for scene in found.scenes:
        assert f"\n{scene.number}.{scene.name}\n{scene.text}\n" in text
        suffix = "环节" if catalog == "2025" else ""
        section = text.rindex(
            "、" + scene.segment + suffix + "\n", 0, text.index(f"\n{scene.number}.{scene.name}\n") + 1
        )
        assert "、" not in re.findall(
            r"\n[一二三四五六七八九十]+、", text[section + 1 : text.index(scene.text)]
        )


@pytest.mark.parametrize("catalog", CATALOGS)
def test_elements_are_pieces_of_the_scene(catalog: str) -> None:
    for scene in CORPUS.catalog(catalog).scenes:
        assert tuple(scene.elements) == ELEMENT_KINDS
        for kind, pieces in scene.elements.items():
            assert all(piece in scene.text for piece in pieces), (scene.number, kind)
            assert len(set(pieces)) == len(pieces), (scene.number, kind)
        assert scene.elements["activity"] and scene.elements["effect"], scene.number
        assert bool(scene.elements["problem"]) == ("针对" in scene.text), scene.number


def test_segments_and_groups_of_2024() -> None:
    catalog = CORPUS.catalog("2024")
    assert len(catalog.segments) == 15
    assert Counter(scene.group for scene in catalog.scenes) == {
        "工厂建设": 5, "研发设计": 4, "生产作业": 9, "生产管理": 9, "运营管理": 6, None: 7,
    }  # fmt: skip
    assert {scene.number for scene in catalog.scenes if scene.group is None} == set(range(34, 41))
    assert catalog.group_of(31) == "工厂建设" and catalog.group_of(13) == "生产作业"


def test_segments_and_groups_of_2025() -> None:
    catalog = CORPUS.catalog("2025")
    assert len(catalog.segments) == 8
    assert Counter(scene.group for scene in catalog.scenes) == {
        "工厂建设": 3, "研发设计": 4, "生产作业": 10, "生产管理": 12, "运营管理": 11,
    }  # fmt: skip
    assert catalog.group_of(36) == "运营管理" and catalog.group_of(31) == "运营管理"


@pytest.mark.parametrize(
    ("catalog", "document"),
    [("2024", "national-2024-399"), ("2024", "hubei-2024-84"), ("2025", "national-2025-conditions")],
)
def test_groups_are_what_the_notes_say(catalog: str, document: str) -> None:
    found = CORPUS.catalog(catalog)
    text = CORPUS.documents[document].text
    notes = re.findall(r"\[\d\](\w+?)(?:涵盖|对应)《[^》]+》中的(.+?)(?:[两三五]个)?环节。", text)
    said = {group: tuple(re.split("、|和", segments)) for group, segments in notes}
    assert said == dict(found.groups)
    assert tuple(found.groups) == GROUPS
    for scene in found.scenes:
        assert scene.segment in found.groups.get(scene.group or "", ()) or scene.group is None


@pytest.mark.parametrize(("catalog", "count"), [("2024", 20), ("2025", 21)])
def test_kpis_stand_in_the_list_with_unit_and_category(catalog: str, count: int) -> None:
    source = {"2024": "national-2024-399", "2025": "national-2025-conditions"}[catalog]
    kpis = CORPUS.kpis(catalog)
    assert [kpi.number for kpi in kpis] == list(range(1, count + 1))
    table = CORPUS.documents[source].text.split("序号\t智能工厂建设关键绩效指标\n")[1]
    category, read = "", []
    for line in table.split("\n"):
        cells = line.split("\t")
        if len(cells) != 2 or not cells[0].strip("（）"):
            continue
        if cells[0].startswith("（"):
            category = cells[1]
        elif cells[0].isdigit() and len(read) < count:
            read.append((int(cells[0]), cells[1], category))
    assert read == [(kpi.number, f"{kpi.name}（{kpi.unit}）", kpi.category) for kpi in kpis]


@pytest.mark.parametrize("catalog", CATALOGS)
def test_a_kpi_name_means_one_kpi(catalog: str) -> None:
    names: dict[str, int] = {}
    for kpi in CORPUS.kpis(catalog):
        assert kpi.direction == ("down" if kpi.name.endswith(("缩短", "下降", "降低")) else "up")
        assert kpi.plausible.reason
        for name in {kpi.name, *kpi.aliases}:
            assert names.setdefault(name, kpi.number) == kpi.number, name
    for kpi in CORPUS.kpis(catalog):
        assert not set(kpi.ambiguous) & set(names), kpi.name


def test_kpi_aliases_that_people_use() -> None:
    names = {alias: kpi.number for kpi in CORPUS.kpis("2025") for alias in kpi.aliases}
    assert (names["OEE"], names["准交率"], names["人均产值"], names["废品率"]) == (11, 14, 16, 10)
    older = {alias: kpi.number for kpi in CORPUS.kpis("2024") for alias in kpi.aliases}
    assert older["单位产品能耗"] == 16 and "单位产品能耗" not in names


@pytest.mark.parametrize("side", ["scenes", "kpis"])
def test_everything_occurs_in_the_crosswalk(side: str) -> None:
    rows = CORPUS.crosswalk.scenes if side == "scenes" else CORPUS.crosswalk.kpis
    old, new = (40, 40) if side == "scenes" else (20, 21)
    assert {row.from_ for row in rows} - {None} == set(range(1, old + 1))
    assert {row.to for row in rows} - {None} == set(range(1, new + 1))
    assert len({(row.from_, row.to) for row in rows}) == len(rows)


@pytest.mark.parametrize("side", ["scenes", "kpis"])
def test_the_kind_of_a_crosswalk_row_is_true(side: str) -> None:
    rows = CORPUS.crosswalk.scenes if side == "scenes" else CORPUS.crosswalk.kpis
    onward = Counter(row.from_ for row in rows if row.from_)
    back = Counter(row.to for row in rows if row.to)
    for row in rows:
        if row.from_ is None or row.to is None:
            assert row.kind == ("new" if row.from_ is None else "dropped")
            continue
        assert (row.kind == "split") == (onward[row.from_] > 1), row
        assert (row.kind == "merged") == (back[row.to] > 1), row
        if row.kind in ("same", "renamed", "moved"):
            assert (name(side, "2024", row.from_) == name(side, "2025", row.to)) == (row.kind != "renamed"), (
                row
            )
        if side == "scenes" and row.kind in ("same", "moved"):
            stayed = CORPUS.catalog("2024").group_of(row.from_) == CORPUS.catalog("2025").group_of(row.to)
            assert stayed == (row.kind == "same"), row


def name(side: str, catalog: str, number: int) -> str:
    if side == "scenes":
        return CORPUS.catalog(catalog).scene(number).name
    return CORPUS.kpis(catalog)[number - 1].name


@pytest.mark.parametrize("catalog", CATALOGS)
def test_aliases_never_shadow_an_official_name(catalog: str) -> None:
    official = {scene.name for scene in CORPUS.catalog(catalog).scenes}
    aliases = CORPUS.scene_aliases(catalog)
    assert not official & set(aliases)
    assert {1, 20, 40} <= set(aliases.values())
    assert all(alias == alias.strip() and len(alias) >= 3 for alias in aliases)


@pytest.mark.parametrize(
    ("catalog", "alias", "number"),
    [("2025", "智能仓储", 12), ("2024", "仓储智能管理", 18), ("2025", "弹性供应链", 39), ("2024", "APS排产", 8),
     ("2025", "APS排产", 9), ("2025", "预测性维护", 28), ("2024", "预测性维护", 17), ("2025", "AGV配送", 13)],
)  # fmt: skip
def test_old_names_and_near_names(catalog: str, alias: str, number: int) -> None:
    assert CORPUS.scene_aliases(catalog)[alias] == number


def test_every_clause_of_every_rule_stands_in_its_document() -> None:
    clauses = CORPUS.rule_book.clauses()
    assert clauses
    for code, clause in clauses:
        assert clause.document in CORPUS.documents, code
        assert clause.quote in CORPUS.documents[clause.document].text, (code, clause.quote)


def test_every_clause_names_the_article_that_holds_it() -> None:
    for code, clause in CORPUS.rule_book.clauses():
        text = CORPUS.documents[clause.document].text
        named = [one for one in CORPUS.articles(clause.document) if one.label == clause.article]
        assert any(clause.quote in text[one.start : one.end] for one in named), (code, clause.article)


def test_jiangsu_describes_forty_scenes_at_four_tiers() -> None:
    table = CORPUS.tier_descriptors("江苏")
    assert len(table) == 160 and {tier for _, tier in table} == set(TIERS)
    text = CORPUS.documents["jiangsu-2025"].text
    assert all(words in text for words in table.values() if words is not None)


@pytest.mark.parametrize(
    ("number", "tier", "words"),
    [
        (1, "基础级", None),
        (20, "基础级", "在现场作业端张贴安全标识"),  # 危险作业自动化 is row 21 of Jiangsu's table
        (21, "基础级", "建立安全生产制度"),
        (30, "先进级", None),  # 供应链物流智能配送 is row 29
        (29, "基础级", "建立合格供应商管理机制"),
        (10, "基础级", "实现简单、重复性任务协同"),
        (39, "先进级", "组织全员数字化能力培训"),
        (40, "先进级", None),
    ],
)
def test_jiangsu_rows_are_told_by_name_not_by_row(number: int, tier: str, words: str | None) -> None:
    found = CORPUS.tier_descriptors("江苏")[(number, tier)]
    assert found is None if words is None else (found or "").startswith(words)


def test_a_jiangsu_row_reads_as_in_the_table() -> None:
    rows = CORPUS.data("jiangsu-tier-descriptors.yaml")["scenes"]
    text = CORPUS.documents["jiangsu-2025"].text
    for row in rows:
        cells = [row["tiers"][tier] or "/" for tier in TIERS]
        assert "\t".join([str(row["row"]), row["segment"], row["name"], *cells]) + "\n" in text
    assert [row["row"] for row in rows] == list(range(1, 41))


def test_jiangsu_scoring_is_what_the_document_says() -> None:
    scoring = CORPUS.scoring("江苏")
    assert scoring is not None
    text = CORPUS.documents["jiangsu-2025"].text
    assert [one["number"] for one in scoring["indicators"]] == list(range(1, 11))
    for one in scoring["indicators"]:
        assert f"{one['number']}\t{one['group']}\t{one['name']}\t{one['description']}\n" in text
        for level in one["levels"]:
            assert level["text"] is None or f"\n□{level['level']}.{level['text']}\n" in text
            assert level["text"] is not None or level["note"]
    assert [one["number"] for one in scoring["indicators"] if one["not_applicable_allowed"]] == [1, 5, 6]
    assert [one["number"] for one in scoring["indicators"] if one["kind"] == "amount"] == [7]
    assert scoring["not_applicable"]["text"] in text and scoring["either_or"] in text


def test_jiangsu_bands_meet_without_a_gap() -> None:
    scoring = CORPUS.scoring("江苏")
    assert scoring is not None
    text = CORPUS.documents["jiangsu-2025"].text
    bands = scoring["bands"]
    for band in bands[1:]:
        assert f"{band['level']}\t{band['fit']}\t{band['as_written']}\n" in text
    for before, after in itertools.pairwise(bands):
        assert before["max"] == after["min"] and before["max_included"] != after["min_included"]
    assert bands[0]["min"] == 0 and bands[-1]["max"] == 100


def test_clauses_in_the_data_files_are_verbatim() -> None:
    scoring, materials = CORPUS.scoring("江苏"), CORPUS.materials("国家")
    assert scoring is not None and materials is not None
    for clause in scoring["clauses"]:
        assert holds("jiangsu-2025", clause["article"], clause["quote"]), clause
    for clause in (*materials["deadlines"], *materials["quotas"]):
        assert holds(clause["document"], clause["article"], clause["quote"]), clause
    text = CORPUS.documents["national-2024-399"].text
    for one in materials["materials"]:
        assert f"{one['number']}\t{one['name']}\t{one['text']}\n" in text
        assert all(piece in one["text"] for piece in one["contents"])


def holds(document: str, article: str, quote: str) -> bool:
    text = CORPUS.documents[document].text
    return any(
        quote in text[one.start : one.end] for one in CORPUS.articles(document) if one.label == article
    )


def test_shanghai_form_is_what_the_document_says() -> None:
    form = CORPUS.form("上海")
    assert form is not None
    text = CORPUS.documents["shanghai-2025"].text
    for one in form["information_form"]["fields"]:
        assert one["name"] in text and (one["hint"] is None or one["hint"] in text), one
    for part in form["application"]["parts"]:
        assert part["title"] in text
        for item in part["items"]:
            mark = "（必填项）" if item["mandatory"] else ""
            assert f"\n{item['number']}、{item['name']}{mark}\n" in text, item
    assert all(rule["text"] in text for rule in form["format"].values())
    assert "、".join(form["industries"]["options"]) in text
    assert all(rule in text for rule in form["factory_name"]["rules"])
    columns = "\t".join(one["name"] + one.get("hint", "") for one in form["summary_table"]["columns"])
    assert f"\n{columns}\n" in text
    assert all(note in text for note in form["summary_table"]["notes"])
