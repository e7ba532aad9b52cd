"""A model proposes a catalogue scene for prose that the rules read no scene from.

A proposal is a flag with the quote it stands on, for a person to look at. It never enters the record, so it
changes no count and no check.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from assistant.document import Block
from assistant.models.answers import SceneMatch
from assistant.policy.model import CatalogScene
from assistant.records import SceneClaim
from assistant.verify.added import Added, bare, is_plan, locate
from assistant.verify.case import DOCUMENT, Case, Draft, overlaps, scene_ref
from assistant.verify.instructions import without_instructions
from assistant.verify.passages import has_plan
from assistant.verify.tasks import Shortlist, Writer

#: So many passages are read in one review, those nearest to a scene first.
MOST_PASSAGES = 12
# Retrieval ranks better than a small model chooses: it gets the first scene, and the second where they are close.
_CANDIDATES, _CLOSE = 2, 1.0
_SHORTEST, _LONGEST = 30, 800
_SHOWN, _SENTENCE = 60, 15
_PROSE = ("paragraph", "list_item", "table_row", "textbox")


@dataclass(frozen=True)
class Asked:
    """A paragraph, the scenes that come into question (number to description), and how like the first is."""

    block: Block
    passage: str
    listed: Mapping[int, str]
    likeness: float


def mapping_flags(case: Case, writer: Writer, shortlist: Shortlist) -> Added:
    """Return the scenes that the model proposes for paragraphs in which no scene was read."""
    out = Added()
    catalog = {scene.number: scene for scene in case.catalog.scenes}
    # The likeliest first; those left out are named.
    near = sorted(_near(case, shortlist, catalog), key=lambda a: (-a.likeness, a.block.start))
    asked = sorted(near[:MOST_PASSAGES], key=lambda a: a.block.start)
    answers = writer.scenes([(one.listed, one.passage) for one in asked])
    failed = [(a.passage, answer.problem) for a, answer in zip(asked, answers, strict=True) if answer.problem]
    failed += [(one.passage, f"一次只读{MOST_PASSAGES}段") for one in near[MOST_PASSAGES:]]
    out.report("对应场景", len(near), failed)
    for one, answer in zip(asked, answers, strict=True):
        matches = [m for m in answer.value.scenes if m.number in one.listed] if answer.value else []
        out.drafts += _drafts(case, one.block, matches, catalog, writer.author)
    return out


def _near(case: Case, shortlist: Shortlist, catalog: Mapping[int, CatalogScene]) -> Iterator[Asked]:
    """Yield the free paragraphs that come near a scene's business."""
    text = without_instructions(case.document.text)
    for block in _free_prose(case):
        passage = text[block.start : block.end]
        found = [(n, likeness) for n, likeness in shortlist(passage) if n in catalog]
        if found:
            close = [n for n, likeness in found[:_CANDIDATES] if likeness >= found[0][1] - _CLOSE]
            listed = {n: _described(catalog[n]) for n in close}
            yield Asked(block, passage, listed, found[0][1])


def _described(scene: CatalogScene) -> str:
    """Return a scene's name with the beginning of its description."""
    words = " ".join(scene.text.split()).removeprefix(scene.name).lstrip("：:。 ")
    return f"{scene.name}：{words[:_SHOWN]}"


def _free_prose(case: Case) -> Iterator[Block]:
    """Yield the paragraphs that do not only plan and belong to no scene, planned ones included."""
    taken = [span for scene in case.declaration.scenes or () for span in scene.spans]
    text = case.document.text
    for block in case.document.blocks:
        size = block.end - block.start
        if block.kind not in _PROSE or not _SHORTEST <= size <= _LONGEST:
            continue
        if block.header_row or not _tells(text[block.start : block.end]):
            continue
        if not overlaps(case.document.span(block.start, block.end), taken):
            yield block


def _tells(text: str) -> bool:
    """Return whether a sentence, or a cell long enough to be one, tells of what is, not of a plan."""
    parts = re.split(r"[。！？；;\n\t]", text)
    return any(len(part) >= _SENTENCE and not has_plan(part) for part in parts)


def _drafts(
    case: Case,
    block: Block,
    matches: Sequence[SceneMatch],
    catalog: Mapping[int, CatalogScene],
    author: str,
) -> Iterator[Draft]:
    claimed = {s.number: (i, s) for i, s in enumerate(case.declaration.scenes or ())}
    for match in {m.number: m for m in matches}.values():
        span = locate(case.document, match.quote, [(block.start, block.end)])
        if span is None or len(span.quote) < _SHORTEST // 2:
            continue  # without its quote a proposal is nothing
        if is_plan(case, span):
            continue
        name = catalog[match.number].name
        index, scene = claimed.get(match.number, (None, None))
        if scene is not None and scene.strength == "evidenced" and not scene.plan:
            continue  # the record has it already, with evidence
        yield Draft(
            "weak_scene",
            "low",
            _message(match.number, name, scene),
            f"如确为该场景，请以目录名称“{name}”为小标题，写明系统、技术和成效；是否计入由评审人员认定。",
            DOCUMENT if index is None else scene_ref(index),
            (span,),
            (),
            author,
        )


def _message(number: int, name: str, scene: SceneClaim | None) -> str:
    if scene is None:
        return f"模型认为这段文字描述的可能是目录中的“{bare(name)}”（第{number}项），申报书没有按该场景列出，未计入检查。"
    what = "只列为计划" if scene.plan else "只提到名称"
    return f"“{bare(name)}”（第{number}项）在别处{what}，模型认为这段文字可能是它的依据。"
