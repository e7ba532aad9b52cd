"""Killing the server in the middle of writes loses no acknowledged decision."""

from __future__ import annotations

import signal
import threading
import time
from pathlib import Path

import httpx
import pytest

from assistant.triage import audit
from tests.triage.conftest import _empty as emptied
from tests.triage.conftest import postgres_url  # noqa: F401  a fixture
from tests.ui.conftest import PAGE, Served, add_sample, make_house

pytestmark = pytest.mark.slow


@pytest.fixture(params=["sqlite", "postgresql"])
def house(request: pytest.FixtureRequest, tmp_path: Path) -> Served:
    database = ""
    if request.param == "postgresql":
        database = request.getfixturevalue("postgres_url")
        emptied(database)
    return make_house(tmp_path, database)


def judged(served: Served, paper: str, seconds: float) -> dict[tuple[str, str], int]:
    """Let two reviewers judge until the server is killed; returns what it acknowledged."""
    acknowledged: dict[tuple[str, str], int] = {}
    clients = {name: served.client(name) for name in ("专家甲", "专家乙")}

    def judge(name: str) -> None:
        for turn in range(100_000):
            finding = f"check-{turn % 20}"
            body = {"finding": finding, "verdict": "采纳", "version": acknowledged.get((name, finding), 0)}
            try:
                answer = clients[name].post(f"/api/submissions/{paper}/decisions", json=body, headers=PAGE)
            except httpx.TransportError:
                return
            assert answer.status_code == 200, answer.text
            acknowledged[name, finding] = answer.json()["version"]

    threads = [threading.Thread(target=judge, args=(name,)) for name in clients]
    for thread in threads:
        thread.start()
    time.sleep(seconds)
    served.stop(signal.SIGKILL)
    for thread in threads:
        thread.join(30)
    return acknowledged


def test_no_acknowledged_decision_is_lost(house: Served) -> None:
    paper = add_sample(house, "企业甲", "jiangsu-excellent-poor.pdf")
    store = house.store()
    chair_user = store.accounts.named("组长")
    assert chair_user is not None
    chair = store.room(chair_user)
    chair.move_to_panel(paper, chair.create_panel("一组", blind=False))
    for name in ("专家甲", "专家乙"):
        chair.assign(paper, name)
    store.close()
    house.start()
    acknowledged = judged(house, paper, 2.5)
    assert len(acknowledged) > 5
    store = house.store()
    kept = {(d.reviewer, d.finding): d.version for d in store.room(chair_user).decisions(paper)}
    # One that was written when the answer could no longer be sent may be there as well.
    assert all(kept.get(key, 0) in (version, version + 1) for key, version in acknowledged.items())
    assert audit.verify(store.database).broken is None
    store.close()
    house.start()
    with house.client("专家甲") as client:
        assert client.get(f"/pages/{paper}/1.png").status_code == 200
    house.stop()
