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
from typing import TYPE_CHECKING, Protocol, TypeVar

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
    from assistant.models.part import ModelPart
    from assistant.models.rehearsal import Forecast
    from assistant.verify import FlagOutcome
    from assistant.verify.tasks import Shortlist

T = TypeVar("T")
Case = tuple[Document, Declaration, CheckReport]
# In standard deviations among the scenes of a catalogue, with and without vectors: company profiles stay below.
_NEAR_SCENE, _NEAR_BY_WORDS = 4.5, 3.0
log = logging.getLogger("assistant")


@dataclass(frozen=True)
class Options:
    """What the user states about a submission; None is read from the document.

    ``suggest`` lets the model word suggestions to the enterprise, ``map_scenes`` lets it propose scenes for
    free prose; both only add flags, cost time, and need a model.
    """

    jurisdiction: str | None = None
    tier: Tier | None = None
    as_of: date | None = None
    settings: Settings = field(default_factory=Settings.from_env)
    suggest: bool = False
    map_scenes: bool = False


@dataclass(frozen=True)
class Outcome:
    """A review and the document it is about (the reports quote and highlight the text)."""

    review: Review
    document: Document


class Watcher(Protocol):
    """Who is told how a model run goes; a run takes minutes."""

    def starts(self, forecast: Forecast) -> None:
        """Take what the run will ask at most, before anything is asked."""

    def step(self, prompt: str, done: int, total: int) -> None:
        """Take how many things of a task are done."""

    def ends(self, outcome: FlagOutcome) -> None:
        """Take what came of it."""


def package_version() -> str:
    """Return the installed version, or ``0`` when run from a bare checkout."""
    try:
        return version("smart-factory-assistant")
    except PackageNotFoundError:
        return "0"


def review(source: Path, options: Options | None = None, watcher: Watcher | None = None) -> Outcome:
    """Read, extract, check and flag one declaration.

    Raises:
        InputError: the file cannot be read at all.
        UsageError: there is no such model. Whatever else goes wrong becomes a problem of its stage.
    """
    from assistant import ingest

    options = options or Options()
    started, clock = datetime.now(UTC), time.perf_counter()
    unavailable: list[Problem] = []
    part = _model_part(options.settings, unavailable, watcher)
    document = ingest.read(source, settings=options.settings)
    problems: list[Problem] = [*document.problems, *unavailable]
    declaration = _guard("extract", problems, lambda: _extract(document, options), Declaration())
    checks = check_declaration(declaration, options)
    case = (document, declaration, checks)
    if part and watcher:
        rehearsed = _guard("model", problems, lambda: _rehearsed(case, options)[0], None)
        if rehearsed:
            watcher.starts(rehearsed)
    outcome = _flag(case, part, options, problems)
    if part and watcher and outcome:
        watcher.ends(outcome)
    manifest = _manifest(document, options, started, time.perf_counter() - clock, outcome)
    flags: tuple[Flag, ...] = outcome.flags if outcome else ()
    return Outcome(
        Review(
            declaration=declaration, checks=checks, flags=flags, problems=tuple(problems), manifest=manifest
        ),
        document,
    )


def forecast(source: Path, options: Options) -> tuple[Forecast, tuple[Problem, ...]]:
    """Return what a model would be asked at most about a declaration, and what speaks against asking.

    Nothing is sent and nothing is loaded.

    Raises:
        InputError: the file cannot be read. UsageError: there is no such model, or it is off.
        UnavailableError: a key, an address or an extra is missing.
    """
    from assistant import ingest

    document = ingest.read(source, settings=options.settings)
    declaration = _extract(document, options)
    return _rehearsed((document, declaration, check_declaration(declaration, options)), options)


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
    from assistant.index import scenes_near

    stated = Application(jurisdiction=options.jurisdiction, tier=options.tier)
    return stage.extract(
        document, application=stated, as_of=options.as_of, with_text=with_text, nearness=scenes_near
    )


def _flag(
    case: Case, part: ModelPart | None, options: Options, problems: list[Problem]
) -> FlagOutcome | None:
    from assistant import verify as stage

    outcome = None
    if part is not None:
        outcome = _guard("verify", problems, lambda: _flag_with(case, part, options, problems), None)
    if outcome is None:
        # The rules' flags must survive whatever the model does.
        outcome = _guard("verify", problems, lambda: stage.flag(*case), None)
    problems.extend(outcome.problems if outcome else ())
    return outcome


def _flag_with(case: Case, part: ModelPart, options: Options, problems: list[Problem]) -> FlagOutcome:
    from assistant import verify as stage

    document, _, checks = case
    part.protect(document.text)
    shortlist: Shortlist | None = None
    if options.map_scenes:
        catalog = checks.policy.catalog or "2025"
        shortlist = _guard("index", problems, lambda: _shortlist(catalog, options.settings), None)
    extras = stage.Extras(part.writer, options.suggest, shortlist)
    return stage.flag(*case, judge=part.judge, extras=extras)


def _shortlist(catalog: str, settings: Settings) -> Shortlist:
    """Return retrieval over the catalogue: the scenes that a passage may speak of, likeliest first."""
    from assistant import index
    from assistant.index.searching import SceneSearcher

    searcher = index.searcher(f"scenes-{catalog}", settings)
    by_words = isinstance(searcher, SceneSearcher) and searcher.space.dense is None
    nearest = _NEAR_BY_WORDS if by_words else _NEAR_SCENE

    def near(passage: str) -> tuple[tuple[int, float], ...]:
        hits = searcher.search(passage, 5)["hits"]
        found = tuple((hit["scene"], hit["score"]) for hit in hits if hit["scene"] is not None)
        return found if found and found[0][1] >= nearest else ()

    return near


def _rehearsed(case: Case, options: Options) -> tuple[Forecast, tuple[Problem, ...]]:
    from assistant import models

    part = models.reviewer(options.settings, dry=True)
    counted = part.forecast() if part else None
    if part is None or counted is None:
        raise UsageError("没有选模型，无可预估", "请加 --model embedded 或 厂商:模型名")
    problems: list[Problem] = []
    outcome = _flag_with(case, part, options, problems)
    counted = part.forecast() or counted
    # Only what keeps anything from being asked: a rehearsal's answers are none.
    refused = () if counted.tasks else outcome.problems
    return counted, (*problems, *refused)


def _model_part(settings: Settings, problems: list[Problem], watcher: Watcher | None) -> ModelPart | None:
    """Return the model's part; one that cannot be had becomes a problem, one that does not exist an error."""
    if settings.model == "off":
        return None
    from assistant import models

    try:
        return models.reviewer(settings, watcher.step if watcher else None)
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
    stated += "|suggest" * options.suggest + "|map" * options.map_scenes
    return hashlib.sha256(stated.encode()).hexdigest()[:16]
