"""The store on both databases: taking in, seeing, judging, undoing, settling, and who may do what."""

from __future__ import annotations

import threading
from datetime import UTC, datetime, timedelta

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import text

from assistant.errors import InputError, UsageError
from assistant.triage import audit
from assistant.triage.access import AccessError, ConflictError
from assistant.triage.accounts import LOCAL_USER, LoginError, User
from assistant.triage.decisions import Decision, Opinion, Ruling
from assistant.triage.queue import Filter
from assistant.triage.room import Store
from assistant.triage.submissions import Upload
from assistant.triage.tables import Base
from tests.triage.conftest import PASSWORD, make_review

NOW = datetime(2026, 1, 1, tzinfo=UTC)


def _decision(verdict: str, version: int = 0, reason: str = "", finding: str = "flag-r1") -> Decision:
    return Decision(finding, "", verdict, reason, "", version, NOW)


def _opinion(recommendation: str, version: int = 0) -> Opinion:
    return Opinion("", recommendation, "", {"construction": 6}, "", version, NOW)


def _panel(store: Store, people: dict[str, User], *, blind: bool = True) -> tuple[str, int]:
    chair = store.room(people["组长"])
    panel = chair.create_panel("一组", blind=blind)
    identifier = store.room(people["企业甲"]).add(Upload("甲.docx", b"file", make_review()))
    chair.move_to_panel(identifier, panel)
    chair.assign(identifier, "专家甲")
    chair.assign(identifier, "专家乙")
    return identifier, panel


def test_migrations_make_exactly_the_tables(store: Store) -> None:
    with store.database.engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        differences = compare_metadata(context, Base.metadata)
    assert differences == []


def test_migrating_twice_changes_nothing(store: Store) -> None:
    store.database.migrate()
    assert audit.verify(store.database).broken is None


def test_queue_is_riskiest_first_and_filters(store: Store, people: dict[str, User]) -> None:
    admin = store.room(people["管理员"])
    calm = admin.add(Upload("a.pdf", b"a", make_review("平稳企业", fails=0, model_flags=0)))
    hot = admin.add(Upload("b.pdf", b"b", make_review("风险企业", fails=4)))
    admin.add(Upload("c.pdf", b"c", make_review("百分百_企业", tier="卓越级"), kind="draft"))
    listed = admin.queue()
    assert [entry.id for entry in listed.entries] == [hot, calm]
    assert listed.total == 2
    assert [e.id for e in admin.queue(Filter(search="平稳")).entries] == [calm]
    assert [e.id for e in admin.queue(Filter(flag_kind="unsupported_scene")).entries] == [hot]
    assert admin.queue(Filter(tier="卓越级")).total == 0
    assert admin.queue(Filter(search="100%")).total == 0
    assert admin.queue(Filter(search="分_企", kind="draft")).total == 0  # _ is no wildcard
    assert admin.queue(Filter(search="百_", kind="draft")).total == 1


def test_an_enterprise_reaches_only_its_own(store: Store, people: dict[str, User]) -> None:
    mine = store.room(people["企业甲"])
    other = store.room(people["企业乙"])
    identifier = mine.add(Upload("甲.docx", b"secret", make_review()))
    assert mine.file(identifier) == b"secret"
    attempts = (
        lambda: other.open(identifier),
        lambda: other.file(identifier),
        lambda: other.remove(identifier),
        lambda: other.decisions(identifier),
        lambda: other.opinions(identifier),
        lambda: other.history(identifier),
        lambda: other.decide(identifier, _decision("采纳")),
        lambda: other.add(Upload("乙.docx", b"x", make_review(), previous=identifier)),
        lambda: store.room(people["评测员"]).open(identifier),
        lambda: store.room(people["专家甲"]).open(identifier),
    )
    for attempt in attempts:
        with pytest.raises(AccessError, match="没有这份材料"):
            attempt()
    assert other.queue().total == 0
    with pytest.raises(AccessError):
        mine.decide(identifier, _decision("采纳"))
    with pytest.raises(AccessError):
        mine.create_panel("自评组")


def test_blind_first_hides_model_and_others_until_an_opinion(store: Store, people: dict[str, User]) -> None:
    identifier, _ = _panel(store, people)
    one, two = store.room(people["专家甲"]), store.room(people["专家乙"])
    one.decide(identifier, _decision("采纳"))
    one.give_opinion(identifier, _opinion("推荐"))
    before = two.open(identifier)
    assert before.blinded
    assert {flag.author for flag in before.review.flags} == {"rule"}
    assert two.decisions(identifier) == two.opinions(identifier) == ()
    assert all(event.actor == "专家乙" for event in two.history(identifier))
    two.give_opinion(identifier, _opinion("不推荐"))
    after = two.open(identifier)
    assert not after.blinded
    assert any(flag.author == "model:scripted" for flag in after.review.flags)
    assert [opinion.reviewer for opinion in two.opinions(identifier)] == ["专家甲", "专家乙"]


def test_the_chair_can_lift_blinding(store: Store, people: dict[str, User]) -> None:
    identifier, panel = _panel(store, people)
    store.room(people["组长"]).set_blind(panel, blind=False)
    assert not store.room(people["专家甲"]).open(identifier).blinded
    with pytest.raises(AccessError):
        store.room(people["专家甲"]).set_blind(panel, blind=True)


def test_conflict_adjudication_and_agreement(store: Store, people: dict[str, User]) -> None:
    identifier, panel = _panel(store, people)
    chair, one, two = (store.room(people[name]) for name in ("组长", "专家甲", "专家乙"))
    one.decide(identifier, _decision("采纳"))
    two.decide(identifier, _decision("驳回", reason="有验收报告"))
    one.give_opinion(identifier, _opinion("推荐"))
    two.give_opinion(identifier, _opinion("推荐"))
    assert [c.finding for c in chair.conflicts()] == ["flag-r1"]
    assert chair.open(identifier).state == "conflict"
    with pytest.raises(AccessError):
        one.adjudicate(identifier, Ruling("flag-r1", "采纳", "理由"))
    with pytest.raises(UsageError, match="理由"):
        chair.adjudicate(identifier, Ruling("flag-r1", "采纳", " "))
    chair.adjudicate(identifier, Ruling("flag-r1", "驳回", "报告可信"))
    assert chair.conflicts() == ()
    assert chair.open(identifier).state == "decided"
    assert chair.agreement(panel).observed == 1
    assert chair.agreement(panel, "decisions").observed == 0
    two.give_opinion(identifier, _opinion("不推荐", version=1))
    assert (chair.drift(panel).opinions, chair.drift(panel).changed) == (2, 1)


def test_optimistic_locking_tells_and_keeps(store: Store, people: dict[str, User]) -> None:
    identifier, _ = _panel(store, people)
    one = store.room(people["专家甲"])
    assert one.decide(identifier, _decision("采纳")) == 1
    with pytest.raises(ConflictError, match="第 1 版"):
        one.decide(identifier, _decision("需补充材料"))
    (kept,) = one.decisions(identifier)
    assert (kept.verdict, kept.version) == ("采纳", 1)


def test_undo_walks_back_step_by_step(store: Store, people: dict[str, User]) -> None:
    identifier, _ = _panel(store, people)
    one = store.room(people["专家甲"])
    one.decide(identifier, _decision("采纳"))
    one.decide(identifier, _decision("驳回", 1, "甲"))
    one.decide(identifier, _decision("需补充材料", 2))
    one.undo(identifier, "flag-r1")
    assert one.decisions(identifier)[0].verdict == "驳回"
    assert one.decisions(identifier)[0].reason == "甲"
    one.undo(identifier, "flag-r1")
    assert one.decisions(identifier)[0].verdict == "采纳"
    one.undo(identifier, "flag-r1")
    assert one.decisions(identifier)[0].verdict is None
    with pytest.raises(UsageError, match="没有可以撤销"):
        one.undo(identifier, "flag-r1")
    assert audit.verify(store.database).broken is None


def test_bad_judgements_are_refused(store: Store, people: dict[str, User]) -> None:
    identifier, _ = _panel(store, people)
    one = store.room(people["专家甲"])
    for decision in (_decision("否决"), _decision("驳回"), _decision("采纳", finding="flag-none")):
        with pytest.raises(UsageError):
            one.decide(identifier, decision)
    with pytest.raises(UsageError):
        one.give_opinion(identifier, _opinion("否决"))


def test_the_chain_shows_tampering(store: Store, people: dict[str, User]) -> None:
    identifier, _ = _panel(store, people)
    store.room(people["专家甲"]).decide(identifier, _decision("采纳"))
    good = audit.verify(store.database)
    assert good.broken is None and good.entries > 5
    with store.database.engine.begin() as connection:
        connection.execute(
            text("UPDATE events SET payload = replace(payload, '采纳', '驳回') WHERE action = 'decided'")
        )
    assert audit.verify(store.database).broken == good.entries


def test_a_removed_event_breaks_the_chain(store: Store, people: dict[str, User]) -> None:
    with store.database.engine.begin() as connection:
        connection.execute(text("DELETE FROM events WHERE seq = 3"))
    assert audit.verify(store.database).broken == 4


def test_reviewers_at_once_lose_nothing(store: Store, people: dict[str, User]) -> None:
    chair = store.room(people["组长"])
    panel = chair.create_panel("大组")
    reviewers = [store.accounts.add(f"并发{i}", "reviewer", PASSWORD) for i in range(8)]
    identifier = store.room(people["企业甲"]).add(Upload("甲.docx", b"file", make_review(model_flags=5)))
    chair.move_to_panel(identifier, panel)
    for reviewer in reviewers:
        chair.assign(identifier, reviewer.name)
    failures: list[Exception] = []

    def judge(user: User) -> None:
        try:
            room = store.room(user)
            for i in range(5):
                room.decide(identifier, _decision("采纳", finding=f"flag-m{i}"))
        except Exception as error:
            failures.append(error)

    threads = [threading.Thread(target=judge, args=(user,)) for user in reviewers]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []
    assert len(chair.decisions(identifier)) == 40
    assert audit.verify(store.database).broken is None


def test_lock_out_after_repeated_failures(store: Store, people: dict[str, User]) -> None:
    assert store.accounts.user_of(store.accounts.login("专家甲", PASSWORD)) == people["专家甲"]
    for _ in range(5):
        with pytest.raises(LoginError, match="用户名或口令不对"):
            store.accounts.login("专家甲", "wrong password")
    with pytest.raises(LoginError, match="锁定"):
        store.accounts.login("专家甲", PASSWORD)
    store.accounts.set_password("专家甲", PASSWORD + "!")
    assert store.accounts.login("专家甲", PASSWORD + "!")


def test_logins_end(store: Store, people: dict[str, User]) -> None:
    token = store.accounts.login("专家甲", PASSWORD)
    assert store.accounts.user_of("guessed") is None
    store.accounts.logout(token)
    assert store.accounts.user_of(token) is None
    token = store.accounts.login("专家甲", PASSWORD)
    store.accounts.deactivate("专家甲")
    assert store.accounts.user_of(token) is None
    with pytest.raises(LoginError):
        store.accounts.login("专家甲", PASSWORD)


def test_the_local_user_cannot_be_logged_in_as(store: Store) -> None:
    assert store.accounts.local() == store.accounts.local()
    assert not store.accounts.has_users()
    for password in ("", "!", LOCAL_USER):
        with pytest.raises(LoginError):
            store.accounts.login(LOCAL_USER, password)


@pytest.mark.parametrize(
    ("name", "role", "password"),
    [
        ("", "admin", PASSWORD),
        ("x", "king", PASSWORD),
        ("x", "admin", "short"),
        ("专家甲", "admin", PASSWORD),
    ],
)
def test_bad_users_are_refused(
    store: Store, people: dict[str, User], name: str, role: str, password: str
) -> None:
    with pytest.raises(UsageError):
        store.accounts.add(name, role, password)


def test_retention_and_shared_files(store: Store, people: dict[str, User]) -> None:
    mine = store.room(people["企业甲"])
    first = mine.add(Upload("一稿.docx", b"same", make_review(), kind="draft", keep_days=1))
    second = mine.add(Upload("二稿.docx", b"same", make_review(), kind="draft", previous=first))
    assert store.sweep() == 0
    with store.database.writing() as session:
        from assistant.triage import submissions

        assert submissions.sweep(session, store.files, datetime.now(UTC) + timedelta(days=2)) == 1
    assert mine.file(second) == b"same"
    mine.remove(second)
    assert store.files.all() == ()
    with pytest.raises(AccessError):
        mine.open(second)
    assert audit.verify(store.database).broken is None


def test_a_filed_submission_is_not_the_enterprises_to_delete(store: Store, people: dict[str, User]) -> None:
    mine = store.room(people["企业甲"])
    filed = mine.add(Upload("正式.docx", b"f", make_review()))
    with pytest.raises(AccessError):
        mine.remove(filed)
    store.room(people["管理员"]).remove(filed)


def test_a_damaged_file_is_said_to_be_damaged(store: Store, people: dict[str, User]) -> None:
    mine = store.room(people["企业甲"])
    identifier = mine.add(Upload("甲.docx", b"file", make_review()))
    (digest,) = store.files.all()
    (store.files.folder / digest[:2] / digest).write_bytes(b"other")
    with pytest.raises(InputError, match="已损坏"):
        mine.file(identifier)
    with pytest.raises(InputError, match="文件编号"):
        store.files.get("../../etc/passwd")
