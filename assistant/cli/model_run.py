"""Says on stderr what a model run will ask, how far it is, and what came of it."""

from __future__ import annotations

import sys
import time
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from assistant.models.rehearsal import Forecast
    from assistant.verify import FlagOutcome

_TASKS = {
    "judge-tuned": "模型核对断言",
    "judge-margin": "模型核对断言",
    "judge-kind": "模型核对断言",
    "judge-claim": "模型核对断言",
    "find-elements": "模型查找要素",
    "map-scene": "模型对应场景",
    "suggest": "模型起草建议",
}
_WIDTH = 30


class ModelRun:
    """Draws a bar a task on a terminal; elsewhere it says one line at the start and one at the end."""

    def __init__(self, name: str) -> None:
        self._name = name
        self._started = time.monotonic()

    def starts(self, forecast: Forecast) -> None:
        """Say what will be asked at most."""
        self._started = time.monotonic()
        _say(f"{self._name}：{forecast_text(forecast)}")

    def step(self, prompt: str, done: int, total: int) -> None:
        """Draw how far a task is."""
        if not sys.stderr.isatty():
            return
        filled = round(_WIDTH * done / total) if total else 0
        what = _TASKS.get(prompt, "模型作答")
        bar = f"\r{what} [{'█' * filled}{'·' * (_WIDTH - filled)}] {done}/{total}"
        print(bar, end="\n" if done >= total else "", file=sys.stderr, flush=True)

    def ends(self, outcome: FlagOutcome) -> None:
        """Say what came of a review."""
        added = sum(flag.author != "rule" for flag in outcome.flags)
        self.asked(outcome.calls, f"，增加 {added} 条提示")

    def asked(self, calls: Sequence[Mapping[str, Any]], more: str = "") -> None:
        """Say what was asked and what it took."""
        cached = sum(bool(call["cached"]) for call in calls)
        failed = sum(not call["ok"] for call in calls)
        read, written = (sum(int(call[key]) for call in calls) for key in ("tokens_in", "tokens_out"))
        kept = f"，其中{cached}次取自缓存" if cached else ""
        lost = f"，{failed}次没有结果（原因见结果）" if failed else ""
        _say(
            f"{self._name}：模型用时 {time.monotonic() - self._started:.0f} 秒，提问 {len(calls)} 次{kept}{lost}，"
            f"读 {read} 写 {written} 个词元{more}"
        )


def forecast_text(forecast: Forecast) -> str:
    """Return a forecast in one line."""
    where = f"发往 {forecast.host}，个人信息先遮盖" if forecast.leaves_machine else "在本机"
    parts = [
        f"模型 {forecast.model}（{where}）最多提问 {forecast.calls} 次",
        f"读约 {forecast.tokens_in}、写至多 {forecast.tokens_out} 个词元",
    ]
    if forecast.cached:
        parts.append(f"另有 {forecast.cached} 次取自缓存")
    if forecast.cost is not None:
        parts.append(f"费用至多约 {forecast.cost:.4g}（按所设单价）")
    elif forecast.leaves_machine:
        parts.append("未设单价 ASSISTANT_MODEL_PRICE_IN、ASSISTANT_MODEL_PRICE_OUT，不估费用")
    if forecast.seconds is not None:
        parts.append(f"两核 CPU 上约 {max(1, round(forecast.seconds / 60))} 分钟")
    if not forecast.within_cap:
        parts.append("超过所设上限，超出部分不问，会在报告中列出")
    return "；".join(parts)


def _say(words: str) -> None:
    print(words, file=sys.stderr, flush=True)
