"""Repeated passages: every copy is found at its place, whatever else stands around."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from assistant import ingest
from assistant.settings import Settings
from assistant.verify.repeats import repeats

PASSAGE = "公司建设能源管控系统，对电、水、蒸汽、压缩空气的计量点逐一采集，按班组统计单耗，发现异常及时推送到责任人，并据此调整设备启停顺序和空压站加载策略，避免空转。"


@given(
    st.lists(
        st.sampled_from([PASSAGE, PASSAGE + "全年节电。", "其他内容。", "再一段不同的文字，说的是仓储。"]),
        max_size=9,
    )
)
def test_every_copy_is_exact(pieces: list[str]) -> None:
    document = ingest.read_bytes(("开头。\n\n" + "\n\n".join(pieces)).encode(), "a.txt", settings=Settings())
    groups = repeats(document)
    for group in groups:
        copies = {"".join(c for c in document.text[a:b] if c.isalnum()) for a, b in group}
        assert len(copies) == 1
        assert len(group) > 1
    whole = sum(piece.startswith(PASSAGE) for piece in pieces)
    assert bool(groups) is (whole > 1)
