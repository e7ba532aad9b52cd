"""Office files are ZIP archives of XML: open them without trusting their sizes, names or entities."""

from __future__ import annotations

import io
import posixpath
import re
import zipfile
import zlib
from functools import cached_property
from urllib.parse import unquote

from lxml import etree

from assistant.document import HiddenText
from assistant.errors import InputError
from assistant.ingest.source import Source, damaged

_MAX_MEMBERS = 20_000
_MAX_RATIO = 400
_MAX_XML = 96 * 1024 * 1024
_SMALL = 20 * 1024 * 1024
_DOCTYPE = re.compile(rb"<!(?:DOCTYPE|ENTITY)", re.IGNORECASE)
_RELATIONSHIPS = "{http://schemas.openxmlformats.org/package/2006/relationships}Relationship"
_STRICT = (
    (
        b"http://purl.oclc.org/ooxml/wordprocessingml/main",
        b"http://schemas.openxmlformats.org/wordprocessingml/2006/main",
    ),
    (
        b"http://purl.oclc.org/ooxml/officeDocument/relationships",
        b"http://schemas.openxmlformats.org/officeDocument/2006/relationships",
    ),
    (
        b"http://purl.oclc.org/ooxml/spreadsheetml/main",
        b"http://schemas.openxmlformats.org/spreadsheetml/2006/main",
    ),
    (b"http://purl.oclc.org/ooxml/drawingml/", b"http://schemas.openxmlformats.org/drawingml/2006/"),
)
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"

_PROPERTIES = ("docprops/core.xml", "docprops/app.xml", "docprops/custom.xml")
_BORING = frozenset(
    {
        "created", "modified", "revision", "TotalTime", "Pages", "Words", "Characters", "Application",
        "DocSecurity", "Lines", "Paragraphs", "ScaleCrop", "LinksUpToDate", "CharactersWithSpaces",
        "SharedDoc", "HyperlinksChanged", "AppVersion", "Template", "lastPrinted", "bool", "i4", "filetime",
    }
)  # fmt: skip


class Package:
    """The parts of one Office file.

    Raises:
        InputError: no readable ZIP, too many or too large parts, or a part that grows suspiciously.
    """

    def __init__(self, source: Source, kind: str) -> None:
        self.source = source
        self._kind = kind
        self._left = source.settings.max_unpacked_bytes
        try:
            self._zip = zipfile.ZipFile(io.BytesIO(source.data))
            infos = self._zip.infolist()
        except (zipfile.BadZipFile, ValueError, OSError, NotImplementedError, RuntimeError) as error:
            raise damaged(source, kind) from error
        self._refuse_bomb(infos)
        self._names = {info.filename.lower().lstrip("/"): info for info in infos}

    def _refuse_bomb(self, infos: list[zipfile.ZipInfo]) -> None:
        total = sum(info.file_size for info in infos)
        grown = any(
            i.file_size > _SMALL and i.file_size > _MAX_RATIO * max(i.compress_size, 1) for i in infos
        )
        if total > self._left or len(infos) > _MAX_MEMBERS or grown:
            raise self._too_big()

    def _too_big(self) -> InputError:
        limit = self.source.settings.max_unpacked_bytes // (1024 * 1024)
        return InputError(
            f"{self.source.name}：解压后的内容过大或压缩比异常（上限 {limit} MB），疑似压缩炸弹",
            "请用原软件重新另存，或调大 ASSISTANT_MAX_UNPACKED_BYTES",
        )

    def names(self) -> tuple[str, ...]:
        """Return the names of all parts, lower case, sorted."""
        return tuple(sorted(self._names))

    def has(self, name: str) -> bool:
        """Tell whether a part exists."""
        return name.lower().lstrip("/") in self._names

    def read(self, name: str) -> bytes:
        """Return one part's bytes, within what is left of the unpacking limit.

        Raises:
            InputError: the part is missing, damaged, encrypted or too large.
        """
        info = self._names.get(name.lower().lstrip("/"))
        if info is None or info.flag_bits & 0x1:
            raise damaged(self.source, self._kind)
        try:
            with self._zip.open(info) as stream:
                data = stream.read(self._left + 1)
        except (zipfile.BadZipFile, zlib.error, OSError, EOFError, ValueError, RuntimeError) as error:
            raise damaged(self.source, self._kind) from error
        if len(data) > self._left:
            raise self._too_big()
        self._left -= len(data)
        return data

    def xml(self, name: str) -> etree._Element:
        """Return the root of an XML part; entities are never expanded.

        Raises:
            InputError: the part is missing or not well-formed, or it declares a document type.
        """
        return self._parse(self.read_xml(name))

    def read_xml(self, name: str) -> bytes:
        """Return an XML part's bytes: no document type, no more than can be held as a tree, one dialect.

        Raises:
            InputError: see ``xml``.
        """
        info = self._names.get(name.lower().lstrip("/"))
        if info is not None and info.file_size > _MAX_XML:
            raise self._too_big()
        data = self.read(name)
        if _DOCTYPE.search(data[:4096]):
            raise InputError(
                f"{self.source.name}：XML 中含有 DOCTYPE 或实体声明，出于安全不予展开",
                "请用原软件重新另存后再试",
            )
        if b"purl.oclc.org/ooxml" in data[:8192]:
            for strict, transitional in _STRICT:
                data = data.replace(strict, transitional)
        return data

    def optional_xml(self, name: str) -> etree._Element | None:
        """Return the root of an XML part, None where there is none or it cannot be read."""
        if not self.has(name):
            return None
        try:
            return self._parse(self.read_xml(name))
        except InputError:
            return None

    def _parse(self, data: bytes) -> etree._Element:
        parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)
        try:
            return etree.fromstring(data, parser)
        except (etree.XMLSyntaxError, ValueError) as error:
            raise damaged(self.source, self._kind) from error

    def relations(self, part: str) -> dict[str, tuple[str, str]]:
        """Return the relations of a part: id -> (type's last word, target part name)."""
        folder, base = posixpath.split(part)
        root = self.optional_xml(posixpath.join(folder, "_rels", base + ".rels"))
        found: dict[str, tuple[str, str]] = {}
        if root is None:
            return found
        for relation in root.iter(_RELATIONSHIPS):
            target = unquote(relation.get("Target") or "")
            if relation.get("TargetMode") == "External" or not target:
                continue
            path = target if target.startswith("/") else posixpath.join(folder, target)
            kind = (relation.get("Type") or "").rsplit("/", 1)[-1]
            found[relation.get("Id") or ""] = (kind, posixpath.normpath(path).lstrip("/"))
        return found

    @cached_property
    def main(self) -> str:
        """The name of the main part that the package's own relations point to, or an empty string."""
        for kind, target in self.relations("").values():
            if kind == "officeDocument" and self.has(target):
                return target
        return ""


def is_ole(data: bytes) -> bool:
    """Tell an OLE compound file: an old .doc/.xls, or an Office file locked with a password."""
    return data.startswith(_OLE)


def ole_is_encrypted(data: bytes) -> bool:
    """Tell whether an OLE file is an encrypted modern Office file."""
    return "EncryptedPackage".encode("utf-16-le") in data


def _local(element: etree._Element) -> str:
    return element.tag.rpartition("}")[2] if isinstance(element.tag, str) else ""


def package_properties(package: Package) -> list[HiddenText]:
    """Return the texts in the file's properties: no reader of the pages sees them."""
    found: list[HiddenText] = []
    for name in _PROPERTIES:
        root = package.optional_xml(name)
        found += (
            HiddenText(element.text.strip(), "property", None, f"文件属性 {_local(element)}")
            for element in (root.iter() if root is not None else ())
            if _local(element) not in _BORING
            and not (_local(element) == "lpstr" and name.endswith("app.xml"))
            and not len(element)
            and element.text
            and element.text.strip()
        )
    return found
