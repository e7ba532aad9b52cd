"""The manifest of source documents."""

from __future__ import annotations

from pathlib import Path

from assistant.policy.model import Annex, Divergence, Mending, SourceDocument
from assistant.policy.yamlfile import Fields, read


def read_manifest(folder: Path) -> dict[str, SourceDocument]:
    """Return the documents of one corpus folder by id, in the manifest's order.

    Raises:
        PolicyError: an entry is incomplete, or an id occurs twice.
    """
    path = folder / "manifest.yaml"
    if not path.is_file():
        return {}
    rows = Fields(read(path), path.name).rows("documents")
    return {row.text("id"): _document(folder, row) for row in rows}


def _document(folder: Path, row: Fields) -> SourceDocument:
    name = row.text("id")
    seed = Fields(row.mapping("seed"), f"{row.where} seed")
    return SourceDocument(
        id=name,
        title=row.text("title"),
        issuer=row.text("issuer"),
        number=row.maybe_text("number"),
        date=row.maybe_date("date"),
        in_force_from=row.date("in_force_from"),
        in_force_to=row.maybe_date("in_force_to"),
        jurisdiction=row.text("jurisdiction"),
        sha256=row.text("sha256"),
        path=folder / "sources" / f"{name}.txt",
        seed=seed.text("file", ""),
        seed_sha256=seed.text("sha256", ""),
        note=row.text("note", ""),
        aliases=row.texts("aliases"),
        annexes=tuple(
            Annex(part.text("label"), part.text("begins"), part.text("title", ""), part.text("form", ""))
            for part in row.rows("annexes")
        ),
        mendings=tuple(
            Mending(part.text("was"), part.text("now"), part.text("by")) for part in row.rows("mendings")
        ),
        divergences=tuple(
            Divergence(part.text("here"), part.text("there"), part.text("document"), part.text("note", ""))
            for part in row.rows("divergences")
        ),
    )
