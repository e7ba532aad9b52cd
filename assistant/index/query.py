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
# Who is merely at home in a city; and words for what the city itself does.
_RESIDENTS = "企业|工?厂|公司|集团|单位|这边|那边|一家|本地"
_LOCAL = re.compile(r"[市区县]里|[全本我]市|[全本我每]个?[区县]|街道|镇上|园区")
_YEAR = re.compile(r"(20\d{2})\s*年?")


@dataclass(frozen=True, slots=True)
class Question:
    """A question as understood.

    ``content`` is the text without the words of asking, ``expansion`` the documents' words for it.
    ``places`` are the jurisdictions of the corpus that it names, ``elsewhere`` a province that the corpus
    does not hold, ``localities`` its names and its cities' as they stand in the question, ``cities`` the cities
    and districts of provinces that the corpus holds; ``years`` the years it names. ``synonyms`` are the (words said, official words) behind the
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
    cities: tuple[str, ...] = ()

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
        localities=()
        if elsewhere is None
        else (*_named(text, (elsewhere,)), *_cities(policy, text, elsewhere)),
        cities=tuple(
            city for place in places for city in _cities(policy, text, place) if _is_asked(city, text)
        ),
    )


def _names(policy: Policy, jurisdiction: str) -> tuple[str, ...]:
    """Return the names that tell a jurisdiction; 苏 and 鄂 stand in too many other words."""
    names = (*policy.jurisdictions[jurisdiction].aliases, jurisdiction)
    return tuple(name for name in names if len(name) > 1)


def _cities(policy: Policy, text: str, province: str) -> tuple[str, ...]:
    """Return the cities and districts of a province that a question names; none of the country's."""
    place = policy.places.get(province)
    return () if place is None else _named(text, (*place.cities, *place.districts))


def _is_asked(city: str, text: str) -> bool:
    """Say whether a city's own rules are asked for, rather than named as where a factory stands."""
    if _LOCAL.search(text):
        return True
    return re.search(rf"(?<!在){city}(?!市?的?(?:{_RESIDENTS}))", text) is not None


def _named(text: str, names: tuple[str, ...]) -> tuple[str, ...]:
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
