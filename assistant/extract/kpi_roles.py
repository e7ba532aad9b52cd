"""What part a quantity plays in its clause: a value before or after, a change, or a level.

Works on one compact sentence. The part is read from the words right before the quantity (提升了近,
缩短至, 达到), between it and the next (``kpi_pairs``), or right after (30%的能耗下降).
"""

from __future__ import annotations

import re
from dataclasses import replace

from assistant.extract.kpi_grammar import (
    ABOUT,
    NAMED_BEHIND,
    PLAIN_TAIL,
    QUICK,
    SHARE_OF,
    TAKT,
    TO_OLD,
    WHOLE,
    WITHIN,
    WORK,
    WORK_DONE,
    WORK_OF,
    clause_left,
    clause_right,
    comparable,
    grammar,
    strip_phrase,
)
from assistant.extract.kpi_lexicon import Head, lexicon
from assistant.extract.kpi_pairs import Pairs
from assistant.extract.kpi_reading import Reading, Verb, about
from assistant.extract.numbers import Quantity

_BARE_TO = re.compile(rf"(?:直?到了?|至|达到?){TO_OLD}{ABOUT}")
_TRAILING_ABOUT = re.compile(rf"{ABOUT}$")
_MORE = re.compile(r"^(?:以上|左右|多)")
# Verbs of arriving that say no direction; 改为, 变为 X% is a value, not a change.
_PLAIN_TURN = {"变", "改", "调整", "控制", "跃"}
# …提高20%以上、产能提升5%: what trails the figure before is no part of this statement.
_JOINED = re.compile(r"(?:以上|左右|以下|以内|之多|上下|不等|有余|多|余)?、")
# 摘要称…, 数据显示…: who says it is no part of the quantity.
_REPORTED = re.compile(r"[^，,。；;\d]{0,14}?(?:称|显示|表明|指出|披露|介绍)(?![为作号职])[:：]?")
_EVERY = re.compile(r"(?:每隔?|平均|只需|仅需|大约|约)(?:约)?$")
_TIMED = {"秒", "分钟", "小时", "秒钟", "分"}


def read_quantities(text: str, quantities: tuple[Quantity, ...]) -> tuple[Reading, ...]:
    """Return one reading a quantity of the compact sentence, in order.

    ``quantities`` are those of ``text`` with dates left out and blotted out of the text.
    """
    pairs = Pairs(text, quantities)
    found: list[Reading] = []
    for index in range(len(quantities)):
        reading = _bare(text, quantities, index)
        found.append(
            _word(reading, text)
            or pairs.read(reading, index)
            or _listed(reading, text, quantities[index - 1] if index else None)
            or _reached(reading)
            or _changed(reading)
            or _changed_behind(reading)
            or _changed_object(reading)
            or _levelled(reading)
            or reading
        )
    return tuple(found)


def _bare(text: str, quantities: tuple[Quantity, ...], index: int) -> Reading:
    """Return the quantity with the words of its clause around it, no part yet."""
    quantity = quantities[index]
    floor = quantities[index - 1].end if index else 0
    ceiling = quantities[index + 1].start if index + 1 < len(quantities) else len(text)
    if tail := _JOINED.match(text, floor, quantity.start) if index else None:
        floor = tail.end()
    begin = clause_left(text, floor, quantity.start)
    if reported := _REPORTED.match(text, begin, quantity.start):
        begin = reported.end()
    tail = PLAIN_TAIL.match(text, quantity.end)
    end = tail.end() if tail else quantity.end
    if text[end - 1] == ")" and "(" not in text[begin : end - 1]:
        end -= 1
    right = text[quantity.end : clause_right(text, quantity.end, ceiling)]
    return Reading(quantity, "none", begin, end, left=text[begin : quantity.start], right=right)


def _word(reading: Reading, text: str) -> Reading | None:
    """翻倍, 减半: the quantity is itself the verb."""
    word = text[reading.quantity.start : reading.quantity.end]
    if word == "减半":
        return about(reading, "change", reading.left, Verb(word, "down"))
    if reading.quantity.kind == "doubling":
        return about(reading, "change", reading.left, Verb(word, "up"))
    return None


def _listed(reading: Reading, text: str, before: Quantity | None) -> Reading | None:
    """分别提升20%和15%: the second figure shares the first one's verb."""
    if before is None or not comparable(before, reading.quantity):
        return None
    between = text[before.end : reading.quantity.start]
    if not grammar().listing.match(between):
        return None
    by_comma = re.match(r"^(?:以上|左右|多)?[，,]", between)
    if by_comma and not re.search(r"分别|依次", text[: reading.quantity.start]):
        return None
    return replace(reading, part="list", start=reading.quantity.start)


def _verb(match: re.Match[str]) -> Verb:
    word = match["verb"] or ""
    return Verb(word, grammar().direction_of(word))


def _reached(reading: Reading) -> Reading | None:
    """提升到, 降至, 缩短为: the value after."""
    if _BARE_TO.fullmatch(reading.left):
        return about(reading, "to", "")
    match = grammar().reach.search(reading.left)
    if match is None or reading.quantity.kind not in {"percent", "times", "plain"}:
        return None
    named = about(reading, "to", reading.left[: match.start()], _verb(match), look_behind=True)
    share = named.head is not None and named.head.kind == "rate"
    turned = "为" in match.group() and match["verb"] not in _PLAIN_TURN
    if turned and reading.quantity.kind == "percent" and not share:
        return replace(named, part="change")  # 平均缩短为29%: of a plain quantity that is the change
    return named


def _changed(reading: Reading) -> Reading | None:
    """提升了近20%, 降幅达5%, 降本12%: the verb stands right before the figure."""
    words, left = grammar(), reading.left
    if match := words.share.search(left):
        verb = _verb(match)
        if not verb.word:
            falls = "降" in match.group() or "减" in match.group()
            verb = Verb("降" if falls else "增", "down" if falls else "up")
        return about(reading, "change", left[: match.start()], verb, look_behind=True)
    if match := words.change.search(left):
        return about(reading, "change", left[: match.start()], _verb(match), look_behind=True)
    if match := words.fused.search(left):
        word = match["verb"]
        made = about(reading, "change", word, _verb(match))
        return replace(made, phrase=word, head=Head(0, len(word), "effect"))
    return None


def _changed_behind(reading: Reading) -> Reading | None:
    """30%以上的效率提升: verb and quantity word stand behind the figure."""
    match = grammar().after.match(reading.right)
    if match is None or reading.quantity.kind == "plain":
        return None
    named = match["object"].rstrip("的")
    if not named and not _MORE.sub("", reading.right).startswith("的"):
        return None
    changed = about(reading, "change", named or reading.left, _verb(match))
    return replace(changed, end=reading.quantity.end + match.end("verb"))


def _changed_object(reading: Reading) -> Reading | None:
    """缩短交付周期30%: the quantity word stands between the verb and the figure."""
    match = grammar().transitive.search(reading.left)
    if match is None:
        return None
    named = strip_phrase(match["object"])
    head = lexicon().head(named)
    if head is None or head.kind == "excluded" or head.end != len(named):
        return None
    return about(reading, "change", match["object"], _verb(match))


def _levelled(reading: Reading) -> Reading | None:
    """达到95%, 设备联网率78%, 95%的设备实现联网: a level."""
    left = reading.left
    if reading.quantity.value == 100 and WHOLE.match(_MORE.sub("", reading.right)):
        return _behind(reading)
    if (quick := _quick(reading)) is not None:
        return quick
    if match := grammar().level.search(left):
        found = about(reading, "level", left[: match.start()], Verb(match.group()))
        telling = found.head is not None and found.head.end == len(found.phrase)
        behind = None if telling and found.head and found.head.kind != "excluded" else _behind(found)
        if behind is not None:
            return behind
        if found.head or reading.quantity.kind in {"percent", "times"}:
            return found
    stripped = strip_phrase(_TRAILING_ABOUT.sub("", left))
    head = lexicon().head(stripped)
    if head is not None and head.end == len(stripped):
        return about(reading, "level", stripped)
    return _behind(reading)


def _quick(reading: Reading) -> Reading | None:
    """10秒内追溯到批次, 换型只需3分钟: how long a piece of work takes."""
    if reading.quantity.unit not in _TIMED:
        return None
    done = WITHIN.match(reading.right) or (QUICK.search(reading.left) and WORK.search(reading.left))
    if not done:
        return None
    timed = about(reading, "level", f"{done['what']}时间", Verb("内"))
    return replace(timed, end=reading.end + done.end()) if done.re is WITHIN else timed


def _behind(reading: Reading) -> Reading | None:
    """Return a level whose quantity word stands behind the figure, None when there is none."""
    quantity, right = reading.quantity, reading.right
    if quantity.kind == "percent":
        return _share_behind(reading)
    if quantity.kind == "plain" and quantity.unit and (match := NAMED_BEHIND.match(right)):
        return about(reading, "level", match["what"], Verb("的"))
    if quantity.unit in _TIMED and TAKT.match(right):
        prompt = right.startswith(("即可", "就", "便", "下线"))
        if prompt or _EVERY.search(reading.left):
            return about(reading, "level", "生产节拍", Verb("每"))
    return None


def _share_behind(reading: Reading) -> Reading | None:
    """100%在线检测, 99%的运输任务, 95%以上的设备实现联网, 98%的合格率."""
    rest = _MORE.sub("", reading.right)
    if reading.quantity.value == 100 and (match := WHOLE.match(rest)):
        return about(reading, "level", match["what"], Verb("100%"))
    worked = WORK_OF.match(reading.right) if WORK_DONE.search(reading.left) else None
    if match := worked or SHARE_OF.match(reading.right):
        return about(reading, "level", match["what"] + "占比", Verb("share"))
    if rest.startswith("的"):
        named = re.split(r"[、和与及的]", rest[1:])[0]
        head = lexicon().head(named)
        if head is not None and head.kind in {"rate", "plain_rate", "precision"}:
            return about(reading, "level", named[: head.end], Verb("的"))
    return None
