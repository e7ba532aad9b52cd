"""Opening the corpus: which catalogue when, which province, and a province added by YAML alone."""

from __future__ import annotations

import itertools
import json
import subprocess
import sys
from datetime import date
from hashlib import sha256
from pathlib import Path

import pytest

from assistant import check, policy
from assistant.errors import PolicyError, UsageError
from assistant.policy.load import POLICY_DIR
from assistant.records import Declaration


@pytest.mark.parametrize(
    ("jurisdiction", "day", "catalog"),
    [
        (None, None, "2025"),
        (None, "2024-12-31", "2024"),
        (None, "2025-01-01", "2025"),
        ("国家", "2024-05-01", "2024"),
        ("湖北", "2024-11-20", "2024"),
        ("湖北", "2026-01-07", "2024"),
        ("湖北", "2026-01-08", "2025"),
        ("湖北", None, "2025"),
        ("江苏", "2026-06-01", "2024"),
        ("江苏", None, "2024"),
        ("上海", "2025-03-01", "2025"),
        ("上海", "2024-12-01", "2024"),
        ("广东", "2025-03-01", "2025"),
    ],
)
def test_catalog_in_force(jurisdiction: str | None, day: str | None, catalog: str) -> None:
    as_of = date.fromisoformat(day) if day else None
    assert policy.load().catalog_in_force(jurisdiction, as_of) == catalog


@pytest.mark.parametrize(
    ("text", "province"),
    [
        ("湖北省武汉市东湖新技术开发区", "湖北"),
        ("武汉", "湖北"),
        ("恩施土家族苗族自治州", "湖北"),
        ("神农架林区", "湖北"),
        ("昆山市玉山镇", "江苏"),
        ("苏州工业园区星湖街", "江苏"),
        ("浦东新区金海路1000号", "上海"),
        ("上海市黄浦区河南中路88号", "上海"),
        ("上海市静安区南京西路100号", "上海"),
        ("南京西路100号", None),
        ("广东省佛山市顺德区", "广东"),
        ("深圳", "广东"),
        ("青海省海南藏族自治州", "青海"),
        ("新疆生产建设兵团第八师", "新疆"),
        ("海南藏族自治州", "青海"),
        ("吉林市", "吉林"),
        ("为宁德时代供货的大理石与白银制品企业，年日照时间长", None),
        ("来宾登记", None),
        ("山东省日照市", "山东"),
        ("天门市", "湖北"),
        ("某某有限公司", None),
        ("", None),
    ],
)
def test_a_place_is_located_in_its_province(text: str, province: str | None) -> None:
    assert policy.load().locate(text) == province


def test_every_province_is_known_by_its_name() -> None:
    places = policy.load().places
    assert len(places) == 34
    for province, place in places.items():
        assert all(policy.load().locate(name) == province for name in place.names)


def test_no_place_name_belongs_to_two_provinces() -> None:
    seen: dict[str, str] = {}
    for place in policy.load().places.values():
        for name in (*place.names, *place.cities):
            assert seen.setdefault(name, place.province) == place.province, name


def test_jurisdictions() -> None:
    found = policy.load().jurisdictions
    assert list(found) == ["国家", "湖北", "江苏", "上海"]
    assert "武汉" in found["湖北"].regions and "湖北省" in found["湖北"].aliases
    documents = policy.load().documents
    assert all(name in documents for one in found.values() for name in one.documents)


def test_documents_say_when_they_are_in_force() -> None:
    documents = policy.load().documents
    assert documents["hubei-2024-84"].in_force_from == date(2024, 12, 1)
    assert documents["hubei-2026-1"].in_force_from == date(2026, 1, 8)
    assert documents["national-2024-399"].in_force_from == date(2024, 10, 28)
    assert "没有写明" in documents["national-2025-conditions"].note


@pytest.mark.parametrize(
    ("document", "quote", "article"),
    [
        ("hubei-2024-84", "三年内不得再次申报", "第二十条"),
        ("hubei-2024-84", "暂不作主要参考", "附件1 注[6]"),
        ("hubei-2024-84", "面向质量数据管理", "附件3 六、15"),
        ("hubei-2024-82", "无亡人或较大及以上", "二（一）4"),
        ("hubei-2026-1", "领航级智能工厂有效期为3年", "第九条"),
        ("national-2024-399", "各省（区、市）推荐项目数量不超过20个", "二（二）2"),
        ("national-2025-conditions", "不低于60%", "附件1 五（二）1"),
        ("jiangsu-2025", "建设场景数不低于20个场景", "附件2 四"),
        ("jiangsu-2025", "应用自动化产线。", "附件4 二、9"),
        ("shanghai-2025", "固定值27磅", "附件4 二、3"),
    ],
)
def test_a_clause_is_found_by_its_words(document: str, quote: str, article: str) -> None:
    found = policy.load().find_clause(document, quote)
    assert found is not None and found.label == article


def test_words_that_no_document_says_have_no_clause() -> None:
    assert policy.load().find_clause("hubei-2024-84", "一票否决") is None
    with pytest.raises(PolicyError, match="没有文件"):
        policy.load().find_clause("hubei-1999", "x")


@pytest.mark.parametrize("name", list(policy.load().documents))
def test_articles_cover_the_text_and_nest(name: str) -> None:
    text, articles = policy.load().documents[name].text, policy.load().articles(name)
    owned = "".join(text[one.start : one.own_end] for one in articles)
    assert owned == text
    assert all(one.start < one.own_end <= one.end <= len(text) for one in articles)
    for before, after in itertools.pairwise(articles):
        assert before.own_end == after.start


def test_json_has_the_fields_of_the_contract() -> None:
    scenes = policy.scenes_json("2025")
    assert scenes["schema_version"] == "1.0" and len(scenes["scenes"]) == 40
    assert list(scenes["scenes"][0]) == ["number", "name", "segment", "group", "text", "elements"]
    kpis = policy.kpis_json("2024")
    assert kpis["kpis"][0] == {
        "number": 1,
        "name": "关键设备数控化率",
        "unit": "%",
        "category": "能力提升类指标",
    }
    assert json.loads(json.dumps(scenes, ensure_ascii=False)) == scenes


def test_the_crosswalk_reads_both_ways() -> None:
    forward, backward = policy.diff_json("2024", "2025"), policy.diff_json("2025", "2024")
    assert {"from": 15, "to": 25, "kind": "split"} in forward["scenes"]
    assert {"from": 25, "to": 15, "kind": "merged"} in backward["scenes"]
    assert {"from": None, "to": 3, "kind": "new"} in forward["kpis"]
    assert {"from": 3, "to": None, "kind": "dropped"} in backward["kpis"]
    with pytest.raises(UsageError, match="没有"):
        policy.diff_json("2024", "2024")


def test_loading_is_cached_and_quick() -> None:
    assert policy.load() is policy.load()
    program = (
        "import time\nfrom assistant import policy\nstarted = time.perf_counter()\np = policy.load()\n"
        "p.catalog('2024'), p.catalog('2025'), p.kpis('2024'), p.kpis('2025'), p.crosswalk, p.jurisdictions\n"
        "print(time.perf_counter() - started)"
    )
    seconds = min(
        float(
            subprocess.run([sys.executable, "-c", program], capture_output=True, check=True, text=True).stdout
        )
        for _ in range(3)
    )
    assert seconds < 0.3


def test_the_version_is_the_same_for_the_same_corpus() -> None:
    assert policy.load().version == policy.Policy(policy.load().folders).version
    assert len(policy.load().rule_version) == 12


def write_province(folder: Path) -> None:
    """An invented province with a document, a catalogue date and a rule of its own."""
    text = "某甲省智能工厂管理办法\n第一条 为规范管理，制定本办法。\n第二条 申报先进级智能工厂的企业，建设场景数不低于12个场景。\n"
    for name in ("sources", "jurisdictions", "rules"):
        (folder / name).mkdir(parents=True)
    (folder / "sources" / "jia-2025.txt").write_text(text, encoding="utf-8")
    (folder / "manifest.yaml").write_text(
        "documents:\n"
        "  - {id: jia-2025, title: 某甲省智能工厂管理办法, issuer: 某甲省工业和信息化厅, number: null, date: 2025-03-01,\n"
        "     in_force_from: 2025-04-01, in_force_to: null, jurisdiction: 某甲,\n"
        f"     sha256: {sha256(text.encode()).hexdigest()}}}\n",
        encoding="utf-8",
    )
    (folder / "jurisdictions" / "jia.yaml").write_text(
        "name: 某甲\nkind: province\naliases: [某甲省]\nregions: [子丑市]\ndocuments: [jia-2025]\n"
        'catalogs: [{catalog: "2024", since: 2025-04-01}]\n',
        encoding="utf-8",
    )
    (folder / "rules" / "jia.yaml").write_text(
        "jurisdiction: 某甲\nrules:\n"
        "  - code: JIA-SC-01\n    topic: scenes.count\n    evaluator: scene_count\n    tiers: [先进级]\n"
        "    required: 建设场景数不低于12个\n    threshold: 12\n    versions:\n      - from: 2025-04-01\n"
        "        clauses:\n          - {document: jia-2025, article: 第二条, quote: 建设场景数不低于12个场景}\n",
        encoding="utf-8",
    )


def test_a_province_is_added_by_yaml_alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write_province(tmp_path / "more")
    before = policy.load().version
    monkeypatch.setenv(POLICY_DIR, str(tmp_path / "more"))
    corpus = policy.load()
    assert corpus.version != before and "某甲" in corpus.jurisdictions
    assert corpus.catalog_in_force("某甲", date(2025, 5, 1)) == "2024"
    assert corpus.catalog_in_force("某甲", date(2025, 3, 1)) == "2025"
    assert corpus.locate("子丑市工业园") == "某甲" == corpus.locate("某甲省")
    found = corpus.find_clause("jia-2025", "建设场景数不低于12个场景")
    assert found is not None and found.label == "第二条"
    rules = {rule.code: rule for rule in corpus.rules("某甲", "先进级", date(2025, 5, 1))}
    assert rules["JIA-SC-01"].threshold == 12
    assert any(rule.jurisdiction == "国家" and rule.topic == "maturity.level" for rule in rules.values())
    assert "JIA-SC-01" not in {rule.code for rule in corpus.rules("某甲", "先进级", date(2025, 3, 1))}
    assert "JIA-SC-01" not in {rule.code for rule in corpus.rules("湖北", "先进级", date(2025, 5, 1))}


@pytest.mark.parametrize(("count", "status"), [(11, "fail"), (12, "pass")])
def test_an_added_province_decides_records(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, count: int, status: str
) -> None:
    write_province(tmp_path)
    monkeypatch.setenv(POLICY_DIR, str(tmp_path))
    scenes = [
        {"catalog": "2024", "number": number, "strength": "evidenced", "plan": False}
        for number in range(1, count + 1)
    ]
    record = Declaration.model_validate({"scenes": scenes})
    report = check.check(record, jurisdiction="某甲", tier="先进级", as_of=date(2025, 5, 1))
    results = {result.rule: result for result in report.results}
    assert results["JIA-SC-01"].status == status
    assert results["JIA-SC-01"].clauses[0].document == "jia-2025"


def test_a_rule_code_may_not_occur_in_two_folders(tmp_path: Path) -> None:
    write_province(tmp_path / "one")
    write_province(tmp_path / "two")
    with pytest.raises(PolicyError, match="JIA-SC-01"):
        _ = policy.load(extra=(tmp_path / "one", tmp_path / "two")).rule_book


def test_a_missing_policy_folder_is_said(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv(POLICY_DIR, str(tmp_path / "nowhere"))
    with pytest.raises(UsageError, match=r"ASSISTANT_POLICY_DIR .*nowhere"):
        policy.load()


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ("name: [", "不是合格的 YAML"),
        ("- 一\n- 二\n", "应是“名称: 值”的列表"),
        ("name: 某乙\nkind: city\n", "kind 应为country、province 之一"),
        ("kind: province\n", "name 应为文字"),
        ("name: 某乙\nkind: province\ncatalogs: [{catalog: '2024', since: 明年}]\n", "since 应为日期"),
        ("name: 某乙\nkind: province\nregions: 甲市\n", "regions 应为文字的列表"),
    ],
)
def test_a_damaged_file_is_named_with_what_to_do(tmp_path: Path, words: str, said: str) -> None:
    (tmp_path / "jurisdictions").mkdir()
    (tmp_path / "jurisdictions" / "yi.yaml").write_text(words, encoding="utf-8")
    with pytest.raises(PolicyError, match=said) as caught:
        _ = policy.load(extra=(tmp_path,)).jurisdictions
    assert "yi.yaml" in str(caught.value) and "\n" not in str(caught.value)


def test_an_unknown_catalogue_is_said() -> None:
    with pytest.raises(PolicyError, match=r"scenes-2019\.yaml"):
        policy.load().catalog("2019")
