"""Exports and backups, on both databases."""

from __future__ import annotations

import io
from datetime import UTC, datetime
from pathlib import Path

import openpyxl
import pytest

from assistant.errors import InputError
from assistant.triage import audit
from assistant.triage.accounts import User
from assistant.triage.backup import backup, restore
from assistant.triage.decisions import Conflict, Opinion
from assistant.triage.exports import opinions_docx, recommendation_list
from assistant.triage.room import Store
from assistant.triage.rubric import load_rubric
from assistant.triage.submissions import Upload
from tests.triage.conftest import PASSWORD, make_review


def test_recommendation_list_has_the_forms_columns(store: Store, people: dict[str, User]) -> None:
    room = store.room(people["管理员"])
    identifier = room.add(Upload("甲.docx", b"x", make_review("=HYPERLINK(1)")))
    book = openpyxl.load_workbook(io.BytesIO(recommendation_list([room.open(identifier)], "示例推荐单位")))
    rows = list(book["推荐汇总表"].iter_rows(values_only=True))
    assert rows[2][0] == "序号" and rows[2][3] == "统一社会信用代码" and len(rows[2]) == 11
    assert rows[3][1] == "'=HYPERLINK(1)"  # shown as text, never run
    assert rows[3][2] == "示例智能工厂"
    assert rows[-1][0].startswith("注：1.推荐排名有先后")


def test_opinions_as_word(store: Store, people: dict[str, User]) -> None:
    import docx

    room = store.room(people["管理员"])
    opened = room.open(room.add(Upload("甲.docx", b"x", make_review())))
    moment = datetime(2026, 1, 1, tzinfo=UTC)
    opinions = [Opinion("专家甲", "不推荐", "佐证不足", {"effect": 3}, "推荐", 2, moment)]
    conflicts = [Conflict(opened.id, "flag-r1", {"专家甲": "采纳", "专家乙": "驳回"}, "采纳", "未见报告")]
    data = opinions_docx(opened, opinions, conflicts)
    words = "\n".join(p.text for p in docx.Document(io.BytesIO(data)).paragraphs)
    for expected in ("专家甲：不推荐", "独立评审阶段的意见为：推荐", "佐证不足", "裁定：采纳。未见报告"):
        assert expected in words


def test_backup_moves_everything(store: Store, people: dict[str, User], tmp_path: Path) -> None:
    room = store.room(people["企业甲"])
    identifier = room.add(Upload("甲.docx", b"content", make_review()))
    archive = tmp_path / "backup.zip"
    assert backup(store, archive) == 1
    other = Store(f"sqlite:///{tmp_path / 'other.db'}", tmp_path / "other-files")
    assert restore(other, archive) == 1
    again = other.room(other.accounts.named("企业甲") or people["管理员"])
    assert again.file(identifier) == b"content"
    assert again.open(identifier).review == room.open(identifier).review
    assert other.accounts.login("企业甲", PASSWORD)
    assert audit.verify(other.database).broken is None
    with pytest.raises(InputError, match="不是空的"):
        restore(other, archive)
    other.close()


def test_restoring_into_the_same_kind_keeps_numbering(
    store: Store, people: dict[str, User], tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    archive = tmp_path / "backup.zip"
    backup(store, archive)
    if store.database.sqlite:
        fresh = Store(f"sqlite:///{tmp_path / 'fresh.db'}", tmp_path / "fresh-files")
    else:
        from tests.triage.conftest import _empty

        url = request.getfixturevalue("postgres_url")
        store.close()
        _empty(url)
        fresh = Store(url, tmp_path / "fresh-files")
    restore(fresh, archive)
    assert fresh.accounts.add("新人", "reviewer", PASSWORD).id > max(user.id for user in people.values())
    fresh.close()


@pytest.mark.parametrize("content", [b"", b"not a zip", b"PK\x05\x06" + b"\0" * 18])
def test_a_damaged_backup_is_refused(store: Store, tmp_path: Path, content: bytes) -> None:
    file = tmp_path / "bad.zip"
    file.write_bytes(content)
    with pytest.raises(InputError, match="备份"):
        restore(store, file)


def test_the_sample_rubric_adds_up() -> None:
    rubric = load_rubric("sample")
    full = {dimension.key: dimension.maximum for dimension in rubric.dimensions}
    assert rubric.total(full) == 100
    assert rubric.total({}) is None
    with pytest.raises(InputError):
        load_rubric("../policies/manifest")
    with pytest.raises(InputError, match="找不到"):
        load_rubric("none")
