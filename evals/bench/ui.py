"""Load on the reviewing room: a full queue, every action timed, and many reviewers at once.

``python -m evals.bench.ui [--submissions 1000] [--reviewers 20] [--seconds 60] [--url postgresql://…]``

Starts its own server on loopback with a store of its own, and prints one line a measure. Exit code 1 when an
action's 95th percentile is over 300 ms on the server, a request failed, or a decision was lost.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from collections import defaultdict
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx

from assistant.pipeline import review
from assistant.resources import root
from assistant.triage import audit
from assistant.triage.room import Store
from assistant.triage.submissions import Upload

LIMIT = 0.3
PASSWORD = "load test only"  # noqa: S105  a throw-away store
PAGE = {"X-Requested-With": "assistant"}


@dataclass
class Bench:
    """One run: where the server is, what was measured, what was acknowledged."""

    folder: Path
    database: str
    port: int
    ids: list[str] = field(default_factory=list)
    findings: dict[str, list[str]] = field(default_factory=dict)
    times: dict[str, list[float]] = field(default_factory=lambda: defaultdict(list))
    failures: list[str] = field(default_factory=list)
    acknowledged: dict[tuple[str, str, str], int] = field(default_factory=dict)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"


def fill(bench: Bench, submissions: int, reviewers: int) -> None:
    """Put reviewed samples into the store, over and over, and give all of them to all reviewers."""
    store = Store(bench.database, bench.folder / "files")
    chair = store.room(store.accounts.add("组长", "chair", PASSWORD))
    owner = store.room(store.accounts.add("企业", "enterprise", PASSWORD))
    for number in range(reviewers):
        store.accounts.add(f"专家{number}", "reviewer", PASSWORD)
    panel = chair.create_panel("压力测试", blind=False)
    samples = [(path, review(path).review) for path in sorted((root() / "corpus/declarations").glob("*.pdf"))]
    samples += [
        (path, review(path).review) for path in sorted((root() / "corpus/declarations").glob("*.docx"))
    ]
    for number in range(submissions):
        path, found = samples[number % len(samples)]
        identifier = owner.add(Upload(f"{number:04d}-{path.name}", path.read_bytes(), found))
        chair.move_to_panel(identifier, panel)
        for one in range(reviewers) if number < 40 else (number % reviewers,):
            chair.assign(identifier, f"专家{one}")
        bench.ids.append(identifier)
        bench.findings[identifier] = [f"check-{i}" for i in range(len(found.checks.results))]
    store.close()


def serve(bench: Bench) -> subprocess.Popen[bytes]:
    environment = {**os.environ, "ASSISTANT_DATA_DIR": str(bench.folder)}
    command = [
        sys.executable,
        "-m",
        "assistant",
        "ui",
        "--port",
        str(bench.port),
        "--database",
        bench.database,
    ]
    server = subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    for _ in range(600):
        try:
            httpx.get(f"{bench.url}/login", timeout=2)
        except httpx.TransportError:
            time.sleep(0.1)
        else:
            return server
    raise RuntimeError("the server did not start")


async def timed(bench: Bench, name: str, call: Any) -> httpx.Response | None:
    clock = time.perf_counter()
    try:
        answer: httpx.Response = await call
    except httpx.HTTPError as error:
        bench.failures.append(f"{name}: {type(error).__name__}")
        return None
    bench.times[name].append(time.perf_counter() - clock)
    if answer.status_code != 200:
        bench.failures.append(f"{name}: {answer.status_code} {answer.text[:100]}")
        return None
    return answer


async def enter(bench: Bench, name: str) -> httpx.AsyncClient:
    client = httpx.AsyncClient(base_url=bench.url, timeout=30)
    answer = await client.post("/api/login", json={"name": name, "password": PASSWORD}, headers=PAGE)
    client.cookies.set("assistant_session", answer.json()["token"])
    return client


_configs: dict[str, Any] = {}


async def event(client: httpx.AsyncClient, kind: str, target: str, extra: dict[str, Any]) -> httpx.Response:
    """Run the page's own event ``kind`` on the component ``target``, and wait for its result."""
    if target not in _configs:
        # A page asks once; so does this.
        _configs[target] = (await client.get("/config")).json()
    config = _configs[target]
    ids = {part["props"].get("elem_id"): part["id"] for part in config["components"]}
    number, chosen = next(
        (n, d)
        for n, d in enumerate(config["dependencies"])
        if [ids[target], kind] in [list(t) for t in d["targets"]]
    )
    values = {part["id"]: part["props"].get("value") for part in config["components"]}
    session = os.urandom(8).hex()
    body = {
        "data": [values.get(i) for i in chosen["inputs"]], "fn_index": chosen.get("id", number),
        "session_hash": session, "trigger_id": ids[target], **extra,
    }  # fmt: skip
    await client.post("/gradio_api/queue/join", json=body)
    async with client.stream("GET", f"/gradio_api/queue/data?session_hash={session}") as stream:
        async for line in stream.aiter_lines():
            if '"process_completed"' in line:
                done = json.loads(line.removeprefix("data:"))
                return httpx.Response(200 if done["success"] else 500, text=line[:400])
    return httpx.Response(500, text="no answer")


async def alone(bench: Bench, rounds: int = 60) -> None:
    """Time every action of one chair, nobody else being there."""
    client = await enter(bench, "组长")
    await event(client, "click", "queue", {"event_data": {"id": bench.ids[0], "tab": ""}})
    bench.times.clear()
    for number in range(rounds):
        identifier = bench.ids[(number * 13) % len(bench.ids)]
        listing = {"words": "", "kind": "submission", "offset": 0}
        found = {**listing, "words": "示例 铸造"}
        far = {**listing, "offset": 900}
        for name, data in (("queue", listing), ("search", found), ("deep page", far)):
            call = client.post("/gradio_api/run/submissions", json={"data": list(data.values())})
            await timed(bench, name, call)
        opening = event(client, "click", "queue", {"event_data": {"id": identifier, "tab": ""}})
        await timed(bench, "open the desk (whole event)", opening)
        await timed(bench, "page image or text", client.get(f"/download/{identifier}/file"))
        for tail, body in (
            ("decisions", {"finding": "check-0", "verdict": "采纳"}),
            ("undo", {"finding": "check-0"}),
            ("opinion", {"recommendation": "推荐"}),
        ):
            if number * 13 < len(bench.ids):
                address = f"/api/submissions/{identifier}/{tail}"
                await timed(bench, tail, client.post(address, json=body, headers=PAGE))
        await timed(bench, "report docx", client.get(f"/download/{identifier}/report.docx"))
    await client.aclose()


async def together(bench: Bench, reviewers: int, seconds: float) -> None:
    """Let all reviewers judge at once for a while, each keeping the versions it was told."""
    clients = [await enter(bench, f"专家{number}") for number in range(reviewers)]
    end = time.monotonic() + seconds

    async def judge(number: int) -> None:
        name, client = f"专家{number}", clients[number]
        turn = 0
        while time.monotonic() < end:
            identifier = bench.ids[(turn * 7 + number) % 40]
            finding = bench.findings[identifier][turn % len(bench.findings[identifier])]
            key = (name, identifier, finding)
            body = {"finding": finding, "verdict": "采纳", "version": bench.acknowledged.get(key, 0)}
            address = f"/api/submissions/{identifier}/decisions"
            answer = await timed(bench, "decide, all at once", client.post(address, json=body, headers=PAGE))
            if answer is not None:
                bench.acknowledged[key] = int(answer.json()["version"])
            if turn % 5 == 0:
                body = {"data": ["", "submission", 0]}
                await timed(
                    bench, "queue, all at once", client.post("/gradio_api/run/submissions", json=body)
                )
            turn += 1
            await asyncio.sleep(0.2)  # a person takes longer
        await client.aclose()

    await asyncio.gather(*(judge(number) for number in range(reviewers)))


def lost(bench: Bench) -> list[str]:
    """Return acknowledged decisions that the store does not have in that version, and breaks of the chain."""
    store = Store(bench.database, bench.folder / "files")
    chair = store.accounts.named("组长")
    if chair is None:
        return ["the store lost its users"]
    room = store.room(chair)
    kept = {
        (d.reviewer, identifier, d.finding): d.version
        for identifier in {key[1] for key in bench.acknowledged}
        for d in room.decisions(identifier)
    }
    gone = [str(key) for key, version in bench.acknowledged.items() if kept.get(key) != version]
    checked = audit.verify(store.database)
    store.close()
    return gone if checked.broken is None else [*gone, checked.message]


def report(bench: Bench) -> bool:
    """Print the measures; returns whether all are within the limit."""
    good = True
    for name, values in bench.times.items():
        ordered = sorted(values)
        late = ordered[min(len(ordered) - 1, int(len(ordered) * 0.95))]
        good &= late < LIMIT
        middle = statistics.median(ordered)
        print(
            f"{name:<30} n={len(ordered):<6} median {middle * 1000:6.0f} ms   p95 {late * 1000:6.0f} ms   max {ordered[-1] * 1000:6.0f} ms"
        )
    return good


def main() -> int:
    """Run everything once."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--submissions", type=int, default=1000)
    parser.add_argument("--reviewers", type=int, default=20)
    parser.add_argument("--seconds", type=float, default=60)
    parser.add_argument("--url", default="", help="PostgreSQL; SQLite when left out")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="bench-") as place, socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = int(probe.getsockname()[1])
        probe.close()
        bench = Bench(Path(place), given.url or f"sqlite:///{place}/store.db", port)
        clock = time.perf_counter()
        fill(bench, given.submissions, given.reviewers)
        print(f"{given.submissions} submissions stored in {time.perf_counter() - clock:.0f} s")
        server = serve(bench)
        try:
            asyncio.run(alone(bench))
            good = report(bench)
            bench.times.clear()
            asyncio.run(together(bench, given.reviewers, given.seconds))
            good &= report(bench)
        finally:
            server.terminate()
            server.wait(30)
        gone = lost(bench)
        print(
            f"failures {len(bench.failures)} {bench.failures[:3]}; acknowledged {len(bench.acknowledged)}; lost {len(gone)}"
        )
        return 0 if good and not bench.failures and not gone else 1


if __name__ == "__main__":
    sys.exit(main())
