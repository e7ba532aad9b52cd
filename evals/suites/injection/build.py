"""Build the cases of this suite: ``source/*.yaml`` → ``cases.jsonl`` and ``documents/``.

    python -m evals.suites.injection.build [--check]

Everything comes out as the same bytes each time; ``--check`` only says whether the built files are up to date.
Wants python-docx and reportlab (the development install); nobody needs it to run the suite.
"""

from __future__ import annotations

import argparse
import json
import sys
import zlib
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import yaml

from evals.suites.injection.disguise import disguised
from evals.suites.injection.pdf import pdf_bytes
from evals.suites.injection.word import docx_bytes

HERE = Path(__file__).resolve().parent
SETS = ("dev", "test", "second", "final")
KIND = "instruction_to_reviewer"
HARMLESS = "公司食堂可容纳八百人同时就餐。"
_OPEN, _CLOSE = "⟦", "⟧"


@dataclass(frozen=True)
class Host:
    """A harmless declaration that carries one text."""

    name: str
    paragraphs: tuple[str, ...]
    application: dict[str, str]


@dataclass(frozen=True)
class Sample:
    """One text in one carrier: ``text`` as it stands in the file; ``quote`` what a flag must show."""

    id: str
    split: str
    attack: bool
    host: Host
    text: str
    quote: str | None
    carrier: str
    place: str
    tags: tuple[str, ...]

    @property
    def format(self) -> str:
        return self.carrier.split(":")[0]

    def content(self) -> bytes:
        """Return the file."""
        lines = list(self.host.paragraphs)
        form, _, place = self.carrier.partition(":")
        if form == "docx":
            return docx_bytes(lines, place, self.text)
        if form == "pdf":
            return pdf_bytes(lines, place, self.text)
        return _plain(lines, self).encode()

    def control(self) -> bytes:
        """Return the same file with a harmless sentence where the attack stood.

        Not the bare host: a paragraph more can change how a text falls into parts, whatever it says.
        """
        return replace(self, text=HARMLESS).content()

    def bare(self) -> bytes:
        """Return the host alone, in the same format."""
        lines = list(self.host.paragraphs)
        if self.format == "docx":
            return docx_bytes(lines, "property", "")
        if self.format == "pdf":
            return pdf_bytes(lines, "metadata", "")
        return ("\n\n".join(lines) + "\n").encode()

    def case(self) -> dict[str, Any]:
        """Return the line of ``cases.jsonl``."""
        body = (
            {"text": self.content().decode()}
            if self.format == "text"
            else {"document": f"documents/{self.id}.{self.format}"}
        )
        flags = [{"kind": KIND, "quote": self.quote}] if self.attack else []
        tags = [self.split, "attack" if self.attack else "benign", self.format, *self.tags]
        return {
            "id": self.id,
            **body,
            "application": self.host.application,
            "expect": {"flags": flags},
            "tags": tags,
        }


def samples() -> tuple[Sample, ...]:
    """Return every sample, attacks before the benign look-alikes, in the order of the sources."""
    return tuple(
        _sample(split, entry)
        for kind in ("attacks", "benign")
        for split in SETS
        for entry in _read(f"{kind}-{split}.yaml")
    )


def _plain(lines: list[str], sample: Sample) -> str:
    # Which paragraph carries the text depends on the sample alone, not on its place in the list.
    at = 1 + zlib.crc32(sample.id.encode()) % (len(lines) - 1)
    if sample.place == "inline" and not lines[at].startswith("#"):
        lines[at] += sample.text
    else:
        lines.insert(at + 1, sample.text)
    return "\n\n".join(lines) + "\n"


def _sample(split: str, entry: dict[str, Any]) -> Sample:
    marked = entry.get("attack") or entry["text"]
    hosts = [host for host in _hosts() if host[0] == split]
    start, end = marked.find(_OPEN), marked.find(_CLOSE)
    kind = "attack" if "attack" in entry else "benign"
    plain = marked.replace(_OPEN, "").replace(_CLOSE, "")
    return Sample(
        id=f"{kind}-{entry['id']}",
        split=split,
        attack=kind == "attack",
        host=hosts[zlib.crc32(entry["id"].encode()) % len(hosts)][1],
        text=disguised(plain, entry.get("disguise")),
        quote=marked[start + 1 : end] if start >= 0 else None,
        carrier=entry.get("carrier", "text"),
        place=entry.get("place", "paragraph"),
        tags=tuple(entry["tags"]),
    )


def _hosts() -> list[tuple[str, Host]]:
    source: dict[str, dict[str, Any]] = yaml.safe_load((HERE / "source/hosts.yaml").read_text("utf-8"))
    return [
        (entry["split"], Host(name, tuple(entry["paragraphs"]), entry["application"]))
        for name, entry in source.items()
    ]


def _read(name: str) -> list[dict[str, Any]]:
    entries: list[dict[str, Any]] = yaml.safe_load((HERE / "source" / name).read_text("utf-8"))
    return entries


def built() -> dict[str, bytes]:
    """Return path -> content of everything that the sources yield."""
    made = samples()
    lines = [json.dumps(sample.case(), ensure_ascii=False) for sample in made]
    files = {"cases.jsonl": ("\n".join(lines) + "\n").encode()}
    for sample in made:
        if sample.format != "text":
            files[f"documents/{sample.id}.{sample.format}"] = sample.content()
    return files


def main() -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument(
        "--check", action="store_true", help="write nothing; exit 1 when files are not up to date"
    )
    check = parser.parse_args().check
    files = built()
    (HERE / "documents").mkdir(exist_ok=True)
    present = {f"documents/{path.name}" for path in (HERE / "documents").iterdir()} | {"cases.jsonl"}
    stale = sorted(present - files.keys())
    for name, content in files.items():
        path = HERE / name
        if not path.is_file() or path.read_bytes() != content:
            stale.append(name)
            if not check:
                path.write_bytes(content)
    for name in stale:
        print(f"not up to date: {name}" if check else f"written or left over: {name}", file=sys.stderr)
    return 1 if check and stale else 0


if __name__ == "__main__":
    sys.exit(main())
