"""Adversarial personal data: every way a form writes it, in every task that sends text elsewhere."""

from __future__ import annotations

import json
import time
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant import index, pipeline
from assistant.models import vendors
from assistant.models.plaintext import disarm
from assistant.models.privacy import Mask, names_in
from assistant.models.vendors import Endpoint as Named
from assistant.models.vendors import connect
from assistant.pipeline import Options
from assistant.settings import Settings
from tests.models.conftest import Endpoint, by_task, says, status, task_of

pytestmark = pytest.mark.usefixtures("near")
SECRETS = {
    "电话0512-66881234": "66881234",
    "电话：0512 6688 1234": "6688",
    "（0512）66881234": "66881234",
    "(0512) 6688-1234": "6688",
    "0512－66881234": "66881234",
    "051266881234": "66881234",
    "+86 512 6688 1234": "6688",
    "+86-0512-66881234-801": "66881234",
    "010-82345678": "82345678",
    "电话：66881234": "66881234",
    "座机 6688 1234": "6688",
    "400-820-8820": "8820",
    "手机139 1234 5678": "1234",
    "139-1234-5678": "5678",
    "１３９１２３４５６７８": "１２３４",
    "tel13912345678": "13912345678",
    "+8613912345678": "13912345678",
    "传真/电话 | 027-87654321转8012": "87654321",
    "139.1234.5678": "5678",
    "0086-13912345678": "13912345678",
    "139\u200b1234\u200b5678": "5678",
    "办公电话\t027—87654321": "87654321",
    "（021）5888 1234": "5888",
    "联系电话及手机：87654321": "87654321",
    "身份证号32050219880305761X": "761X",
    "320502 19880305 761x": "761x",
    "身份证号码：３２０５０２１９８８０３０５７６１Ｘ": "７６１",
    "身份证：320502880305761": "880305761",
    "320502-19880305-7613": "7613",
    "wang.xm@example.com.cn": "wang",
    "邮箱：ｗang＠example.com": "example",
    "wang @ example.com": "wang",
    "QQ：123456789": "123456789",
    "微信: wangxm_88": "wangxm",
    "联系人：王小明": "王小明",
    "联系人 王 明，电话": "王 明",
    "联系人\t王小明\t13912345678": "王小明",
    "联系人｜逄德发｜": "逄德发",
    "王小明（联系人）": "王小明",
    "信息化负责人：李建国": "李建国",
    "联系人及职务：王小明（部长）": "王小明",
    "联系电话：王小明 13912345678": "王小明",
    "法定代表人\n张伟\n": "张伟",
    "联系人（签字）：买买提·艾合": "买买提",
    "联系人：Zhang San，": "Zhang",
    "王小明，手机：13912345678": "王小明",
    "姓  名：欧阳娜娜 ": "欧阳",
    "联系人姓名 王小明": "王小明",
    "联系人：王小明先生": "王小明",
    "刘工 13800001111": "1380000",
    "账号：6222 0200 1234 5678 901": "6222",
}
FIGURES = (
    "产量由 1200000 件提升到 1500000 件",
    "2023-2024年，合格率由99.12%提高至99.85%",
    "手机壳产量13800000件",
    "数据 0.125-0.375 mm",
    "2025-03-16 至 2025-06-18",
    "订单号202503160001",
    "电话机产量 1200 万台",
    "高级工程师12人",
    "投资12,345,678元",
    "编制方案并审核通过，主任会议",
    "申报人员培训",
    "密封圈直径 12.5 mm",
    "负责人会签，部长联席",
    "建成5G+工业互联网",
    "联系人机工程",
    "法人资格，单位法人独立",
    "总监控制室",
    "专利号ZL202310123456.7",
    "精度0.001-0.005",
    "坐标 120.123456,31.234567",
)
SECRET = (
    "王小明",
    "13912345678",
    "6688 1234",
    "66881234",
    "wang.xm@example.com",
    "32050219880305761X",
    "逄德发",
)


@pytest.mark.parametrize("text", sorted(SECRETS))
def test_it_is_hidden_however_it_is_written(text: str) -> None:
    mask = Mask()
    hidden = mask.hide(text)
    assert SECRETS[text] not in hidden
    assert mask.restore(hidden) == text


@pytest.mark.parametrize("text", FIGURES)
def test_what_a_declaration_claims_is_left_alone(text: str) -> None:
    assert Mask().hide(text) == text


@given(
    area=st.sampled_from(["010", "021", "0512", "0731", "(0512)", "（027）", "+86 512", "+86-27"]),
    gap=st.sampled_from(["", "-", " ", "－", "—", " - ", "\u3000"]),
    number=st.integers(2000000, 89999999),
    before=st.sampled_from(["电话：", "联系方式 ", "", "办公室", "传真|"]),
)
def test_every_landline_is_hidden(area: str, gap: str, number: int, before: str) -> None:
    if gap == " - " or (not gap and area.startswith("+")):
        gap = "-"
    text = f"{before}{area}{gap}{number}，合格率99.5%"
    mask = Mask()
    hidden = mask.hide(text)
    assert str(number) not in hidden
    assert "合格率99.5%" in hidden
    assert mask.restore(hidden) == text


@given(
    st.text(alphabet="联系人电话：王李〔姓名电话人名12〕\n\t 0512-66881234@a.cn|（）Ｘ１３９", max_size=60)
)
def test_masking_is_undone_also_where_a_text_uses_marks_of_its_own(text: str) -> None:
    mask = Mask()
    assert mask.restore(mask.hide(text)) == text


def test_values_come_back_as_json() -> None:
    mask = Mask()
    hidden = mask.hide("微信：abc_12345，联系人：王 小 明")
    assert json.loads(mask.restore(json.dumps({"a": hidden}, ensure_ascii=False), in_json=True))


def test_a_contact_is_hidden_in_pieces_that_do_not_say_so() -> None:
    names = names_in("联系人：王小明，电话13912345678。二、由王小明牵头建设。")
    assert names == ("王小明",)
    assert "王小明" not in Mask(names).hide("由王小明牵头建设智能仓储。")


@pytest.fixture
def elsewhere(monkeypatch: pytest.MonkeyPatch) -> None:
    """Take the fake endpoint for one outside this machine."""

    def away(settings: Settings, *, start: bool = True) -> Named:
        real = connect(settings, start=start)
        return Named(real.model, real.name, real.identity, "api.example.com", real.structured, real.logprobs)

    monkeypatch.setattr(vendors, "connect", away)


def _declaration(folder: Path, more: str = "") -> Path:
    path = folder / "申报书.txt"
    path.write_text(
        f"江苏示例泵业有限公司智能工厂申报书（基础级）{more}\n一、企业概况\n联系人：王小明，手机13912345678，办公电话 0512 6688 1234，"
        "邮箱wang.xm@example.com，身份证号32050219880305761X。法定代表人：逄德发。\n二、场景建设情况\n（一）智能仓储\n"
        "智能仓储：王小明牵头，立体货架和堆垛机（报修0512-66881234）。\n（二）设备运行监控\n"
        "由王小明负责部署设备监控平台，故障时打13912345678，单位产品能耗下降12%。\n三、其他情况\n"
        "食堂由王小明改造后员工刷脸就餐，排队等候的人比过去少了许多，有事拨打13912345678。\n",
        "utf-8",
    )
    return path


def test_no_task_of_a_review_sends_it(
    elsewhere: None, endpoint: Endpoint, settings: Settings, tmp_path: Path
) -> None:
    endpoint.behaviour = by_task(
        find_elements={
            "activity": "〔姓名1〕牵头",
            "system": "立体货架和堆垛机",
            "technique": "",
            "effect": "",
        }
    )
    review = pipeline.review(
        _declaration(tmp_path), Options(settings=settings, suggest=True, map_scenes=True)
    ).review
    assert set(map(task_of, endpoint.requests)) == {"judge-claim", "find-elements", "map-scene", "suggest"}
    answers = list(Path(settings.cache_dir, "answers").rglob("*.json"))
    log = Path(settings.cache_dir, "sent.jsonl")
    kept = [path.read_text("utf-8") for path in (log, *answers)]
    sent = json.dumps(endpoint.requests, ensure_ascii=False)
    for place in (sent, *kept):
        for secret in SECRET:
            assert secret not in place
    assert len(log.read_text("utf-8").splitlines()) == len(endpoint.requests)
    for path in (log, *answers):
        assert path.stat().st_mode & 0o077 == 0
    # What comes back is put back: the quote with the name stands in the text.
    assert any("王小明牵头" in s.quote for f in review.flags if f.author != "rule" for s in f.spans)


def test_two_people_share_an_answer_but_not_a_name(
    elsewhere: None, endpoint: Endpoint, settings: Settings, tmp_path: Path
) -> None:
    """The cache is keyed by the masked text, so that no key tells a name, and each gets their own back."""
    endpoint.behaviour = by_task(suggest={"suggestion": "请〔姓名1〕补充改造前的能耗数值。"})
    first = _declaration(tmp_path)
    second = tmp_path / "乙.txt"
    second.write_text(first.read_text("utf-8").replace("王小明", "李建国"), "utf-8")
    names = []
    for path in (first, second):
        review = pipeline.review(path, Options(settings=settings, suggest=True)).review
        names.append("".join(f.suggestion for f in review.flags if f.author != "rule"))
        asked = len(endpoint.requests)
    assert "李建国" not in names[0]
    assert "王小明" not in names[1]
    assert len(endpoint.requests) == asked


@pytest.mark.parametrize("marked", ["text", "name", "property"])
def test_a_marked_document_is_sent_by_no_task(
    marked: str, elsewhere: None, endpoint: Endpoint, settings: Settings, tmp_path: Path
) -> None:
    source = _declaration(tmp_path, "\n机密★5年" if marked == "text" else "")
    if marked == "name":
        source = source.rename(tmp_path / "申报书（机密）.txt")
    if marked == "property":
        source = _word_with_property(tmp_path, "内部资料")
    options = Options(settings=settings, suggest=True, map_scenes=True)
    review = pipeline.review(source, options).review
    assert endpoint.requests == []
    assert review.manifest.calls == ()
    assert "保密标识" in "".join(p.message for p in review.problems)
    counted, problems = pipeline.forecast(source, options)
    assert counted.calls == 0
    assert "保密标识" in problems[0].message


def _word_with_property(folder: Path, words: str) -> Path:
    import docx

    document = docx.Document()
    document.add_paragraph("江苏示例泵业有限公司智能工厂申报书。已部署设备运行监控平台，能耗下降12%。")
    document.core_properties.keywords = words
    path = folder / "申报书.docx"
    document.save(str(path))
    return path


def test_a_question_is_masked_and_its_answer_restored(
    elsewhere: None, endpoint: Endpoint, settings: Settings
) -> None:
    from assistant import models

    endpoint.behaviour = by_task(
        answer_from_clauses={"answer": "请〔姓名1〕按〔电话1〕联系[1]。", "used": [1]}
    )
    writer = models.writer(settings)
    assert writer is not None
    told = writer.answer(
        "联系人：王小明，电话13912345678，先进级要多少个场景？",
        ["先进级不少于15个场景。咨询电话010-68205678"],
    )
    sent = json.dumps(endpoint.requests, ensure_ascii=False)
    assert not [s for s in (*SECRET, "68205678") if s in sent]
    assert told == "请王小明按13912345678联系[1]。"


def test_searching_asks_no_model(endpoint: Endpoint, settings: Settings) -> None:
    index.searcher("scenes-2025", settings).search("王小明 13912345678 立体仓库", 3)
    assert endpoint.requests == []


def test_no_tracing_of_the_environment_is_fed(
    endpoint: Endpoint, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    from langchain_core.tracers import langchain as tracer

    from assistant import models

    for name in ("LANGCHAIN_TRACING_V2", "LANGSMITH_TRACING"):
        monkeypatch.setenv(name, "true")
    monkeypatch.setenv("LANGSMITH_API_KEY", "x")
    fed: list[Any] = []
    monkeypatch.setattr(tracer.LangChainTracer, "on_chat_model_start", lambda self, *a, **k: fed.append(a))
    endpoint.behaviour = by_task()
    writer = models.writer(settings)
    assert writer is not None
    assert writer.suggest([("发现", "原文")])[0].value
    assert fed == []


def test_what_is_meant_for_this_machine_goes_through_no_proxy(
    endpoint: Endpoint, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    from assistant import models

    for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy", "OPENAI_PROXY"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    for name in ("NO_PROXY", "no_proxy"):
        monkeypatch.delenv(name, raising=False)
    endpoint.behaviour = by_task()
    writer = models.writer(settings)
    assert writer is not None
    assert writer.suggest([("发现", "原文")])[0].problem is None


def test_no_redirect_is_followed(endpoint: Endpoint, settings: Settings) -> None:
    """A local server could send the text on to anybody."""
    from assistant import models

    endpoint.behaviour = status(307, {"location": f"{endpoint.url}/elsewhere"})
    writer = models.writer(settings.model_copy(update={"model_retries": 0}))
    assert writer is not None
    assert "307" in (writer.suggest([("发现", "原文")])[0].problem or "")
    assert len(endpoint.requests) == 1


@pytest.mark.parametrize(
    ("model", "base", "leaves"),
    [
        ("ollama:qwen3:8b", None, False),
        ("ollama:gpt-oss:120b-cloud", None, True),
        ("vllm:m", "http://localhost:8000/v1", False),
        ("vllm:m", "http://[::1]:8000/v1", False),
        ("vllm:m", "http://192.168.1.5:8000/v1", True),
        ("custom:m", "http://localhost@evil.example/v1", True),
        ("custom:m", "http://127.0.0.1.evil.example/v1", True),
        ("openai:m", None, True),
    ],
)
def test_what_leaves_the_machine_is_known(model: str, base: str | None, leaves: bool) -> None:
    named = Settings(model=model, base_url=base, api_key="k")  # type: ignore[arg-type]
    assert connect(named).leaves_machine is leaves


def test_keys_stand_in_no_record(endpoint: Endpoint, settings: Settings, tmp_path: Path) -> None:
    endpoint.behaviour = says("{}")
    keyed = Settings.model_validate({**settings.model_dump(), "api_key": "sk-very-secret"})
    review = pipeline.review(_declaration(tmp_path), Options(settings=keyed)).review
    assert "sk-very-secret" not in review.model_dump_json()
    files = [p for p in Path(settings.cache_dir).rglob("*.json*") if p.is_file()]
    assert not [p for p in files if "sk-very-secret" in p.read_text("utf-8")]


def test_what_cannot_be_logged_is_not_sent(elsewhere: None, endpoint: Endpoint, settings: Settings) -> None:
    from assistant import models

    endpoint.behaviour = by_task()
    Path(settings.cache_dir, "sent.jsonl").mkdir(parents=True)
    writer = models.writer(settings)
    assert writer is not None
    assert "没有发送" in (writer.suggest([("发现", "原文")])[0].problem or "")
    assert endpoint.requests == []


@pytest.mark.parametrize(
    "piece", ["a", "a.b-", "王 ", "0512 ", "+86 ", "联系人", "<", "[ ", "<a ", "### ", "\n\t "]
)
def test_no_text_takes_long(piece: str) -> None:
    """Text of a document must not stall the run."""
    text = piece * (200_000 // len(piece))
    started = time.monotonic()
    names_in(text)
    disarm(text)
    assert time.monotonic() - started < 5
