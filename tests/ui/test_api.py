"""The same functions over Gradio's API and over MCP, each with the caller's own login."""

from __future__ import annotations

import asyncio
import base64
import json
from typing import Any

import pytest

from tests.ui.conftest import PASSWORD, SAMPLES, Served

ENDPOINTS = {
    "review", "check", "advise", "score", "search", "ask", "policy_scenes", "policy_kpis", "policy_rules",
    "policy_diff", "submissions", "submission", "decide",
}  # fmt: skip


def bearer(served: Served, name: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {served.token(name)}"}


@pytest.fixture(scope="module")
def client(served: Served) -> Any:
    from gradio_client import Client

    return Client(served.url, headers=bearer(served, "企业甲"), verbose=False, analytics_enabled=False)


def test_the_documented_endpoints_are_these(client: Any) -> None:
    named = client.view_api(return_format="dict", print_info=False)["named_endpoints"]
    assert {name.removeprefix("/") for name in named} == ENDPOINTS
    assert all(named[name]["description"] for name in named)


def test_a_client_reviews_and_reads_back(client: Any) -> None:
    path = SAMPLES / "hubei-advanced-2025.docx"
    content = base64.b64encode(path.read_bytes()).decode()
    done = client.predict(path.name, content, {"tier": "先进级"}, api_name="/review")
    assert done["review"]["checks"]["policy"]["tier"] == "先进级"
    again = client.predict(done["id"], api_name="/submission")
    assert again["review"]["manifest"]["input_sha256"] == done["review"]["manifest"]["input_sha256"]
    checked = client.predict(done["review"]["declaration"], {"tier": "先进级"}, api_name="/check")
    assert checked["summary"] == done["review"]["checks"]["summary"]
    advice = client.predict(done["review"]["declaration"], api_name="/advise")["advice"]
    assert {"国家", "湖北", "江苏", "上海"} <= {one["jurisdiction"] for one in advice}


def test_a_client_asks_the_policy(client: Any) -> None:
    hits = client.predict("智能制造能力成熟度 三级", "policy", 3, api_name="/search")["hits"]
    assert 0 < len(hits) <= 3
    answer = client.predict("先进级智能工厂的成熟度要求是几级？", api_name="/ask")
    assert set(answer) >= {"abstained", "answer", "clauses", "conflicts"}
    assert len(client.predict("2025", api_name="/policy_scenes")["scenes"]) == 40
    rules = client.predict({"jurisdiction": "上海", "tier": "先进级"}, api_name="/policy_rules")["rules"]
    assert rules and all(rule["clauses"] for rule in rules)
    answers = json.loads((SAMPLES / "jiangsu-advanced-2025.answers.json").read_text("utf-8"))
    assert client.predict(answers, api_name="/score")["score"] is not None


@pytest.mark.parametrize(
    ("name", "arguments", "message"),
    [
        ("review", ["a.pdf", "no base64!", {}], "base64"),
        ("review", ["a.pdf", base64.b64encode(b"junk").decode(), {}], "a.pdf"),
        ("check", [{"scenes": 3}, {}], "scenes"),
        ("check", [{}, {"tier": "超级"}], "没有这个层级"),
        ("policy_rules", [{"as_of": "yesterday"}], "日期不可用"),
        ("search", ["x", "elsewhere", 3], "不能在这里检索"),
    ],
)
def test_mistakes_get_one_clear_line(client: Any, name: str, arguments: list[Any], message: str) -> None:
    with pytest.raises(Exception, match=message) as caught:
        client.predict(*arguments, api_name=f"/{name}")
    assert "Traceback" not in str(caught.value)


def test_nobody_gets_no_client(served: Served) -> None:
    from gradio_client import Client

    with pytest.raises(Exception, match=r"401|请先登录|Could not"):
        Client(served.url, verbose=False, analytics_enabled=False)


async def over_mcp(
    served: Served, headers: dict[str, str], tool: str, arguments: dict[str, Any]
) -> tuple[Any, Any]:
    from mcp import ClientSession
    from mcp.client.streamable_http import streamablehttp_client

    address = f"{served.url}/gradio_api/mcp/"
    async with (
        streamablehttp_client(address, headers=headers) as (read, write, _),
        ClientSession(read, write) as session,
    ):
        await session.initialize()
        tools = await session.list_tools()
        return tools.tools, await session.call_tool(tool, arguments)


def test_mcp_lists_and_calls_the_same_functions(served: Served) -> None:
    tools, answer = asyncio.run(
        over_mcp(served, bearer(served, "企业甲"), "policy_kpis", {"catalog": "2025"})
    )
    assert {tool.name for tool in tools} == ENDPOINTS
    assert all(tool.description for tool in tools)
    assert not answer.isError
    assert "kpis" in answer.content[0].text


def test_mcp_knows_whose_call_it_is(served: Served, paper: str) -> None:
    arguments = {"identifier": paper}
    _, own = asyncio.run(over_mcp(served, bearer(served, "企业甲"), "submission", arguments))
    assert not own.isError and "襄阳汉水示例" in own.content[0].text
    _, other = asyncio.run(over_mcp(served, bearer(served, "企业乙"), "submission", arguments))
    assert other.isError and "没有这份材料" in other.content[0].text
    assert "襄阳汉水示例" not in str(other)


def test_a_password_is_not_a_token(served: Served) -> None:
    import httpx

    for token in ("guessed", PASSWORD, "企业甲".encode().hex()):
        headers = {"Authorization": f"Bearer {token}"}
        assert httpx.get(f"{served.url}/gradio_api/info", headers=headers).status_code == 401
