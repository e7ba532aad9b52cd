"""Styles: what a paragraph or run looks like once defaults, styles and direct formatting are laid together."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property

from lxml import etree

from assistant.ingest.word.names import A, child, number, switched, value, w

_MAX_CHAIN = 32
_HIGHLIGHTS = {"white": "FFFFFF", "none": None, "yellow": "FFFF00", "lightGray": "C0C0C0", "cyan": "00FFFF"}


@dataclass(frozen=True, slots=True)
class Look:
    """How a run looks. ``size`` is points; colours are RRGGBB; None: not said, so the default holds."""

    vanish: bool = False
    bold: bool = False
    colour: str | None = None
    background: str | None = None
    size: float | None = None
    font: str | None = None


@dataclass(frozen=True, slots=True)
class Setting:
    """What a paragraph style says about the paragraph itself. ``line_pt``: exact line spacing in points."""

    name: str = ""
    outline: int | None = None
    numbering: tuple[str | None, int] | None = None
    background: str | None = None
    line_pt: float | None = None
    line_rule: str | None = None


def shading(properties: etree._Element | None) -> str | None:
    """Return the fill colour of ``w:shd``, None where there is none or it is automatic."""
    shd = child(properties, "shd")
    fill = value(shd, "fill")
    if value(shd) == "solid" and value(shd, "color") not in {None, "auto"}:
        return value(shd, "color")
    return None if fill in {None, "auto", ""} else fill


def numbering_of(properties: etree._Element | None) -> tuple[str | None, int] | None:
    """Return (numId, level) of a paragraph's numbering properties; numId None when only a level is given."""
    found = child(properties, "numPr")
    if found is None:
        return None
    level = number(value(child(found, "ilvl"))) or 0
    return value(child(found, "numId")), int(level)


def spacing_of(properties: etree._Element | None) -> tuple[float | None, str | None]:
    """Return (points, rule) of ``w:spacing``; points only where the rule is ``exact``."""
    spacing = child(properties, "spacing")
    if spacing is None or value(spacing, "line") is None:
        return None, None
    rule = value(spacing, "lineRule") or "auto"
    line = number(value(spacing, "line"))
    return (line / 20 if rule == "exact" and line is not None else None), rule


class Styles:
    """The style sheet of one document.

    Args:
        root: ``word/styles.xml``, None where the package has none.
        theme: ``word/theme/theme1.xml``, for fonts that a style names by their role.
    """

    def __init__(self, root: etree._Element | None, theme: etree._Element | None) -> None:
        self._styles: dict[str, etree._Element] = {}
        self._default_paragraph: str | None = None
        self._root = root
        self._theme = theme
        self._looks: dict[tuple[str | None, str | None], Look] = {}
        self._settings: dict[str | None, Setting] = {}
        for style in root.iter(w("style")) if root is not None else ():
            identity = value(style, "styleId") or ""
            self._styles[identity] = style
            if value(style, "type") == "paragraph" and value(style, "default") in {"1", "true"}:
                self._default_paragraph = identity

    @cached_property
    def defaults(self) -> Look:
        """The document's default look."""
        properties = None
        if self._root is not None:
            properties = self._root.find(f"{w('docDefaults')}/{w('rPrDefault')}/{w('rPr')}")
        return self.overlay(Look(), properties)

    @cached_property
    def _theme_fonts(self) -> dict[str, str]:
        fonts: dict[str, str] = {}
        if self._theme is None:
            return fonts
        for role in ("major", "minor"):
            scheme = self._theme.find(f".//{{{A}}}{role}Font")
            if scheme is None:
                continue
            hans = [f for f in scheme.iter(f"{{{A}}}font") if f.get("script") == "Hans"]
            east = scheme.find(f"{{{A}}}ea")
            face = (east.get("typeface") if east is not None else "") or ""
            face = face or (hans[0].get("typeface") or "" if hans else "")
            if face:
                fonts[f"{role}EastAsia"] = face
        return fonts

    def _font(self, properties: etree._Element) -> str | None:
        fonts = child(properties, "rFonts")
        if fonts is None:
            return None
        themed = value(fonts, "eastAsiaTheme")
        if themed and themed in self._theme_fonts:
            return self._theme_fonts[themed]
        return value(fonts, "eastAsia")

    def overlay(self, look: Look, properties: etree._Element | None) -> Look:
        """Return ``look`` with the given ``w:rPr`` laid over it."""
        if properties is None or not len(properties):
            return look
        size = number(value(child(properties, "sz")))
        vanish = switched(properties, "vanish")
        bold = switched(properties, "b")
        highlight = value(child(properties, "highlight"))
        colour = value(child(properties, "color"))
        background = _HIGHLIGHTS.get(highlight, "808080") if highlight else shading(properties)
        return replace(
            look,
            vanish=look.vanish if vanish is None else vanish,
            bold=look.bold if bold is None else bold,
            colour=colour or look.colour,
            background=background or look.background,
            size=size / 2 if size is not None else look.size,
            font=self._font(properties) or look.font,
        )

    def _chain(self, identity: str | None) -> list[etree._Element]:
        chain: list[etree._Element] = []
        seen: set[str] = set()
        while identity and identity in self._styles and identity not in seen and len(chain) < _MAX_CHAIN:
            seen.add(identity)
            chain.append(self._styles[identity])
            identity = value(child(self._styles[identity], "basedOn"))
        return chain[::-1]

    def look(self, paragraph: str | None, run: str | None = None) -> Look:
        """Return the look that a paragraph style and a character style give together."""
        key = (paragraph, run)
        if key not in self._looks:
            look = self.defaults
            for style in self._chain(paragraph or self._default_paragraph) + self._chain(run):
                look = self.overlay(look, child(style, "rPr"))
            self._looks[key] = look
        return self._looks[key]

    def setting(self, identity: str | None) -> Setting:
        """Return what a paragraph style says about paragraphs."""
        if identity not in self._settings:
            setting = self._document_setting
            for style in self._chain(identity or self._default_paragraph):
                setting = _overlay_setting(setting, style)
            self._settings[identity] = setting
        return self._settings[identity]

    def cell_shade(self, identity: str | None, row: int, column: int) -> str | None:
        """Return the fill that a table style gives a cell: first row, first column, or all cells."""
        shade = None
        for style in self._chain(identity):
            shade = shading(child(style, "tcPr")) or shade
            for part in style.iter(w("tblStylePr")):
                kind = value(part, "type")
                if (kind == "firstRow" and row == 0) or (kind == "firstCol" and column == 0):
                    shade = shading(child(part, "tcPr")) or shade
        return shade

    @cached_property
    def _document_setting(self) -> Setting:
        properties = None
        if self._root is not None:
            properties = self._root.find(f"{w('docDefaults')}/{w('pPrDefault')}/{w('pPr')}")
        points, rule = spacing_of(properties)
        return Setting(line_pt=points, line_rule=rule)


def _overlay_setting(setting: Setting, style: etree._Element) -> Setting:
    properties = child(style, "pPr")
    outline = number(value(child(properties, "outlineLvl")))
    points, rule = spacing_of(properties)
    return Setting(
        name=(value(child(style, "name")) or "").lower(),
        outline=int(outline) if outline is not None else setting.outline,
        numbering=numbering_of(properties) or setting.numbering,
        background=shading(properties) or setting.background,
        line_pt=points if rule else setting.line_pt,
        line_rule=rule or setting.line_rule,
    )
