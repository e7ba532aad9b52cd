"""Flags on statements that want proof: 国内领先, 首创, 填补空白 without a source nearby."""

from __future__ import annotations

import re
from collections.abc import Iterator

from assistant.records import ClaimRef
from assistant.verify.case import Case, Draft, short

# Proof that can be looked up: a certificate, a report, an appraisal, a ranking with its source, a number.
_PROOF = re.compile(
    r"证书|鉴定(?:意见|报告|结论|委员会|为|，|认为)?|查新|检测报告|评价报告|测评报告|评估报告|验收报告|审计报告|排行|排名[^。]{0,10}(?:发布|公布|第)|榜单|名单|公告|公示|批复|认定(?:为|文件|证书|编号)|获评|授予|颁发|"
    r"专利(?:号|证书)|ZL\s*\d|登记号|编号|文号|〔\d{4}〕|\[\d{4}\]|附件\s*[\d一二三四五六七八九十]|见附|据[^。，]{2,24}(?:统计|报告|数据|发布|显示)|(?:协会|研究院|科学院|检测中心|工信[部厅局]|经信[厅委]|统计局|科技[部厅局])[^。，]{0,16}(?:统计|发布|认定|鉴定|出具|评价|数据|证明|公布)|(?:奖|称号)(?:[，。；]|一等|二等|特等)|科技进步[^。]{0,4}奖"
)


def statement_flags(case: Case) -> Iterator[Draft]:
    """Yield a flag for each statement without proof in its sentence or the ones beside it."""
    for index, statement in enumerate(case.declaration.statements or ()):
        if not statement.spans or any(_proven(case, s.start, s.end) for s in statement.spans):
            continue
        yield Draft(
            "unsupported_statement",
            "medium",
            f"“{short(statement.as_written or statement.spans[0].quote)}”没有给出依据。",
            "请补充可查证的依据（鉴定或查新报告、权威机构排名及来源、证书编号），列入附件；没有依据的请删去。",
            ClaimRef(type="statement", index=index),
            statement.spans,
        )


def _proven(case: Case, start: int, end: int) -> bool:
    left, right = case.around(start, end, 1)
    return bool(_PROOF.search(case.document.text[left:right]))
