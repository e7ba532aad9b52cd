"""What the readers of headings, tables, lists and prose hand to one another: anchors."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from assistant.extract.scene_status import State
from assistant.extract.sentences import Piece

Source = Literal["heading", "row", "list", "mention", "number", "prose"]


@dataclass(frozen=True, slots=True)
class Anchor:
    """A place where a scene is named or plainly meant.

    Attributes:
        source: how it was found; headings and rows bring their own section.
        start: offsets of the name as written (with ``end``).
        activities: what the name may mean, the main meaning first.
        numbers: the scenes when the name says so itself (scene numbers), else empty.
        body: the stretch that describes the scene, None when it is merely named.
        state: what the text says about it.
        sure: the name is a catalogue's own, so no further support is needed.
        uses_ai: what a column of a table says about AI, None when there is none.
        ai_at: where it says so.
    """

    source: Source
    start: int
    end: int
    activities: tuple[int, ...]
    body: Piece | None
    state: State
    sure: bool = True
    numbers: tuple[int, ...] = ()
    uses_ai: bool | None = None
    ai_at: Piece | None = None
