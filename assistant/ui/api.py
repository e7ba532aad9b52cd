"""The same functions for other programs: Gradio's API and an MCP server. Every call goes through the doorman.

Calls are answered directly, not through the event queue: they carry their own login (a cookie or
``Authorization: Bearer``), and what they return is theirs alone.
"""

from __future__ import annotations

import base64
import binascii
from datetime import UTC, datetime
from typing import Any

import gradio as gr
from gradio import events
from pydantic import ValidationError

from assistant import check as checking
from assistant import policy
from assistant.check.advise import advise
from assistant.errors import InputError
from assistant.pipeline import Options, check_declaration
from assistant.records import Declaration
from assistant.triage.decisions import Decision
from assistant.triage.queue import Filter
from assistant.triage.submissions import Upload
from assistant.ui import retrieval
from assistant.ui.access import Doorman, messages
from assistant.ui.forms import options_from

_PAGE = 100


def add(doorman: Doorman) -> None:
    """Add the endpoints; their docstrings are what the API page and MCP clients show."""
    calls, records = Calls(doorman), Papers(doorman)
    for function in (
        records.review, records.submissions, records.submission, records.decide, calls.check, calls.advise,
        calls.score, calls.search, calls.ask, calls.policy_scenes, calls.policy_kpis, calls.policy_rules,
        calls.policy_diff,
    ):  # fmt: skip
        events.api(function, api_name=function.__name__, queue=False)


class Calls:
    """The endpoints that touch no stored file."""

    def __init__(self, doorman: Doorman) -> None:
        self._doorman = doorman

    def check(self, record: dict[str, Any], stated: dict[str, Any], request: gr.Request) -> dict[str, Any]:
        """Run the deterministic tier checks on a declaration record; no model is involved.

        Args:
            record: a declaration record (what `assistant extract` prints); missing fields are unknown.
            stated: {"jurisdiction": 国家|湖北|江苏|上海, "tier": 基础级|先进级|卓越级|领航级, "as_of": "YYYY-MM-DD"}; all optional.

        Returns:
            The check report: policy, results (rule, topic, status, message, clauses, spans), summary.
        """
        with messages():
            self._doorman.room(request)
            return check_declaration(_record(record), _options(self._doorman, stated)).model_dump(mode="json")

    def advise(self, record: dict[str, Any], request: gr.Request) -> dict[str, Any]:
        """Say which tier a declaration record supports today in each jurisdiction, and what the next one lacks.

        Args:
            record: a declaration record.

        Returns:
            {"advice": [{jurisdiction, supported, certain, next_step}]}.
        """
        with messages():
            self._doorman.room(request)
            return {"advice": [one.model_dump(mode="json") for one in advise(_record(record))]}

    def score(self, answers: dict[str, Any], request: gr.Request) -> dict[str, Any]:
        """Compute Jiangsu's digital self-assessment from the answers to its ten indicators.

        Args:
            answers: the answers, as for `assistant score`.

        Returns:
            {"score", "indicators", "tier_hint", "problems"}.
        """
        with messages():
            self._doorman.room(request)
            return checking.score(answers).model_dump(mode="json")

    def search(self, query: str, where: str, k: int, request: gr.Request) -> dict[str, Any]:
        """Find clauses or catalogue scenes by words and meaning.

        Args:
            query: what to look for, in Chinese.
            where: policy, scenes-2024 or scenes-2025.
            k: how many hits, 1 to 50.

        Returns:
            {"hits": [{document, article, scene, span, score}]}.
        """
        with messages():
            self._doorman.room(request)
            return retrieval.search(str(query)[:500], where, k, self._doorman.settings)

    def ask(self, question: str, request: gr.Request) -> dict[str, Any]:
        """Answer a question about the policy by quoting its clauses; abstains when the corpus does not say.

        Args:
            question: the question, in Chinese.

        Returns:
            {"abstained", "answer", "clauses": [{document, article, quote, score}], "conflicts"}.
        """
        with messages():
            self._doorman.room(request)
            return retrieval.ask(str(question)[:500], self._doorman.settings)

    def policy_scenes(self, catalog: str, request: gr.Request) -> dict[str, Any]:
        """Return the 40 scenes of a catalogue.

        Args:
            catalog: 2024 or 2025.

        Returns:
            {"scenes": [{number, name, segment, group, text, elements}]}.
        """
        with messages():
            self._doorman.room(request)
            return policy.scenes_json(catalog)

    def policy_kpis(self, catalog: str, request: gr.Request) -> dict[str, Any]:
        """Return the KPI list of a catalogue.

        Args:
            catalog: 2024 or 2025.

        Returns:
            {"kpis": [{number, name, unit, category}]}.
        """
        with messages():
            self._doorman.room(request)
            return policy.kpis_json(catalog)

    def policy_rules(self, stated: dict[str, Any], request: gr.Request) -> dict[str, Any]:
        """Return the rules in force, each with its clause.

        Args:
            stated: {"jurisdiction", "tier", "as_of"}; all optional.

        Returns:
            {"rules": [{code, topic, jurisdiction, tiers, binding, required, threshold, clauses}]}.
        """
        with messages():
            self._doorman.room(request)
            options = _options(self._doorman, stated)
            return policy.rules_json(options.jurisdiction, options.tier, options.as_of)

    def policy_diff(self, older: str, newer: str, request: gr.Request) -> dict[str, Any]:
        """Return the crosswalk between two catalogues.

        Args:
            older: 2024 or 2025.
            newer: the other one.

        Returns:
            {"scenes": [{from, to, kind}], "kpis": [...]}.
        """
        with messages():
            self._doorman.room(request)
            return policy.diff_json(older, newer)


class Papers:
    """The endpoints on stored files: each user's own, or those assigned."""

    def __init__(self, doorman: Doorman) -> None:
        self._doorman = doorman

    def review(self, name: str, content: str, stated: dict[str, Any], request: gr.Request) -> dict[str, Any]:
        """Review one declaration: read, extract, check, flag. For an enterprise the file is kept as its draft.

        Args:
            name: the file's name with its ending (.pdf, .docx, .xlsx, .txt, .md).
            content: the file's bytes in base64.
            stated: {"jurisdiction", "tier", "as_of"}; what is left out is read from the text.

        Returns:
            {"id", "review": {declaration, checks, flags, problems, manifest}}; id is null when nothing was kept.
        """
        with messages():
            room = self._doorman.room(request)
            try:
                data = base64.b64decode(content, validate=True)
            except (binascii.Error, ValueError) as error:
                raise InputError(f"{name}：内容不是 base64", "请把文件的字节编成 base64") from error
            outcome = self._doorman.review_bytes(name, data, _options(self._doorman, stated))
            kept = None
            if room.user.role == "enterprise":
                kept = room.add(Upload(name, data, outcome.review, "draft"))
            return {"id": kept, "review": outcome.review.model_dump(mode="json")}

    def submissions(self, words: str, kind: str, offset: int, request: gr.Request) -> dict[str, Any]:
        """List the files that the caller may see, riskiest first, a hundred at a time.

        Args:
            words: words in the enterprise's, factory's or file's name; empty for all.
            kind: submission or draft.
            offset: how many to skip.

        Returns:
            {"total", "entries": [{id, enterprise, factory, file_name, jurisdiction, tier, state, risk, ...}]}.
        """
        with messages():
            wanted = Filter(search=str(words or ""), kind="draft" if kind == "draft" else "submission")
            found = self._doorman.room(request).queue(wanted, offset=max(0, int(offset)), limit=_PAGE)
            rows = [{**vars(e), "created_at": e.created_at.isoformat()} for e in found.entries]
            return {"total": found.total, "entries": rows}

    def submission(self, identifier: str, request: gr.Request) -> dict[str, Any]:
        """Return one stored review that the caller may see; model flags are held back while blind.

        Args:
            identifier: the id, from `submissions` or `review`.

        Returns:
            {"id", "state", "blinded", "review"}.
        """
        with messages():
            opened = self._doorman.room(request).open(identifier)
            found = opened.review.model_dump(mode="json")
            return {"id": opened.id, "state": opened.state, "blinded": opened.blinded, "review": found}

    def decide(self, identifier: str, decision: dict[str, Any], request: gr.Request) -> dict[str, Any]:
        """Record the caller's verdict on one finding; for reviewers.

        Args:
            identifier: the submission's id.
            decision: {"finding": flag-ID or check-N, "verdict": 采纳|驳回|需补充材料, "reason", "comment", "version": the version seen, 0 at first}.

        Returns:
            {"version"}: the version to send with the next change.
        """
        with messages():
            said = {key: str(decision.get(key, "")) for key in ("finding", "verdict", "reason", "comment")}
            try:
                version = int(decision.get("version", 0))
            except (TypeError, ValueError) as error:
                raise InputError("version 应为整数", "首次为 0") from error
            given = Decision(
                said["finding"],
                "",
                said["verdict"],
                said["reason"],
                said["comment"],
                version,
                datetime.now(UTC),
            )
            return {"version": self._doorman.room(request).decide(identifier, given)}


def _record(record: dict[str, Any]) -> Declaration:
    try:
        return Declaration.model_validate(record)
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(str(part) for part in first["loc"]) or "(整体)"
        raise InputError(
            f"申报记录的 {where} 不可用：{first['msg']}", "请按 assistant schema declaration 改正"
        ) from error


def _options(doorman: Doorman, stated: dict[str, Any] | None) -> Options:
    given = {key: str(value) for key, value in (stated or {}).items() if value}
    return options_from(given.get("jurisdiction"), given.get("tier"), given.get("as_of"), doorman.settings)
