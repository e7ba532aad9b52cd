"""Nobody reaches what is not theirs: by address, by API call, by event, by guessed id, by MCP."""

from __future__ import annotations

import json
import re
from typing import Any

import httpx
import pytest

from assistant.errors import UsageError
from assistant.settings import Settings
from assistant.triage.room import Store
from assistant.ui import application
from tests.ui.conftest import PAGE, PASSWORD, Served, add_sample, events

SECRET = "襄阳汉水示例"  # noqa: S105
READS = (
    "/pages/{id}/1.png",
    "/download/{id}/report.docx",
    "/download/{id}/report.html",
    "/download/{id}/report.json",
    "/download/{id}/report.markdown",
    "/download/{id}/opinions.docx",
    "/download/{id}/file",
)
WRITES = (
    ("decisions", {"finding": "check-0", "verdict": "采纳"}),
    ("undo", {"finding": "check-0"}),
    ("opinion", {"recommendation": "推荐"}),
    ("rulings", {"finding": "", "verdict": "推荐", "reason": "理由"}),
)


@pytest.mark.parametrize("address", READS)
def test_the_owner_reads_and_others_do_not(served: Served, paper: str, address: str) -> None:
    with served.client("企业甲") as own:
        assert own.get(address.format(id=paper)).status_code == 200
    for name in ("企业乙", "专家甲", "评测员"):
        with served.client(name) as other:
            answer = other.get(address.format(id=paper))
            assert answer.status_code == 403, name
            assert SECRET not in answer.text
    with served.client("") as nobody:
        assert nobody.get(address.format(id=paper)).status_code == 401


@pytest.mark.parametrize(("tail", "body"), WRITES)
def test_others_cannot_write(served: Served, paper: str, tail: str, body: dict[str, Any]) -> None:
    for name in ("企业甲", "企业乙", "专家甲", "评测员"):
        with served.client(name) as client:
            answer = client.post(f"/api/submissions/{paper}/{tail}", json=body, headers=PAGE)
            assert answer.status_code == 403, name
    with served.client("企业乙") as other:
        assert (
            other.delete(f"/api/submissions/{paper}", headers={**PAGE, "Content-Length": "0"}).status_code
            == 403
        )
    with served.client("企业甲") as own:
        assert own.get(f"/download/{paper}/file").status_code == 200


def test_without_login_there_is_only_the_login(served: Served, paper: str) -> None:
    with served.client("") as nobody:
        assert nobody.get("/").headers["location"] == "/login"
        for address in (
            "/config", "/gradio_api/info", "/gradio_api/openapi.json", "/gradio_api/mcp", "/gradio_api/mcp/schema",
            "/gradio_api/startup-events", "/gradio_api/queue/status", "/en/config", "/gradio_api/upload_progress",
            "/theme.css", "/download/panels/1/recommended.xlsx",
        ):  # fmt: skip
            assert nobody.get(address).status_code in (401, 404), address
        for address in (
            "/gradio_api/queue/join",
            "/gradio_api/call/submissions",
            "/gradio_api/upload",
            "/gradio_api/mcp",
        ):
            assert nobody.post(address, json={"data": []}).status_code == 401, address


def test_gradios_own_file_server_is_shut(served: Served) -> None:
    with served.client("企业甲") as own:
        files = {"files": ("草稿.txt", "秘密草稿".encode())}
        (path,) = own.post("/gradio_api/upload", files=files).json()
    for name in ("企业甲", "企业乙", "管理员"):
        with served.client(name) as client:
            for address in (f"/gradio_api/file={path}", f"/file={path}", f"/en/gradio_api/file={path}"):
                assert client.get(address).status_code == 404, address
            assert client.get("/gradio_api/file=http://127.0.0.1:1/x").status_code == 404
            assert client.get("/gradio_api/proxy=http://127.0.0.1:1/x").status_code == 404
            assert client.get(f"/gradio_api/file={path}/../../../etc/passwd").status_code == 404


def said_to(served: Served, name: str, identifier: str) -> tuple[str, int]:
    """Call every event of the page as ``name``, also those without a name, with the id wherever it could stand."""
    with served.client(name) as client:
        config = client.get("/config").json()
        kinds = {part["id"]: part["type"] for part in config["components"]}
        said = []
        for number, event in enumerate(config["dependencies"]):
            data = [identifier if kinds[i] in ("dropdown", "textbox") else None for i in event["inputs"]]
            body = {
                "data": data, "fn_index": event.get("id", number), "session_hash": f"{served.port}{name}{number}",
                "event_data": {"id": identifier, "tab": "", "document": identifier}, "trigger_id": None,
            }  # fmt: skip
            said.append(json.dumps(events(client, body), ensure_ascii=False))
        return "\n".join(said), len(said)


def test_every_event_of_the_page_keeps_the_secret(served: Served, paper: str) -> None:
    mine, _ = said_to(served, "企业甲", paper)
    assert SECRET in mine  # the owner's own events show it: the calls do run
    for name in ("企业乙", "专家甲", "评测员"):
        theirs, tried = said_to(served, name, paper)
        assert tried > 30
        assert SECRET not in theirs
        assert "hubei-excellent" not in theirs


def test_another_users_page_session_cannot_be_read(served: Served) -> None:
    with served.client("企业甲") as own, served.client("企业乙") as other:
        info = own.get("/config").json()["dependencies"]
        body = {"data": [], "fn_index": info[0]["id"], "session_hash": "minealone", "event_data": None}
        events(own, {**body, "data": [None] * len(info[0]["inputs"])})
        assert other.get("/gradio_api/queue/data?session_hash=minealone").status_code == 403


def test_the_list_and_the_api_show_only_the_own(served: Served, paper: str) -> None:
    theirs = add_sample(served, "企业乙", "jiangsu-basic-sme-2025.docx")
    with served.client("企业乙") as other:
        listed = call(other, "submissions", {"words": "", "kind": "submission", "offset": 0})
        assert [row["id"] for row in listed["entries"]] == [theirs]
        assert call(other, "submissions", {"words": "汉水", "kind": "submission", "offset": 0})["total"] == 0
        assert "没有这份材料" in str(call(other, "submission", {"identifier": paper}))
        assert SECRET not in str(
            call(other, "search", {"query": "襄阳汉水示例 汽车零部件", "where": "policy", "k": 50})
        )
        assert "不能在这里检索" in str(call(other, "search", {"query": "x", "where": f"{paper}", "k": 5}))
    with served.client("企业甲") as own:
        assert call(own, "submission", {"identifier": paper})["id"] == paper


def call(client: httpx.Client, name: str, arguments: dict[str, Any]) -> Any:
    """Call a named endpoint over plain HTTP; returns its value or the error's text."""
    answer = client.post(f"/gradio_api/run/{name}", json={"data": list(arguments.values())})
    return answer.json()["data"][0] if answer.status_code == 200 else answer.text


def test_guessed_ids_and_odd_paths_say_nothing(served: Served) -> None:
    with served.client("企业乙") as other:
        for identifier in (
            "0",
            "../../store.db",
            "%2e%2e%2fstore.db",
            "00000000-0000-0000-0000-000000000000",
        ):
            for address in READS:
                answer = other.get(address.format(id=identifier))
                assert answer.status_code in (403, 404), (address, answer.text)


def test_writes_come_only_from_our_own_pages(served: Served, paper: str) -> None:
    with served.client("管理员") as admin:
        body = {"finding": "check-0", "verdict": "采纳"}
        address = f"/api/submissions/{paper}/decisions"
        assert admin.post(address, json=body).status_code == 403
        elsewhere = {**PAGE, "Origin": "https://evil.example"}
        assert admin.post(address, json=body, headers=elsewhere).status_code == 403
        assert admin.post("/gradio_api/queue/join", json={}, headers={"Origin": "null"}).status_code == 403
        assert admin.post(address, json={"finding": 1}, headers=PAGE).status_code == 400
        assert admin.post(address, content=b"x" * 1_100_000, headers=PAGE).status_code == 413


def test_security_headers_are_on_every_answer(served: Served) -> None:
    with served.client("企业甲") as own:
        for address in ("/", "/login", "/config", "/nothing-here", "/pages/x/1.png"):
            headers = own.get(address).headers
            assert "frame-ancestors 'none'" in headers["content-security-policy"], address
            assert headers["x-content-type-options"] == "nosniff"
            assert headers["x-frame-options"] == "DENY"
        assert "http" not in re.sub(r"http-equiv", "", own.get("/").headers["content-security-policy"])


def test_the_cookie_is_not_for_scripts_or_other_sites(served: Served) -> None:
    with served.client("") as nobody:
        answer = nobody.post("/login", data={"name": "评测员", "password": PASSWORD})
        assert answer.status_code == 303
        cookie = answer.headers["set-cookie"].lower()
        assert "httponly" in cookie and "samesite=strict" in cookie


def test_wrong_passwords_lock_the_account(served: Served) -> None:
    store = served.store()
    store.accounts.add("将被锁定", "enterprise", PASSWORD)
    store.close()
    with served.client("") as nobody:
        for _ in range(5):
            answer = nobody.post("/login", data={"name": "将被锁定", "password": "wrong"})
            assert answer.status_code == 401 and "用户名或口令不对" in answer.text
        assert "锁定" in nobody.post("/login", data={"name": "将被锁定", "password": PASSWORD}).text
        assert "assistant_session" not in nobody.cookies


def test_logging_out_ends_the_session(served: Served, paper: str) -> None:
    with served.client("企业甲") as own:
        token = own.cookies["assistant_session"]
        assert own.post("/api/logout", headers={**PAGE, "Content-Length": "0"}).status_code == 200
    with httpx.Client(base_url=served.url, cookies={"assistant_session": token}) as stale:
        assert stale.get(f"/download/{paper}/file").status_code == 401


def test_other_addresses_need_users_first(tmp_path: Any) -> None:
    store = Store(f"sqlite:///{tmp_path / 'store.db'}", tmp_path / "files")
    with pytest.raises(UsageError, match="user add"):
        application(store, Settings(), host="0.0.0.0")  # noqa: S104  refusing this is the point
    store.close()


def test_single_user_mode_answers_to_local_names_alone(tmp_path: Any) -> None:
    from fastapi.testclient import TestClient

    store = Store(f"sqlite:///{tmp_path / 'store.db'}", tmp_path / "files")
    client = TestClient(application(store, Settings(data_dir=tmp_path)), base_url="http://127.0.0.1:7860")
    assert client.get("/config").status_code == 200
    assert client.get("/config", headers={"Host": "rebound.example"}).status_code == 403
    store.close()
