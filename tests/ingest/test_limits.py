"""Files that cannot be read: one clear line that names the file, what was expected and what to do."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path

import pypdf
import pytest

from assistant.errors import InputError
from assistant.ingest import read, read_bytes
from assistant.settings import Settings
from tests.ingest.making import SETTINGS, lines, p, pdf, word


def _zip(**parts: bytes) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in parts.items():
            archive.writestr(name.replace("__", "/"), data)
    return buffer.getvalue()


def _refused(data: bytes, name: str, settings: Settings = SETTINGS) -> str:
    with pytest.raises(InputError) as caught:
        read_bytes(data, name, settings=settings)
    line = str(caught.value)
    assert name in line
    assert "\n" not in line
    assert caught.value.hint
    return line


def _locked(password: str) -> bytes:
    writer = pypdf.PdfWriter(io.BytesIO(pdf(lines("设备联网率达到95%"))))
    writer.encrypt(password, owner_password="owner", algorithm="AES-256")  # noqa: S106  a test file's password
    buffer = io.BytesIO()
    writer.write(buffer)
    return buffer.getvalue()


@pytest.mark.parametrize(
    ("data", "name", "said"),
    [
        (b"", "a.pdf", "空"),
        (b"\0" * 40, "a.txt", "没有可读的文字"),
        (b"%PDF-1.7\ngarbage", "a.pdf", "损坏"),
        (b"PK\x03\x04garbage", "a.docx", "损坏"),
        (b"not a pdf at all", "a.pdf", "后缀与内容不符"),
        ("这是文本".encode(), "a.docx", "后缀与内容不符"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, "a.doc", "旧版"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "EncryptedPackage".encode("utf-16-le"), "a.docx", "加密"),
        (b"\x89PNG\r\n\x1a\n" + b"\0" * 50, "a.png", "图片"),
        (b"\xff\xd8\xff\xe0" + b"\0" * 50, "a.jpg", "图片"),
        (b"Rar!\x1a\x07" + b"\0" * 50, "a.rar", "压缩包"),
        (_zip(readme=b"x"), "a.zip", "压缩包"),
        (_zip(ppt__presentation=b"x", **{"ppt__presentation.xml": b"<x/>"}), "a.pptx", "PPT"),
        (b"<html></html>", "a.html", "不支持"),
        (bytes(range(256)) * 20, "a.txt", "不是文本"),
        (word(""), "a.docx", "没有可读的文字"),
        (pdf(lambda canvas: None), "a.pdf", "没有文字层"),
        (_locked("geheim"), "a.pdf", "加密"),
    ],
)
def test_refusals_are_one_clear_line(data: bytes, name: str, said: str) -> None:
    assert said in _refused(data, name)


def test_a_pdf_locked_with_an_empty_password_is_read() -> None:
    assert read_bytes(_locked(""), "a.pdf", settings=SETTINGS).text == "设备联网率达到95%"


def test_kinds_are_told_by_content_not_by_name() -> None:
    assert read_bytes(pdf(lines("正文")), "a.docx", settings=SETTINGS).media_type == "application/pdf"
    assert read_bytes(word(p("正文")), "a.pdf", settings=SETTINGS).media_type.endswith(
        "wordprocessingml.document"
    )


@pytest.mark.parametrize(
    ("limit", "data", "name", "said"),
    [
        ({"max_bytes": 100}, b"x" * 101, "a.txt", "超过上限"),
        ({"max_pages": 1}, pdf(lines("一"), lines("二")), "a.pdf", "超过上限 1 页"),
        ({"max_chars": 10}, ("字" * 11).encode(), "a.txt", "超过上限 10 字"),
        ({"max_chars": 10}, pdf(lines("字" * 11)), "a.pdf", "超过上限 10 字"),
        ({"max_unpacked_bytes": 2000}, word(p("正文")), "a.docx", "解压"),
    ],
)
def test_limits(limit: dict[str, int], data: bytes, name: str, said: str) -> None:
    assert said in _refused(data, name, Settings(**limit))  # type: ignore[arg-type]


def test_a_zip_bomb_is_refused_before_it_unpacks() -> None:
    bomb = b"<w:document>" + b" " * (60 * 1024 * 1024)
    assert "炸弹" in _refused(_zip(**{"word__document.xml": bomb}), "a.docx")


def test_a_part_that_lies_about_its_size_is_refused() -> None:
    data = _zip(**{"word__document.xml": b" " * 3_000_000})
    at = data.rindex(b"PK\x01\x02")
    lying = data[: at + 24] + (100).to_bytes(4, "little") + data[at + 28 :]
    assert "损坏" in _refused(lying, "a.docx")


def test_entities_are_not_expanded() -> None:
    bomb = '<?xml version="1.0"?><!DOCTYPE w [<!ENTITY a "ha">' + "".join(
        f'<!ENTITY {chr(98 + i)} "{f"&{chr(97 + i)};" * 10}">' for i in range(9)
    )
    document = bomb + "]><w:document xmlns:w='x'>&j;</w:document>"
    assert "DOCTYPE" in _refused(_zip(**{"word__document.xml": document.encode()}), "a.docx")


def test_tables_nested_without_end_do_not_crash() -> None:
    inner = p("最里面")
    for _ in range(400):
        inner = f"<w:tbl><w:tr><w:tc>{inner}<w:p/></w:tc></w:tr></w:tbl>"
    names = "xmlns:w='http://schemas.openxmlformats.org/wordprocessingml/2006/main'"
    document = f"<w:document {names}><w:body>{inner}</w:body></w:document>"
    assert "损坏" in _refused(_zip(**{"word__document.xml": document.encode()}), "a.docx")


def test_a_pdf_stream_that_unpacks_without_end_is_refused() -> None:
    import zlib

    from pypdf.generic import NameObject, StreamObject

    writer = pypdf.PdfWriter(io.BytesIO(pdf(lines("正文"))))
    bomb = StreamObject()
    bomb._data = zlib.compress(b" " * (300 * 1024 * 1024), 9)
    bomb[NameObject("/Filter")] = NameObject("/FlateDecode")
    writer.pages[0][NameObject("/Contents")] = writer._add_object(bomb)
    buffer = io.BytesIO()
    writer.write(buffer)
    assert "炸弹" in _refused(buffer.getvalue(), "a.pdf", Settings(max_unpacked_bytes=200 * 1024 * 1024))


def test_files_that_are_not_there(tmp_path: Path) -> None:
    for path, said in ((tmp_path / "none.pdf", "找不到文件"), (tmp_path, "文件夹")):
        with pytest.raises(InputError, match=said):
            read(path, settings=SETTINGS)


def test_names_with_line_breaks_stay_one_line() -> None:
    with pytest.raises(InputError) as caught:
        read_bytes(b"", "a\nb.pdf", settings=SETTINGS)
    assert "\n" not in str(caught.value)
