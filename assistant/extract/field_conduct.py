"""Accidents and credit of the last three years, as far as the statements bear.

未发生安全生产事故 says 无. 未发生较大及以上事故 leaves 一般 open, 发生一起安全事故 names no grade: both are
bounds (``conduct_claims``), no values. Promises (确保不发生) and requirements say nothing.
"""

from __future__ import annotations

import re
from dataclasses import replace

from assistant.extract import conduct_terms as terms
from assistant.extract.conduct_claims import Bound, Claim, note_claims
from assistant.extract.field_found import Place
from assistant.extract.field_notes import Notes, is_other, is_requirement, yes_or_no
from assistant.extract.field_pairs import Pair
from assistant.extract.field_period import is_long_ago, is_recent
from assistant.extract.field_text import Clause, fold

SAFETY, ENVIRONMENT, FATAL = (
    "conduct.safety_accident",
    "conduct.environment_accident",
    "conduct.fatal_accident",
)
_SEGMENT = re.compile(r"(?:[^、和及且]|[、和及且](?!(?:均|也|亦)?(?:无|未|没有|不存在)))+")


def read_conduct(notes: Notes) -> None:
    """Note the conduct fields."""
    claims = [claim for pair in notes.pairs for claim in _answered(notes, pair)]
    for sentence in notes.reading.sentences:
        if is_requirement(sentence.text):
            continue
        claims += _admissions(notes, sentence)
        for clause in sentence.clauses():
            claims += _clause_claims(notes, sentence, clause)
    note_claims(notes, claims)


def _clause_claims(notes: Notes, sentence: Clause, clause: Clause) -> list[Claim]:
    if is_other(clause.text) or re.search("是否|有无|有没有", clause.text):
        return []
    found: list[Claim] = []
    for match in _SEGMENT.finditer(clause.text):
        segment = Clause(clause.passage, clause.start + match.start(), clause.start + match.end())
        if terms.DOUBLE.search(segment.text):
            notes.doubt("conduct", segment.place(), "双重否定，无法确定含义")
            continue
        found += _accidents(notes, sentence, segment)
        found += _records(notes, sentence, segment)
    return found


def _denial(text: str, topic: re.Match[str]) -> int | None:
    """Return where the denial begins that governs a topic of a segment, None when it is not denied.

    A denial behind the topic (重大及以上安全事故为零) governs all that stands before it.
    """
    before = terms.DENIAL.search(text, 0, topic.end())
    if before:
        return before.start()
    return 0 if terms.DENIED_AFTER.match(text[topic.end() :]) else None


def _accidents(notes: Notes, sentence: Clause, segment: Clause) -> list[Claim]:
    text = segment.text
    topic = terms.ACCIDENT.search(text)
    if topic is None and _nobody_died(sentence, segment):
        return [Claim(FATAL, False, segment.place(), Place.PROSE)]
    denial = _denial(text, topic) if topic else None
    if topic is None or denial is None or terms.PROMISE.search(text) or "其他" in text or "其它" in text:
        return []
    if re.search(
        r"(?:确保|保证|力争|争取|目标|努力|防止)[^。;]*$", sentence.text[: segment.start - sentence.start]
    ):
        return []
    if terms.SHORT_PERIOD.search(sentence.text) and not terms.LONG_PERIOD.search(sentence.text):
        notes.doubt("conduct", segment.place(), "说的不是近三年")
        return []
    return _denied_accidents(sentence, segment, denial)


def _nobody_died(sentence: Clause, segment: Clause) -> bool:
    """近三年未发生较大及以上事故，无人员死亡: said of all accidents of the period, not of a single one."""
    before = sentence.text[: segment.start - sentence.start]
    return (
        terms.NO_ONE_DIED.search(segment.text) is not None
        and not terms.PROMISE.search(sentence.text)
        and terms.LONG_PERIOD.search(before + segment.text) is not None
        and not terms.HAPPENED.search(sentence.text)
    )


def _denied_accidents(sentence: Clause, segment: Clause, start: int) -> list[Claim]:
    text = terms.OTHER_SAFETY.sub(lambda m: "　" * len(m.group()), segment.text)
    where, ceiling = segment.place(start), _ceiling(text[start:])
    if reserved := terms.RESERVED.search(sentence.text[: segment.start - sentence.start]):
        where, ceiling = (sentence.place(reserved.start())[0], where[1]), "一般"
    others = terms.DEADLY.sub("", text)
    if others != text and not re.search(r"事故|以上", others):
        return [Claim(FATAL, False, where, Place.PROSE)]
    safety, environment = terms.SAFETY.search(text), terms.ENVIRONMENT.search(text)
    if not safety and not environment:
        general = terms.LONG_PERIOD.search(sentence.text) and not terms.QUALITY_ONLY.search(text)
        if text != segment.text or not general:
            return []
        safety = environment = terms.ACCIDENT.search(text)
    found = []
    fatal_only = terms.FATAL.search(text) and not re.search(r"安全|生产|以上|环|安环", text)
    for leaf, named in ((SAFETY, safety and not fatal_only), (ENVIRONMENT, environment)):
        if named:
            found.append(Claim(leaf, ceiling, where, Place.PROSE, bound=_open(ceiling)))
    if terms.FATAL.search(text) or (safety and ceiling == "无"):
        found.append(Claim(FATAL, False, where, Place.PROSE))
    return found


def _ceiling(text: str) -> str:
    """Return the gravest accident that a denial leaves open (无 when it leaves none)."""
    if terms.RESERVED.search(text):
        return "一般"
    levels = []
    for match in terms.FLOOR.finditer(text):
        word = (match["level"] or match["bare"]).replace("特大", "特别重大")
        levels.append(terms.SEVERITY.index(word))
    return terms.SEVERITY[min(levels) - 1] if levels else "无"


def _open(ceiling: str) -> Bound | None:
    return None if ceiling == "无" else "at_most"


def _admissions(notes: Notes, sentence: Clause) -> list[Claim]:
    """发生一起一般安全事故，造成1人死亡: what the applicant admits."""
    found: list[Claim] = []
    text = sentence.text
    for match in terms.HAPPENED.finditer(text):
        before = text[max(0, match.start() - 10) : match.start()]
        if re.search(r"(?:未|没有|不|无|从未|防止|避免|减少|零)[^,。;]{0,5}$", before) or is_other(before):
            continue
        until = text[: match.end()]
        if is_long_ago(notes, until) or (_long_ago(text, match) and not is_recent(notes, until)):
            notes.doubt("conduct", sentence.place(*match.span()), "写明的事故不在近三年内")
            continue
        if terms.HYPOTHETICAL.search(before) or re.search(r"预警|预案|演练|同行|行业内", text):
            continue
        found += _admitted(sentence, match)
    return found


def _long_ago(text: str, match: re.Match[str]) -> bool:
    """2015年发生一起较大事故，……近三年未发生安全事故: dated, and told apart from the last three years."""
    dated = re.search(r"(?:19|20)\d\d年[^。；;]{0,40}$", text[: match.end()])
    since = terms.LONG_PERIOD.search(text, match.end())
    return bool(dated and since and terms.DENIAL.search(text, since.end()))


def _admitted(sentence: Clause, match: re.Match[str]) -> list[Claim]:
    text, words = sentence.text, match.group()
    level = _gravest(words)
    where = sentence.place(*match.span())
    found = []
    plain = terms.OTHER_SAFETY.sub("", words)
    environment = bool(terms.ENVIRONMENT.search(plain)) and "安环" not in plain
    if environment:
        found.append(_happened(Claim(ENVIRONMENT, level, where, Place.PROSE)))
    elif plain == words and not re.search(r"质量事故|设备事故|交通事故", words):
        found.append(_happened(Claim(SAFETY, level, where, Place.PROSE)))
    if found and (died := terms.DIED.search(text)) and not terms.NO_ONE_DIED.search(text):
        found.append(Claim(FATAL, True, sentence.place(*died.span()), Place.PROSE, adverse=True))
    elif found and (none := terms.NO_ONE_DIED.search(text)):
        found.append(Claim(FATAL, False, sentence.place(*none.span()), Place.PROSE))
    return found


def _happened(claim: Claim) -> Claim:
    """An accident without a grade is 一般 at the least."""
    if claim.value is None:
        return replace(claim, value="一般", adverse=True, bound="at_least")
    return replace(claim, adverse=True)


def _records(notes: Notes, sentence: Clause, segment: Clause) -> list[Claim]:
    """Credit, violations and taxes in one segment of a clause."""
    text = segment.text
    if re.search(r"确保|力争|争取|防止|避免|不得|严禁", text) or terms.CONDITION.search(text):
        return []
    found = []
    for leaf, topic, admitted in terms.TOPICS:
        match = topic.search(text)
        denial = _denial(text, match) if match else None
        where = segment.place(denial or 0)
        if denial is not None:
            found += _denied(Claim(leaf, False, where, Place.PROSE), text)
        elif _admits(admitted.search(text), text) and not re.search(r"未|没有|不存在|无", text):
            until = sentence.text[: segment.end - sentence.start]
            if is_long_ago(notes, until):
                notes.doubt(leaf, sentence.place(), "写明的情况不在近三年内")
            elif terms.TAKEN_OFF.search(sentence.text) and not is_recent(notes, until):
                notes.doubt(leaf, sentence.place(), "曾被列入、现已移出，没有写明是否在近三年内，请人工判断")
            else:
                found.append(Claim(leaf, True, where, Place.PROSE, adverse=True))
    found += _implied(sentence, segment, {claim.leaf: claim for claim in found})
    return found


def _admits(match: re.Match[str] | None, text: str) -> bool:
    """法定代表人被列为失信被执行人 is said of a person, not of the enterprise."""
    return match is not None and terms.PERSON.search(text[: match.start()]) is None


def _denied(claim: Claim, text: str) -> list[Claim]:
    """无重大违法违规行为 leaves lesser ones open, 未受到环保处罚 others; 严重失信主体名单 is just the list's name."""
    if claim.leaf in ("conduct.dishonest_list", "conduct.abnormal_list") or "事故" in text:
        return [claim]
    if claim.leaf == "conduct.violations" and terms.PARTIAL.search(text):
        return []
    if terms.QUALIFIED.search(text):
        return [replace(claim, value=True, bound="at_most")]
    return [claim]


def _implied(sentence: Clause, segment: Clause, found: dict[str, Claim]) -> list[Claim]:
    """What a statement entails: no violation at all means no tax violation either, and so on."""
    text, implied = segment.text, []
    violations = found.get("conduct.violations")
    if violations and violations.value is False and "conduct.tax_violation" not in found:
        implied.append(Claim("conduct.tax_violation", False, violations.where, Place.HINT))
    credit = terms.GOOD_CREDIT.search(text)
    if credit and "conduct.dishonest_list" not in found:
        implied.append(Claim("conduct.dishonest_list", False, segment.place(*credit.span()), Place.HINT))
    lawful = terms.LAWFUL.search(text)
    if lawful and violations is None and re.search(r"近三年|近3年|一贯|始终|历年", sentence.text):
        implied.append(Claim("conduct.violations", False, segment.place(*lawful.span()), Place.HINT))
    return implied


def _answered(notes: Notes, pair: Pair) -> list[Claim]:
    """A form's row: 近三年是否发生安全事故 | 否."""
    leaves = (SAFETY, ENVIRONMENT) if pair.leaf == "conduct.both" else (pair.leaf,)
    if not pair.leaf.startswith("conduct."):
        return []
    text, where = notes.folded(pair), (pair.start, pair.end)
    answer = yes_or_no(text)
    if pair.leaf in (SAFETY, ENVIRONMENT, "conduct.both"):
        at = Claim(SAFETY, None, where, pair.place, asked=pair.asked)
        return _answered_accident(leaves, fold(pair.label), text, at)
    if answer is None:
        return []
    return [Claim(leaf, answer, where, pair.place, adverse=answer) for leaf in leaves]


def _answered_accident(leaves: tuple[str, ...], label: str, text: str, at: Claim) -> list[Claim]:
    """Read the answer to 近三年是否发生重大及以上安全事故: a no leaves open what lies below the question."""
    answer = yes_or_no(text)
    if answer is False:
        ceiling = _ceiling(label + text)
        found = [replace(at, leaf=leaf, value=ceiling, bound=_open(ceiling)) for leaf in leaves]
        if SAFETY in leaves and (ceiling == "无" or terms.FATAL.search(text)):
            found.append(Claim(FATAL, False, at.where, at.place))
        return found
    named = _gravest(text) or ("以上" not in label and _gravest(label)) or None
    if (named is None and not answer) or len(text) > 60:
        return []
    at_least = replace(at, value=_gravest(label) or "一般", adverse=True, bound="at_least")
    exact = replace(at, value=named, adverse=True)
    return [replace(exact if named else at_least, leaf=leaf) for leaf in leaves]


def _gravest(text: str) -> str | None:
    return next((level for level in reversed(terms.SEVERITY[1:]) if level in text), None)
