"""What part a quantity plays in its clause: the value before, the value after, a change, or a level.

Works on one compact sentence. The part is read from the words right before the quantity (提升了近,
缩短至, 达到), between it and the next (由4小时缩短到40分钟), or right after (30%的能耗下降).
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import Literal

from assistant.extract.kpi_grammar import (
    ABOUT,
    ADVERB,
    FROM,
    NOW,
    PAST,
    PLAIN_TAIL,
    SHARE_OF,
    TAKT,
    TO_OLD,
    WORK_DONE,
    WORK_OF,
    NAMED_BEHIND,
    WHOLE,
    after_past,
    clause_left,
    clause_right,
    comparable,
    grammar,
    strip_phrase,
)
from assistant.extract.kpi_lexicon import Direction, Head, lexicon
from assistant.extract.numbers import Quantity

Part = Literal["base", "to", "former", "change", "level", "list", "none"]


@dataclass(frozen=True, slots=True)
class Reading:
    """One quantity in its clause.

    ``phrase`` is the noun phrase it is about (may be empty) and ``head`` its quantity word; ``own`` says
    that the phrase stands in the quantity's own clause. ``start``/``end`` bound the statement.
    """

    quantity: Quantity
    part: Part
    start: int
    end: int
    phrase: str = ""
    head: Head | None = None
    direction: Direction | None = None
    verb: str = ""
    left: str = ""


class SentenceReader:
    """Reads the quantities of one compact sentence.

    Args:
        text: the sentence, compact.
        quantities: its quantities in order, dates already left out.
    """

    def __init__(self, text: str, quantities: tuple[Quantity, ...]) -> None:
        self.text = text
        self.quantities = quantities
        self.grammar = grammar()
        self.lexicon = lexicon()
        # Quantities that a value before has already claimed as its value after.
        self.claimed: set[int] = set()
        # Those that a value after has claimed as its value before (只需2小时，而过去要3天).
        self.former: set[int] = set()

    def readings(self) -> tuple[Reading, ...]:
        """Return one reading a quantity, in order."""
        return tuple(self._read(index) for index in range(len(self.quantities)))

    def _bounds(self, index: int) -> tuple[int, int]:
        floor = self.quantities[index - 1].end if index else 0
        after = self.quantities[index + 1].start if index + 1 < len(self.quantities) else len(self.text)
        return floor, after

    def _read(self, index: int) -> Reading:
        quantity = self.quantities[index]
        floor, after = self._bounds(index)
        begin = clause_left(self.text, floor, quantity.start)
        left = self.text[begin : quantity.start]
        tail = PLAIN_TAIL.match(self.text, quantity.end)
        end = tail.end() if tail else quantity.end
        if self.text[end - 1 : end] == ")" and "(" not in self.text[begin : end - 1]:
            end -= 1
        right = self.text[quantity.end : clause_right(self.text, quantity.end, after)]
        reading = Reading(quantity, "none", begin, end, left=left)
        return (
            self._word(reading)
            or self._claimed(reading, index, right)
            or self._now_first(reading, index)
            or self._baseline(reading, index)
            or self._listed(reading, index)
            or self._changed(reading, right)
            or self._levelled(reading, right)
            or reading
        )

    def _word(self, reading: Reading) -> Reading | None:
        """翻倍, 减半: the quantity is itself the verb."""
        quantity = reading.quantity
        word = self.text[quantity.start : quantity.end]
        if quantity.kind == "doubling" or word == "减半":
            return self._about(reading, "change", reading.left, "up" if word != "减半" else "down", word)
        return None

    def _claimed(self, reading: Reading, index: int, right: str) -> Reading | None:
        """Read the value after of a pair that the value before has found."""
        if index not in self.claimed:
            return None
        match = self.grammar.reach.search(reading.left)
        named = reading.left[: match.start()] if match else ""
        direction = self._direction(match) if match else None
        return self._about(reading, "to", named, direction, match["verb"] if match else "", right)

    def _baseline(self, reading: Reading, index: int) -> Reading | None:
        """由A降至B: decided by the words between this quantity and the next."""
        if index + 1 == len(self.quantities):
            return None
        if FROM.search(reading.left) and self._reaches_later(index):
            return self._about(reading, "base", FROM.sub("", reading.left), None, "")
        following = self.quantities[index + 1]
        between = self.text[reading.quantity.end : following.start]
        if re.search(r"[。；;]", between) or not comparable(reading.quantity, following):
            return None
        marked = FROM.search(reading.left)
        phrase = reading.left[: marked.start()] if marked else reading.left
        arrow = self.grammar.arrow.match(between)
        if arrow and (marked or not self.grammar.change.search(reading.left)):
            self.claimed.add(index + 1)
            return self._about(reading, "base", after_past(phrase), None, "")
        if marked and self.grammar.bare_to.match(between):
            self.claimed.add(index + 1)
            return self._about(reading, "base", phrase, None, "")
        now = re.split(r"[，,；;]", between)[-1]
        crossed = len(between) <= 40 and re.search(r"[，,；;]", between)
        if (
            crossed
            and PAST.search(self._before(reading))
            and (NOW.search(now) or NOW.search(self.text[following.end :][:4]))
        ):
            self.claimed.add(index + 1)
            return self._about(reading, "base", after_past(phrase), None, "")
        return None

    def _now_first(self, reading: Reading, index: int) -> Reading | None:
        """现在只需2小时，而过去要3天: the value after is said first."""
        if index in self.former:
            return replace(reading, part="former")
        if index + 1 == len(self.quantities):
            return None
        following = self.quantities[index + 1]
        between = self.text[reading.quantity.end : following.start]
        clauses = re.split(r"[，,；;]", between)
        if len(clauses) != 2 or len(between) > 24 or "。" in between:
            return None
        fits = comparable(reading.quantity, following) and reading.quantity.unit is not None
        if not (
            fits
            and re.match(r"而?(?:在)?(?:过去|以前|以往|此前|之前|原来|原先|传统|改造前|人工)", clauses[1])
        ):
            return None
        timed = self.grammar.only.search(reading.left) or NOW.search(reading.left)
        if not timed or self.grammar.change.search(reading.left):
            return None
        self.former.add(index + 1)
        return self._about(reading, "to", self.grammar.only.sub("", reading.left), None, "")

    def _before(self, reading: Reading) -> str:
        """Return the words before a quantity back to the last full stop or semicolon, at most 30."""
        start = reading.quantity.start
        return re.split(r"[。；;]", self.text[max(start - 30, 0) : start])[-1]

    def _reaches_later(self, index: int) -> bool:
        """由65%提升了20个百分点至85%: the value after stands behind the change."""
        if index + 2 >= len(self.quantities):
            return False
        middle, last = self.quantities[index + 1], self.quantities[index + 2]
        between = self.text[middle.end : last.start]
        return (
            re.fullmatch(
                r"[，,]?(?:以上)?(?:提升|提高|增加|降低|下降|缩短|减少|达|升|降)?(?:到了?|至|达到)\w{0,3}",
                between,
            )
            is not None
        )

    def _listed(self, reading: Reading, index: int) -> Reading | None:
        """分别提升20%和15%: the second figure shares the first one's verb."""
        if not index:
            return None
        before = self.quantities[index - 1]
        between = self.text[before.end : reading.quantity.start]
        if self.grammar.listing.match(between) and comparable(before, reading.quantity):
            if re.match(r"^(?:以上|左右|多)?[，,]", between) and not self._distributes(index):
                return None
            return Reading(reading.quantity, "list", reading.quantity.start, reading.end, left=reading.left)
        return None

    def _distributes(self, index: int) -> bool:
        return re.search(r"分别|依次", self.text[: self.quantities[index].start]) is not None

    def _changed(self, reading: Reading, right: str) -> Reading | None:
        left, grammar = reading.left, self.grammar
        quantity = reading.quantity
        if reach := grammar.reach.search(left):
            named = self._about(
                reading, "to", left[: reach.start()], self._direction(reach), reach["verb"], right
            )
            # 平均缩短为29%: of a plain quantity that is the change.
            if (
                "为" in reach.group()
                and quantity.kind == "percent"
                and reach["verb"] not in {"变", "改", "调整", "控制", "跃"}
                and not (named.head and named.head.kind == "rate")
            ):
                named = replace(named, part="change")
            if quantity.kind in {"percent", "times", "plain"}:
                return named
        if re.fullmatch(rf"(?:直?到了?|至|达到?){TO_OLD}{ABOUT}", left):
            return self._about(reading, "to", "", None, "")
        for pattern in (grammar.share, grammar.change, grammar.fused):
            if match := pattern.search(left):
                verb = match["verb"] or ("降" if "降" in match.group() or "减" in match.group() else "")
                if pattern is grammar.fused:
                    made = self._about(reading, "change", verb, self._direction(match), verb)
                    return replace(made, phrase=verb, head=Head(0, len(verb), "effect"))
                if pattern is grammar.share and not verb and "比例" in match.group():
                    continue
                direction = self._direction(match) or (
                    "down" if verb == "降" else "up" if "增" in match.group() else None
                )
                return self._about(reading, "change", left[: match.start()], direction, verb, right)
        return self._noun_change(reading, right) or self._object_change(reading)

    def _noun_change(self, reading: Reading, right: str) -> Reading | None:
        """30%以上的效率提升: verb and quantity word stand behind the figure."""
        match = self.grammar.after.match(right)
        if match is None or reading.quantity.kind == "plain":
            return None
        named = match["object"].rstrip("的")
        if not named and not right.lstrip("以上左右多").startswith("的"):
            return None
        changed = self._about(reading, "change", named or reading.left, self._direction(match), match["verb"])
        stop = reading.quantity.end + match.end("verb")
        return Reading(
            changed.quantity,
            "change",
            reading.start,
            stop,
            changed.phrase,
            changed.head,
            changed.direction,
            changed.verb,
            reading.left,
        )

    def _object_change(self, reading: Reading) -> Reading | None:
        """缩短交付周期30%: the quantity word stands between the verb and the figure."""
        match = self.grammar.transitive.search(reading.left)
        if match is None:
            return None
        named = match["object"]
        head = self.lexicon.head(strip_phrase(named))
        if head is None or head.kind == "excluded" or head.end != len(strip_phrase(named)):
            return None
        if self.grammar.level.search(named) and head.kind == "rate":
            return None
        return self._about(reading, "change", named, self._direction(match), match["verb"])

    def _levelled(self, reading: Reading, right: str) -> Reading | None:
        left = reading.left
        if match := self.grammar.level.search(left):
            named = left[: match.start()]
            found = self._about(reading, "level", named, None, match.group())
            if found.head or reading.quantity.kind in {"percent", "times"}:
                return self._behind(found, right) or found
        stripped = strip_phrase(re.sub(rf"{ABOUT}$", "", left))
        head = self.lexicon.head(stripped)
        if head and head.end == len(stripped):
            return self._about(reading, "level", stripped, None, "")
        return self._behind(reading, right)

    def _behind(self, reading: Reading, right: str) -> Reading | None:
        """95%以上的设备实现联网, 100%在线检测, 每52秒一台下线: the quantity word stands behind the figure."""
        quantity = reading.quantity
        if reading.head is not None and reading.head.kind != "excluded":
            return None
        if quantity.kind == "percent":
            rest = re.sub(r"^(?:以上|左右|多)", "", right)
            if quantity.value == 100 and (match := WHOLE.match(rest)):
                return self._about(reading, "level", match["what"], None, "100%")
            if WORK_DONE.search(reading.left) and (match := WORK_OF.match(right)):
                return self._about(reading, "level", match["what"] + "占比", None, "share")
            if match := SHARE_OF.match(right):
                return self._about(reading, "level", match["what"] + "占比", None, "share")
            if rest.startswith("的"):
                named = re.split(r"[、和与及的]", rest[1:])[0]
                head = self.lexicon.head(named)
                if head and head.kind in {"rate", "plain_rate", "precision"}:
                    return self._about(reading, "level", named[: head.end], None, "的")
        elif quantity.kind == "plain" and quantity.unit and (match := NAMED_BEHIND.match(right)):
            return self._about(reading, "level", match["what"], None, "的")
        timed = quantity.unit in {"秒", "分钟", "小时", "秒钟", "分"}
        if (
            timed
            and TAKT.match(right)
            and (
                re.search(r"(?:每隔?|平均|只需|仅需|大约|约)(?:约)?$", reading.left)
                or right.startswith(("即可", "就", "便", "下线"))
            )
        ):
            return self._about(reading, "level", "生产节拍", None, "每")
        return None

    def _direction(self, match: re.Match[str]) -> Direction | None:
        return self.lexicon.direction_of(match["verb"]) if match["verb"] else None

    def _about(
        self,
        reading: Reading,
        part: Part,
        phrase: str,
        direction: Direction | None,
        verb: str,
        right: str = "",
    ) -> Reading:
        """Return the reading with its noun phrase; 节省了30%的采购时间 names it behind the figure."""
        named = strip_phrase(phrase)
        head = self.lexicon.head(named)
        if head is None and (compared := self.lexicon.head(ADVERB.sub("", phrase))):
            # 比人工检测效率高出10倍: what is compared is named inside the comparison.
            if compared.kind in {"plain_rate", "time", "cost", "rate", "precision", "burden"}:
                named, head = phrase[: compared.end], compared
        end = reading.end
        if right and (head is None or head.end < len(named)):
            match = re.match(r"^(?:以上|左右|多)?的(?P<named>[^，,。；;、\d]{2,14})", right)
            behind = self.lexicon.head(match["named"]) if match else None
            if match and behind and behind.kind != "excluded":
                named, head = match["named"][: behind.end], behind
                end = max(end, reading.quantity.end + match.start("named") + behind.end)
        return Reading(reading.quantity, part, reading.start, end, named, head, direction, verb, reading.left)
