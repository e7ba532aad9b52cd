"""The inside of a paragraph: visible text, hidden text, and what hangs on it (boxes, notes, pictures)."""

from __future__ import annotations

from dataclasses import dataclass, field

from lxml import etree

from assistant.document import HiddenReason, HiddenText
from assistant.ingest.word.names import A, M, R, child, local, value, w
from assistant.ingest.word.shapes import Box, text_box
from assistant.ingest.word.styles import Look, Styles

TINY_PT = 2.0
_CONTRAST = 1.12
_CHECKS = {
    ("wingdings", 0xFE): "☑",
    ("wingdings", 0xFD): "☒",
    ("wingdings", 0xFC): "✓",
    ("wingdings", 0xFB): "✗",
    ("wingdings", 0xA8): "□",
    ("wingdings", 0x6F): "□",
    ("wingdings", 0x71): "□",
    ("wingdings", 0x6E): "■",
    ("wingdings 2", 0x52): "☑",
    ("wingdings 2", 0x54): "☒",
    ("wingdings 2", 0x53): "☒",
    ("wingdings 2", 0x50): "✓",
    ("wingdings 2", 0x4F): "✗",
    ("wingdings 2", 0xA3): "□",
    ("wingdings 2", 0x30): "□",
}
_SKIPPED = frozenset(
    {
        "pPr", "rPr", "instrText", "delInstrText", "fldData", "bookmarkStart", "bookmarkEnd", "proofErr",
        "commentRangeStart", "commentRangeEnd", "commentReference", "annotationRef", "footnoteRef",
        "endnoteRef", "lastRenderedPageBreak", "sdtPr", "sdtEndPr", "tcPr", "trPr", "tblPr", "tblGrid", "rt",
        "sectPr", "permStart", "permEnd", "moveFromRangeStart", "moveFromRangeEnd", "moveToRangeStart",
        "moveToRangeEnd", "customXmlPr", "smartTagPr", "fldCharType", "separator", "continuationSeparator",
    }
)  # fmt: skip


def luminance(colour: str) -> float | None:
    """Return the relative luminance (0..1) of RRGGBB, None for anything else."""
    if len(colour) != 6:
        return None
    try:
        parts = [int(colour[i : i + 2], 16) / 255 for i in (0, 2, 4)]
    except ValueError:
        return None
    red, green, blue = (p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def unreadable(colour: str | None, background: str | None) -> bool:
    """Tell whether text of ``colour`` cannot be told from its background (white where not given)."""
    front = luminance(colour or "000000")
    back = luminance(background or "FFFFFF")
    if front is None or back is None:
        return False
    return (max(front, back) + 0.05) / (min(front, back) + 0.05) < _CONTRAST


@dataclass(slots=True)
class Inline:
    """What one paragraph holds. ``weights``: characters by (font, size), for the form facts."""

    parts: list[str] = field(default_factory=list)
    hidden: list[HiddenText] = field(default_factory=list)
    boxes: list[Box] = field(default_factory=list)
    notes: list[tuple[str, str]] = field(default_factory=list)
    pictures: list[str] = field(default_factory=list)
    weights: dict[tuple[str | None, float | None], int] = field(default_factory=dict)
    plain_chars: int = 0

    @property
    def text(self) -> str:
        """The visible text."""
        return "".join(self.parts)


@dataclass(frozen=True, slots=True)
class Setting:
    """Where a paragraph stands: its style, and the colour behind it."""

    style: str | None = None
    background: str | None = None


class RunReader:
    """Reads paragraphs of one document."""

    def __init__(self, styles: Styles) -> None:
        self._styles = styles

    def read(self, paragraph: etree._Element, setting: Setting) -> Inline:
        """Return what ``paragraph`` holds."""
        inline = Inline()
        self._walk(paragraph, setting, inline)
        return inline

    def _walk(self, element: etree._Element, setting: Setting, into: Inline) -> None:
        for part in element:
            name = local(part)
            if name == "r" and part.tag == w("r"):
                self._run(part, setting, into)
            elif name == "AlternateContent":
                chosen = _alternative(part)
                if chosen is not None:
                    self._walk(chosen, setting, into)
            elif name in {"del", "moveFrom"}:
                into.hidden.append(HiddenText(_all_text(part), "deleted", None, "修订中删除的文字"))
            elif part.tag == f"{{{M}}}t":
                into.parts.append(part.text or "")
            elif name and name not in _SKIPPED:
                self._walk(part, setting, into)

    def _run(self, run: etree._Element, setting: Setting, into: Inline) -> None:
        properties = child(run, "rPr")
        style = value(child(properties, "rStyle"))
        look = self._styles.overlay(self._styles.look(setting.style, style), properties)
        inside = Inline()
        for part in run:
            self._part(part, setting, inside)
        text = inside.text
        reason = self._hiding(look, setting)
        if text.strip() and reason:
            into.hidden.append(HiddenText(text, reason[0], None, reason[1]))
        else:
            into.parts.append(text)
            key = (look.font, look.size)
            chinese = sum(1 for char in text if "\u3400" <= char <= "\u9fff")
            if chinese:
                into.weights[key] = into.weights.get(key, 0) + chinese
            into.plain_chars += 0 if look.bold else len(text.strip())
        into.hidden += inside.hidden
        into.boxes += inside.boxes
        into.notes += inside.notes
        into.pictures += inside.pictures

    def _hiding(self, look: Look, setting: Setting) -> tuple[HiddenReason, str] | None:
        """Return why nobody sees a run of this look, and in what way."""
        if look.vanish:
            return "hidden_run", "隐藏文字格式"
        if look.size is not None and look.size <= TINY_PT:
            return "tiny", f"字号 {look.size:g} 磅"
        if look.colour and unreadable(look.colour, look.background or setting.background):
            return "white", f"文字颜色 {look.colour} 与背景相同"
        return None

    def _part(self, part: etree._Element, setting: Setting, into: Inline) -> None:
        name = local(part)
        if name == "t":
            into.parts.append(part.text or "")
        elif name == "tab":
            into.parts.append("\t")
        elif name in {"br", "cr"}:
            into.parts.append("\n")
        elif name == "noBreakHyphen":
            into.parts.append("-")
        elif name == "sym":
            into.parts.append(_symbol(part))
        elif name == "delText":
            into.hidden.append(HiddenText(part.text or "", "deleted", None, "修订中删除的文字"))
        elif name in {"footnoteReference", "endnoteReference"}:
            into.notes.append((name.removesuffix("Reference"), value(part, "id") or ""))
        elif name in {"drawing", "pict", "object"}:
            self._graphic(part, into)
        elif name == "AlternateContent":
            chosen = _alternative(part)
            for inner in chosen if chosen is not None else ():
                self._part(inner, setting, into)
        elif name == "ruby":
            base = child(part, "rubyBase")
            if base is not None:
                self._walk(base, setting, into)

    def _graphic(self, graphic: etree._Element, into: Inline) -> None:
        for element in graphic.iter():
            name = local(element)
            if name == "txbxContent" and not _inside_box(element, graphic):
                into.boxes.append(text_box(element))
            elif name in {"docPr", "cNvPr"}:
                _note_alt_text(element, into)
            elif name == "blip" and element.get(f"{{{R}}}embed"):
                into.pictures.append(element.get(f"{{{R}}}embed") or "")
            elif name == "imagedata" and element.get(f"{{{R}}}id"):
                into.pictures.append(element.get(f"{{{R}}}id") or "")
            elif element.tag == f"{{{A}}}t" and not _inside_box(element, graphic):
                into.parts.append(element.text or "")


def _inside_box(element: etree._Element, stop: etree._Element) -> bool:
    """Tell whether a text box or an unused alternative lies between ``element`` and ``stop``."""
    for ancestor in element.iterancestors():
        if ancestor is stop:
            return False
        if local(ancestor) in {"txbxContent", "Fallback"}:
            return True
    return False


def _note_alt_text(element: etree._Element, into: Inline) -> None:
    for name in ("descr", "title"):
        if element.get(name):
            into.hidden.append(HiddenText(element.get(name) or "", "property", None, "图片替代文字"))


def _alternative(element: etree._Element) -> etree._Element | None:
    """Return the one alternative that Word shows."""
    options = {local(option): option for option in reversed(element)}
    return options.get("Choice", options.get("Fallback"))


def _all_text(element: etree._Element) -> str:
    return "".join(part.text or "" for part in element.iter(w("t"), w("delText")))


def _symbol(part: etree._Element) -> str:
    """Return a symbol-font character as its Unicode look-alike; check boxes matter in forms."""
    try:
        code = int(value(part, "char") or "", 16)
    except ValueError:
        return ""
    font = (value(part, "font") or "").lower()
    known = _CHECKS.get((font, code & 0xFF)) if code >= 0xF000 or code < 0x100 else None
    if known:
        return known
    if font == "symbol" and 0xF020 <= code <= 0xF07E:
        return chr(code - 0xF000)
    return chr(code) if 0x20 <= code < 0x110000 and not 0xD800 <= code < 0xE000 else ""
