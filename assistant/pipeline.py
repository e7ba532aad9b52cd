"""The stages in order: read, extract, check, flag. Holds no state between documents."""

from __future__ import annotations

import hashlib
import logging
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from assistant.document import Document
from assistant.errors import AssistantError, UsageError
from assistant.records import (
    Application,
    CheckReport,
    Declaration,
    Flag,
    Manifest,
    Problem,
    Review,
    Tier,
)
from assistant.settings import Settings

if TYPE_CHECKING:
    from assistant.verify import FlagOutcome, Judge

T = TypeVar("T")
log = logging.getLogger("assistant")


@dataclass(frozen=True)
class Options:
    """What the user states about a submission; None is read from the document."""

    jurisdiction: str | None = None
    tier: Tier | None = None
    as_of: date | None = None
    settings: Settings = field(default_factory=Settings.from_env)


@dataclass(frozen=True)
class Outcome:
    """A review and the document it is about (the reports quote and highlight the text)."""

    review: Review
    document: Document


def package_version() -> str:
    """Return the installed version, or ``0`` when run from a bare checkout."""
    try:
        return version("smart-factory-assistant")
    except PackageNotFoundError:
        return "0"


def review(source: Path, options: Options | None = None) -> Outcome:
    """Read, extract, check and flag one declaration.

    Raises:
        InputError: the file cannot be read at all.
        UsageError: there is no such model. Whatever else goes wrong becomes a problem of its stage.
    """
    from assistant import ingest

    options = options or Options()
    started, clock = datetime.now(UTC), time.perf_counter()
    unavailable: list[Problem] = []
    judge = _judge(options.settings, unavailable)
    document = ingest.read(source, settings=options.settings)
    problems: list[Problem] = [*document.problems, *unavailable]
    declaration = _guard("extract", problems, lambda: _extract(document, options), Declaration())
    checks = check_declaration(declaration, options)
    outcome = _flag(document, declaration, checks, judge, problems)
    manifest = _manifest(document, options, started, time.perf_counter() - clock, outcome)
    flags: tuple[Flag, ...] = outcome.flags if outcome else ()
    return Outcome(
        Review(
            declaration=declaration, checks=checks, flags=flags, problems=tuple(problems), manifest=manifest
        ),
        document,
    )


def extract_declaration(
    source: Path, options: Options | None = None, *, with_text: bool = False
) -> Declaration:
    """Return the declaration record alone.

    Raises:
        InputError: the file cannot be read.
    """
    from assistant import ingest

    options = options or Options()
    return _extract(ingest.read(source, settings=options.settings), options, with_text=with_text)


def check_declaration(declaration: Declaration, options: Options | None = None) -> CheckReport:
    """Return the deterministic tier checks of a record."""
    from assistant import check as stage

    options = options or Options()
    return stage.check(declaration, jurisdiction=options.jurisdiction, tier=options.tier, as_of=options.as_of)


def _extract(document: Document, options: Options, *, with_text: bool = False) -> Declaration:
    from assistant import extract as stage

    stated = Application(jurisdiction=options.jurisdiction, tier=options.tier)
    return stage.extract(document, application=stated, as_of=options.as_of, with_text=with_text)


def _flag(
    document: Document,
    declaration: Declaration,
    checks: CheckReport,
    judge: Judge | None,
    problems: list[Problem],
) -> FlagOutcome | None:
    from assistant import verify as stage

    outcome = _guard("verify", problems, lambda: stage.flag(document, declaration, checks, judge=judge), None)
    if outcome is None and judge is not None:
        # The rules' flags must survive whatever the model does.
        outcome = _guard("verify", problems, lambda: stage.flag(document, declaration, checks), None)
    problems.extend(outcome.problems if outcome else ())
    return outcome


def _judge(settings: Settings, problems: list[Problem]) -> Judge | None:
    """Return the model's judge; a model that cannot be had becomes a problem, one that does not exist an error."""
    if settings.model == "off":
        return None
    from assistant import models

    try:
        return models.judge(settings)
    except UsageError:
        raise
    except AssistantError as error:
        problems.append(Problem(stage="model", message=str(error)))
        return None


def _guard(stage: str, problems: list[Problem], run: Callable[[], T], otherwise: T) -> T:
    """Run one stage; what goes wrong becomes a problem, so that the document never looks clean."""
    try:
        return run()
    except AssistantError as error:
        problems.append(Problem(stage=stage, message=str(error)))
    except Exception as error:
        log.debug("stage %s failed", stage, exc_info=True)
        problems.append(
            Problem(stage=stage, message=f"本环节内部出错，未能完成：{type(error).__name__}: {error}")
        )
    return otherwise


def _manifest(
    document: Document, options: Options, started: datetime, seconds: float, outcome: FlagOutcome | None
) -> Manifest:
    from assistant import policy

    corpus = policy.load()
    return Manifest(
        input_sha256=document.sha256,
        package_version=package_version(),
        policy_version=corpus.version,
        rule_version=corpus.rule_version,
        model=options.settings.model,
        prompt_hashes=dict(outcome.prompt_hashes) if outcome else {},
        settings_digest=_settings_digest(options),
        started=started.isoformat(timespec="seconds"),
        seconds=round(seconds, 3),
        tokens=dict(outcome.tokens) if outcome else {},
        calls=tuple(outcome.calls) if outcome else (),
    )


def _settings_digest(options: Options) -> str:
    stated = f"{options.jurisdiction}|{options.tier}|{options.as_of}|{options.settings.digest()}"
    return hashlib.sha256(stated.encode()).hexdigest()[:16]
