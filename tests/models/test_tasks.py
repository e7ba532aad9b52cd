"""Whatever a model answers: rule flags stay, spans are exact, its flags carry its name and are never high."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from assistant import check, ingest, verify
from assistant.document import Document
from assistant.extract import extract
from assistant.models.answers import Advice, ElementsAnswer, SceneMapping, SceneMatch
from assistant.models.judgement import Judgement
from assistant.models.wording import Told
from assistant.records import CheckReport, Declaration
from assistant.settings import Settings
from assistant.verify.added import bare
from assistant.verify.model_flags import questions
from tests.conftest import SAMPLES

SAMPLE = SAMPLES / "jiangsu-basic-sme-2025.docx"


@cache
def _case() -> tuple[Document, Declaration, CheckReport]:
    document = ingest.read(SAMPLE, settings=Settings())
    declaration = extract(document)
    return document, declaration, check.check(declaration)


class Anything:
    """A judge and writer that says what hypothesis draws."""

    author = "model:any"
    calls: tuple[Mapping[str, Any], ...] = ()
    prompt_hashes: Mapping[str, str] = {}

    def __init__(self, draw: Any) -> None:
        self._draw = draw

    def refuses(self, *, confidential: bool) -> str | None:
        return None

    def margins(self, pairs: Sequence[tuple[str, str]]) -> tuple[Judgement, ...]:
        number = st.floats(-10, 10)
        one = st.one_of(st.builds(Judgement, margin=number, kind=number), st.just(Judgement(problem="坏了")))
        return tuple(self._draw(one) for _ in pairs)

    def explain(self, pairs: Sequence[tuple[str, str]]) -> tuple[Judgement, ...]:
        verdicts = st.sampled_from(["supported", "unsupported", "contradicted"])
        one = st.builds(Judgement, verdict=verdicts, quotes=st.tuples(self._words()), missing=self._words())
        return tuple(self._draw(st.one_of(one, st.just(Judgement(problem="超时")))) for _ in pairs)

    def suggest(self, findings: Sequence[tuple[str, str]]) -> tuple[Told[Advice], ...]:
        words = self._words().map(lambda w: Told(Advice(suggestion=f"请补充{w}。"[:200].ljust(4, "。"))))
        return tuple(self._draw(st.one_of(words, st.just(Told(problem="拒绝")))) for _ in findings)

    def scenes(self, passages: Sequence[tuple[Mapping[int, str], str]]) -> tuple[Told[SceneMapping], ...]:
        match = st.builds(SceneMatch, quote=self._words(2), number=st.integers(1, 45))
        some = st.lists(match, max_size=3).map(lambda found: Told(SceneMapping(scenes=tuple(found))))
        return tuple(self._draw(st.one_of(some, st.just(Told(problem="拒绝")))) for _ in passages)

    def elements(self, scenes: Sequence[tuple[str, str]]) -> tuple[Told[ElementsAnswer], ...]:
        one = st.builds(ElementsAnswer, **dict.fromkeys(ElementsAnswer.model_fields, self._words()))
        return tuple(self._draw(st.one_of(one.map(Told), st.just(Told(problem="拒绝")))) for _ in scenes)

    @staticmethod
    def _words(least: int = 0) -> st.SearchStrategy[str]:
        text = _case()[0].text
        piece = st.tuples(st.integers(0, len(text) - 20), st.integers(2, 20))
        quoted = piece.map(lambda p: text[p[0] : p[0] + p[1]])
        return st.one_of(quoted, st.text(alphabet="“”«»\n系统无字12%", min_size=least, max_size=12))


@given(data=st.data())
@settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large]
)
def test_a_model_only_ever_adds(data: st.DataObject) -> None:
    case = _case()
    anything = Anything(data.draw)
    extras = verify.Extras(anything, suggest=True, shortlist=lambda passage: ((3, 6.0), (14, 5.0), (18, 4.0)))
    alone = verify.flag(*case)
    judged = verify.flag(*case, judge=anything, extras=extras)
    assert set(alone.flags) <= set(judged.flags)
    assert set(alone.problems) <= set(judged.problems)
    for flag in set(judged.flags) - set(alone.flags):
        assert flag.author == "model:any"
        assert flag.severity != "high"
        for span in flag.spans:
            assert case[0].text[span.start : span.end] == span.quote


class Silent(Anything):
    """Never answers, and says so."""

    def __init__(self) -> None:
        super().__init__(None)

    def margins(self, pairs: Sequence[tuple[str, str]]) -> tuple[Judgement, ...]:
        return tuple(Judgement(problem="模型服务超时") for _ in pairs)

    def suggest(self, findings: Sequence[tuple[str, str]]) -> Any:
        return tuple(Told(problem="模型服务超时") for _ in findings)

    scenes = elements = suggest  # type: ignore[assignment]


def test_silence_is_said_claim_by_claim() -> None:
    outcome = verify.flag(*_case(), judge=Silent(), extras=verify.Extras(Silent(), suggest=True))
    (told,) = [p.message for p in outcome.problems if "未能核对" in p.message]
    from assistant.verify.case import Case

    for question in questions(Case(*_case())):
        assert f"“{bare(question.name)}”" in told


def test_a_writer_that_breaks_takes_no_judgement_with_it() -> None:
    class Breaks(Silent):
        def elements(self, scenes: Sequence[tuple[str, str]]) -> Any:
            raise ValueError("意外")

        def margins(self, pairs: Sequence[tuple[str, str]]) -> tuple[Judgement, ...]:
            return tuple(Judgement(margin=-9.0, kind=-9.0) for _ in pairs)

        def explain(self, pairs: Sequence[tuple[str, str]]) -> tuple[Judgement, ...]:
            return self.margins(pairs)

    outcome = verify.flag(*_case(), judge=Breaks(), extras=verify.Extras(Breaks()))
    assert [f for f in outcome.flags if f.author == "model:any"]
    assert "意外" in "".join(p.message for p in outcome.problems)


def test_an_element_that_is_only_planned_is_said_to_be_so() -> None:
    text = (
        "江苏示例泵业有限公司智能工厂申报书（基础级）\n一、场景建设情况\n（一）智能仓储\n"
        "智能仓储：目前用台账管理出入库，由仓库主管每周盘点。二期计划部署堆垛机和库位管理软件。\n"
    )
    with TemporaryDirectory() as folder:
        path = Path(folder, "申报书.txt")
        path.write_text(text, "utf-8")
        document = ingest.read(path, settings=Settings())
    declaration = extract(document)

    class Eager(Silent):
        def elements(self, scenes: Sequence[tuple[str, str]]) -> Any:
            answer = ElementsAnswer(activity="", system="堆垛机和库位管理软件", technique="", effect="")
            return tuple(Told(answer) for _ in scenes)

    outcome = verify.flag(
        document, declaration, check.check(declaration), judge=Eager(), extras=verify.Extras(Eager())
    )
    read = [f for f in outcome.flags if "细读" in f.message]
    assert read
    assert all("系统或装备只写为计划" in f.message and "找到系统" not in f.message for f in read)


def test_a_reason_that_the_text_refutes_is_not_shown() -> None:
    class Wrong(Silent):
        def margins(self, pairs: Sequence[tuple[str, str]]) -> tuple[Judgement, ...]:
            return tuple(Judgement(margin=-9.0, kind=-9.0) for _ in pairs)

        def explain(self, pairs: Sequence[tuple[str, str]]) -> tuple[Judgement, ...]:
            words = [re.findall(r"[\u4e00-\u9fff]{4,}", evidence)[-1] for _, evidence in pairs]
            return tuple(Judgement(verdict="unsupported", missing=f"没有提到{word}。") for word in words)

        def elements(self, scenes: Sequence[tuple[str, str]]) -> Any:
            return tuple(Told(problem="超时") for _ in scenes)

    outcome = verify.flag(*_case(), judge=Wrong(), extras=verify.Extras(Wrong()))
    told = [f.message for f in outcome.flags if f.author == "model:any"]
    assert told
    assert not [message for message in told if "没有提到" in message]


def test_no_advice_where_numbers_are_at_odds() -> None:
    class Adviser(Silent):
        def suggest(self, findings: Sequence[tuple[str, str]]) -> Any:
            return tuple(Told(Advice(suggestion="请补充统计起止时间。")) for _ in findings)

    document = ingest.read(SAMPLES / "jiangsu-excellent-poor.pdf", settings=Settings())
    declaration = extract(document)
    report = check.check(declaration)
    adviser = Adviser()
    outcome = verify.flag(
        document, declaration, report, judge=adviser, extras=verify.Extras(adviser, suggest=True)
    )
    odd = {
        (f.claim.type, f.claim.index)
        for f in outcome.flags
        if f.kind in ("kpi_arithmetic", "kpi_inconsistent", "kpi_implausible") and f.author == "rule"
    }
    advised = {(f.claim.type, f.claim.index) for f in outcome.flags if "起草了修改建议" in f.message}
    assert odd
    assert advised
    assert not odd & advised


def test_what_is_built_is_named_the_system_whatever_the_model_calls_it() -> None:
    class Mixed(Silent):
        def elements(self, scenes: Sequence[tuple[str, str]]) -> Any:
            quoted = "安装智能电表和能耗监测系统"
            empty = ElementsAnswer(activity="", system="", technique="", effect="")
            found = [
                empty.model_copy(update={"activity": quoted if quoted in text else ""}) for _, text in scenes
            ]
            return tuple(Told(answer) for answer in found)

    outcome = verify.flag(*_case(), judge=Mixed(), extras=verify.Extras(Mixed()))
    told = "".join(f.message for f in outcome.flags if f.author == "model:any")
    assert "系统或装备“安装智能电表和能耗监测系统”" in told
