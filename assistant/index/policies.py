"""The policy corpus as chunks: every article, item, table row and note, named as the rules name them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from assistant.index.chunks import Chunk
from assistant.index.cues import scene_words
from assistant.index.sayings import clause_sayings, scene_names, scene_sayings
from assistant.index.space import Entry
from assistant.index.units import from_lines, sentences
from assistant.policy import Policy, SourceDocument
from assistant.policy.articles import PREAMBLE, Article, split

CATALOGS = ("2024", "2025")
# BM25 counts half as much again as the vectors: questions about rules use the rules' words.
BALANCE = 1.5
# An article up to this long is one passage; a longer one is searched sentence group by sentence group.
_WHOLE = 360
# A list or table up to so many characters is a passage besides its items: "which materials?" asks for all.
_TABLE_LIMIT = 900
_LIST_LIMIT = 260
_LEAST_ITEMS = 2
_MOST_ITEMS = 60
_HEADING_LIMIT = 40
_CONTEXT_LIMIT = 120
_ENDS = "。；;：:，,.．"


def short_title(document: SourceDocument) -> str:
    """Return what a document is called in one breath: the title in 《》, or what follows 关于."""
    if match := re.search(r"《([^》]+)》", document.title):
        return match.group(1).replace(" ", "")
    return document.title.rpartition("关于")[2] or document.title


def corpus_chunks(policy: Policy) -> tuple[Chunk, ...]:
    """Return the passages of all documents of the corpus, in the order of the manifest."""
    return tuple(
        chunk for document in policy.documents.values() for chunk in document_chunks(policy, document)
    )


@dataclass(frozen=True, slots=True)
class Said:
    """How people speak of an article: whole sentences, and terms that mean something only together."""

    sentences: tuple[str, ...] = ()
    terms: tuple[str, ...] = ()


def everyday_words(policy: Policy) -> Mapping[tuple[str, str], Said]:
    """Return by document and article how people speak of it; silent articles are left out."""
    found = {place: Said(texts) for place, texts in clause_sayings(policy).items()}
    for document in policy.documents.values():
        catalog = _catalog_of(policy, document)
        if catalog is None:
            continue
        sentences, names = scene_sayings(policy, catalog), scene_names(policy, catalog)
        words = scene_words(policy, catalog)
        for chunk in document_chunks(policy, document):
            if (number := chunk.scene) is not None:
                terms = (*names.get(number, ()), *words.get(number, ()))
                found[chunk.document, chunk.article] = Said(sentences.get(number, ()), terms)
    return found


def policy_entries(policy: Policy) -> tuple[Entry, ...]:
    """Return the corpus as entries: each passage alone, under its headings, and as people speak of it."""
    everyday = everyday_words(policy)
    entries = []
    for chunk in corpus_chunks(policy):
        text = policy.documents[chunk.document].text[chunk.start : chunk.end]
        headed = f"{chunk.context} {text}"
        said = everyday.get((chunk.document, chunk.article), Said())
        words = " ".join([headed, *said.sentences, *said.terms])
        entries.append(Entry(chunk, words, (headed, text, *said.sentences)))
    return tuple(entries)


def document_chunks(policy: Policy, document: SourceDocument) -> Iterator[Chunk]:
    """Yield the passages of one document."""
    articles = split(document)
    scenes = _scene_numbers(policy, document)
    parents: list[Article] = []
    for number, article in enumerate(articles):
        parents = [
            parent for parent in parents if parent.end > article.start and parent.level < article.level
        ]
        context = _context(document, parents)
        scene = scenes.get(article.title)
        for start, end in _own_passages(document.text, article):
            yield Chunk(document.id, start, end, article.label, context, scene)
        if whole := _whole(document.text, articles, number):
            yield Chunk(document.id, *whole, article.label, context)
        parents.append(article)


def _context(document: SourceDocument, parents: list[Article]) -> str:
    """Return where an article stands: the place, the annex or document, the headings above."""
    titles = [parent.title.rstrip(_ENDS) for parent in parents if parent.label != PREAMBLE]
    if not (parents and parents[0].level == 0 and parents[0].label != PREAMBLE):
        titles.insert(0, short_title(document))
    return " ".join([document.jurisdiction, *titles])[:_CONTEXT_LIMIT]


def _scene_numbers(policy: Policy, document: SourceDocument) -> Mapping[str, int]:
    """Return scene name -> number for a document that carries a catalogue."""
    catalog = _catalog_of(policy, document)
    return {} if catalog is None else {scene.name: scene.number for scene in policy.catalog(catalog).scenes}


def _catalog_of(policy: Policy, document: SourceDocument) -> str | None:
    """Return which catalogue a document carries, by the names of its scenes: punctuation differs."""
    titles = {article.title for article in split(document)}
    for name in CATALOGS:
        if all(scene.name in titles for scene in policy.catalog(name).scenes):
            return name
    return None


def _own_passages(text: str, article: Article) -> Iterator[tuple[int, int]]:
    """Yield the spans of an article's own words; none for a heading with everything below it."""
    start, end = article.start, article.own_end
    while end > start and text[end - 1].isspace():
        end -= 1
    own = text[start:end]
    is_heading = (
        "\n" not in own and len(own) <= _HEADING_LIMIT and own[-1:] not in "。；;" and "\t" not in own
    )
    if not own or (is_heading and article.end > article.own_end):
        return
    if len(own) <= _WHOLE:
        yield start, end
        return
    begin = reached = None
    for piece in _pieces(text, start, end):
        if begin is not None and reached is not None and piece[1] - begin > _WHOLE:
            yield begin, reached
            begin = None
        begin = piece[0] if begin is None else begin
        reached = piece[1]
    if begin is not None and reached is not None:
        yield begin, reached


def _pieces(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """Yield what must not be cut: table rows, and sentences of the other lines."""
    for unit in from_lines(text, start, end):
        if unit.kind in ("row", "header_row"):
            yield unit.start, unit.end
        else:
            yield from sentences(text, unit.start, unit.end, _WHOLE)


def _whole(text: str, articles: tuple[Article, ...], number: int) -> tuple[int, int] | None:
    """Return the span of a short list or table as a whole: who asks what it contains wants all of it."""
    article = articles[number]
    below = [other for other in articles[number + 1 :] if other.start < article.end]
    if len(below) < _LEAST_ITEMS or (article.level == 0 and len(below) > _MOST_ITEMS):
        return None
    is_table = all("\t" in text[other.start : other.own_end].split("\n", maxsplit=1)[0] for other in below)
    end = article.start + len(text[article.start : article.end].rstrip())
    return (
        (article.start, end) if end - article.start <= (_TABLE_LIMIT if is_table else _LIST_LIMIT) else None
    )
