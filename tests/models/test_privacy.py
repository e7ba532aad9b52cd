"""Personal data is masked before text leaves, restored in the answer; marked documents stay here."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant import models, verify
from assistant.models.claim_judge import ModelJudge
from assistant.models.gateway import Gateway
from assistant.models.privacy import Mask, confidential, marking_spans
from assistant.models.vendors import Endpoint as Named
from assistant.models.vendors import connect
from assistant.settings import Settings
from tests.models.conftest import Endpoint, says

TEXT = "联系人：王小明，手机13912345678，办公电话0512-66881234，邮箱 wang.xm@example.com.cn，身份证号32050219880305761X。"


def test_everything_personal_is_hidden_and_comes_back() -> None:
    mask = Mask()
    hidden = mask.hide(TEXT)
    for secret in ("王小明", "13912345678", "66881234", "wang.xm", "32050219880305761X"):
        assert secret not in hidden
    assert mask.restore(hidden) == TEXT
    assert mask.hidden == 5


def test_one_person_keeps_one_mark() -> None:
    mask = Mask()
    hidden = mask.hide("项目负责人 李建国 汇报；李建国电话 13800001111。填报人：赵敏")
    assert hidden.count("〔姓名1〕") == 2
    assert "〔姓名2〕" in hidden


@pytest.mark.parametrize(
    "text",
    [
        "统一社会信用代码91320583MA1XXXX00L，产值1234567890元",
        "设备综合利用率由68%提升到79%，产量13800台",
        "GB/T 39116-2020，鄂经信办函〔2024〕84号",
        "项目负责人带队完成改造，总经理办公会通过方案",
    ],
)
def test_figures_and_numbers_of_documents_are_left_alone(text: str) -> None:
    assert Mask().hide(text) == text


@given(st.text(alphabet="联系人：王李张138001234567@.cn-，〔〕姓名电话1 \n", max_size=80))
def test_masking_is_always_undone(text: str) -> None:
    mask = Mask()
    if "〔" not in text:
        assert mask.restore(mask.hide(text)) == text


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("机密★5年\n申报书", "机密★"),
        ("密级：秘密\n", "密级：秘密"),
        ("【内部资料 注意保存】", "内部资料 注意保存"),
        ("（商业秘密）", "商业秘密"),
    ],
)
def test_markings_are_found(text: str, found: str) -> None:
    assert confidential(text)
    ((start, end),) = marking_spans(text)
    assert text[start:end] == found


@pytest.mark.parametrize(
    "text",
    [
        "公司与员工签订商业秘密保护协议。",
        "建立内部资料管理制度",
        "涉及国家秘密的不得上传",
        "机密性、完整性和可用性",
    ],
)
def test_running_text_is_no_marking(text: str) -> None:
    assert not confidential(text)


def _elsewhere(settings: Settings) -> ModelJudge:
    """The fake endpoint, taken for one outside this machine."""
    real = connect(settings)
    away = Named(real.model, real.name, real.identity, "api.example.com", real.structured, real.logprobs)
    return ModelJudge(Gateway(away, settings), settings)


def test_what_leaves_is_masked_logged_and_restored(endpoint: Endpoint, settings: Settings) -> None:
    endpoint.behaviour = says(
        json.dumps(
            {"quotes": [], "missing": "没有〔姓名1〕的签字", "verdict": "unsupported"}, ensure_ascii=False
        )
    )
    pair = ("联系人：王小明确认了验收。", f"验收单未见签字。{TEXT}")
    (judged,) = verify.judge_claims([pair], judge=_elsewhere(settings))
    sent = json.dumps(endpoint.requests, ensure_ascii=False)
    assert "13912345678" not in sent
    assert "王小明" not in sent
    assert "王小明" in judged.reason
    log = Path(settings.cache_dir, "sent.jsonl")
    (line,) = [json.loads(row) for row in log.read_text("utf-8").splitlines()]
    assert line["host"] == "api.example.com"
    assert "王小明" not in line["text"]
    assert log.stat().st_mode & 0o077 == 0


def test_a_marked_document_stays_here_unless_confirmed(endpoint: Endpoint, settings: Settings) -> None:
    endpoint.behaviour = says(json.dumps({"quotes": [], "missing": "", "verdict": "unsupported"}))
    pair = ("建成立体仓库。", "机密★\n建成立体仓库。")
    (judged,) = verify.judge_claims([pair], judge=_elsewhere(settings))
    assert endpoint.requests == []
    assert "保密标识" in (judged.problem or "")
    confirmed = settings.model_copy(update={"send_confidential": True})
    verify.judge_claims([pair], judge=_elsewhere(confirmed))
    assert len(endpoint.requests) == 1


def test_on_this_machine_nothing_is_masked_and_nothing_logged(endpoint: Endpoint, settings: Settings) -> None:
    endpoint.behaviour = says(json.dumps({"quotes": [], "missing": "", "verdict": "unsupported"}))
    verify.judge_claims([("王小明确认了验收。", TEXT)], judge=models.judge(settings))
    assert "13912345678" in json.dumps(endpoint.requests, ensure_ascii=False)
    assert not Path(settings.cache_dir, "sent.jsonl").exists()


def test_several_questions_are_asked_at_once_elsewhere(endpoint: Endpoint, settings: Settings) -> None:
    from tests.models.conftest import slowly

    endpoint.behaviour = slowly(
        0.15, says(json.dumps({"quotes": [], "missing": "", "verdict": "unsupported"}))
    )
    pairs = [(f"部署了{n}套检测设备。", "部署了6套检测设备。") for n in range(2, 12)]
    judge = _elsewhere(settings.model_copy(update={"model_concurrency": 3}))
    verify.judge_claims(pairs, judge=judge)
    assert 1 < endpoint.most_at_once <= 3
    assert [call["prompt"] for call in judge.calls] == ["judge-claim"] * 10
