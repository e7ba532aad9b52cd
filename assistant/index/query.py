"""What a question is about: its content words, what they are called in the documents, whose rules it means."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from assistant.index.tokens import content_tokens, normalise
from assistant.policy import Policy
from assistant.policy.load import COUNTRY

_FILE = "query-terms.yaml"
_COUNTRY_WORDS = ("国家", "全国", "工信部", "六部门", "国家级")
_YEAR = re.compile(r"(20\d{2})\s*年?")


@dataclass(frozen=True, slots=True)
class Question:
    """A question as understood.

    ``content`` is the text without the words of asking, ``expansion`` the documents' words for it.
    ``places`` are the jurisdictions of the corpus that it names, ``elsewhere`` a province that the corpus
    does not hold, ``localities`` its names and its cities' as they stand in the question; ``years`` the years it names. ``synonyms`` are the (words said, official words) behind the
    expansion, ``subjects`` the groups of words of which a question and its answer share one, ``light`` the
    characters without content.
    """

    text: str
    content: str
    expansion: tuple[str, ...]
    places: tuple[str, ...]
    elsewhere: str | None
    years: tuple[str, ...]
    synonyms: tuple[tuple[str, tuple[str, ...]], ...] = ()
    subjects: tuple[tuple[str, ...], ...] = ()
    light: frozenset[str] = frozenset()
    localities: tuple[str, ...] = ()

    @property
    def tokens(self) -> frozenset[str]:
        """The tokens that an answer should speak of."""
        return content_tokens(self.content)


@dataclass(frozen=True, slots=True)
class _Terms:
    asking: re.Pattern[str]
    means: tuple[tuple[tuple[str, ...], tuple[str, ...]], ...]
    subjects: tuple[tuple[str, ...], ...]
    light: frozenset[str]


@lru_cache(maxsize=4)
def _terms(policy: Policy) -> _Terms:
    data = policy.data(_FILE)
    asking = sorted((normalise(word) for word in data["asking"]), key=lambda word: (-len(word), word))
    means = tuple(
        (tuple(normalise(word) for word in row["says"]), tuple(row["means"])) for row in data["means"]
    )
    subjects = tuple(tuple(normalise(word) for word in row) for row in data["subjects"])
    return _Terms(re.compile("|".join(map(re.escape, asking))), means, subjects, frozenset(data["light"]))


def understand(policy: Policy, text: str) -> Question:
    """Return what a question asks for."""
    plain = normalise(text)
    terms = _terms(policy)
    synonyms = tuple((one, means) for says, means in terms.means for one in says if one in plain)
    places, elsewhere = _places(policy, text)
    content = terms.asking.sub(" ", plain)
    for name in places:
        for word in _names(policy, name):
            content = content.replace(normalise(word), " ")
    return Question(
        text=text,
        content=content,
        expansion=tuple(dict.fromkeys(word for _, means in synonyms for word in means)),
        places=places,
        elsewhere=elsewhere,
        years=tuple(dict.fromkeys(_YEAR.findall(plain))),
        synonyms=synonyms,
        subjects=tuple(row for row in terms.subjects if any(word in plain for word in row)),
        light=terms.light,
        localities=_localities(policy, text, elsewhere),
    )


def _names(policy: Policy, jurisdiction: str) -> tuple[str, ...]:
    """Return the names that tell a jurisdiction; 苏 and 鄂 stand in too many other words."""
    names = (*policy.jurisdictions[jurisdiction].aliases, jurisdiction)
    return tuple(name for name in names if len(name) > 1)


def _localities(policy: Policy, text: str, elsewhere: str | None) -> tuple[str, ...]:
    """Return the province without documents and its cities, where a question names them."""
    if elsewhere is None:
        return ()
    place = policy.places[elsewhere]
    names = (elsewhere, *place.cities, *place.districts)
    return tuple(dict.fromkeys(name for name in names if name in text))


def _places(policy: Policy, text: str) -> tuple[tuple[str, ...], str | None]:
    """Return the jurisdictions named, and a province that is named but has no documents."""
    named = [name for name in policy.jurisdictions if any(word in text for word in _names(policy, name))]
    if any(word in text for word in _COUNTRY_WORDS) and COUNTRY not in named:
        named.append(COUNTRY)
    found = policy.locate(text)
    if found is not None and found in policy.jurisdictions and found not in named:
        named.append(found)
    elsewhere = None
    if found is not None and found not in policy.jurisdictions:
        elsewhere = found
    return tuple(named), elsewhere
