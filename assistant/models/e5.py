"""Unpack the embedded multilingual-e5-small into a folder that sentence-transformers loads.

The weights travel in one 4-bit file. Nothing in it is executed: it is parsed as numbers and strings,
and what is written is plain JSON and safetensors. Layout of the file, little-endian throughout:
header (magic ``E5S1``, version, sizes), the SentencePiece unigram pieces with their scores, a
character-normalisation table, a directory of named tensors, then the tensors. Matrices are Q4_0: blocks
of 32 values, a float16 scale and 16 bytes whose low nibbles are the first 16 values.
"""

from __future__ import annotations

import itertools
import json
import struct
import unicodedata
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from assistant.errors import ModelError, UnavailableError

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Floats = NDArray[np.float32]

NAME = "multilingual-e5-small"
MAX_TOKENS = 512
PROMPTS = {"query": "query: ", "document": "passage: "}

_HEADER = struct.Struct("<4sI7ifi5iQ")
_SPECIAL = ("<s>", "<pad>", "</s>", "<unk>")
# Scripts that the product's texts use; the other pieces of the 250,000 would only fill memory.
_SCRIPTS = ("LATIN", "CJK", "GREEK", "FULLWIDTH", "IDEOGRAPHIC", "KANGXI")
_LAYER = {
    "q": "attention.self.query",
    "k": "attention.self.key",
    "v": "attention.self.value",
    "ao": "attention.output.dense",
    "aln": "attention.output.LayerNorm",
    "fi": "intermediate.dense",
    "fo": "output.dense",
    "oln": "output.LayerNorm",
}


@dataclass(frozen=True)
class Packed:
    """The parsed file: sizes, pieces with log-probabilities, and where each tensor lies."""

    data: bytes
    hidden: int
    layers: int
    heads: int
    feed_forward: int
    positions: int
    epsilon: float
    pieces: tuple[str, ...]
    scores: tuple[float, ...]
    tensors: dict[str, tuple[int, int, int]]

    def array(self, name: str, columns: int | None = None) -> Floats:
        """Return a tensor as float32, reshaped to ``columns`` where given.

        Raises:
            ModelError: the file has no such tensor.
        """
        import numpy as np

        if name not in self.tensors:
            raise ModelError(f"嵌入模型文件缺少张量 {name}", "请重新运行 assistant models install embedding")
        kind, count, offset = self.tensors[name]
        if kind == 0:
            values = np.frombuffer(self.data, "<f4", count, offset).astype(np.float32)
        else:
            values = _dequantise(self.data, count, offset)
        return values if columns is None else values.reshape(-1, columns)


def _dequantise(data: bytes, count: int, offset: int) -> Floats:
    """Return ``count`` float32 values from Q4_0 blocks of 18 bytes."""
    import numpy as np

    blocks = np.frombuffer(data, np.uint8, count // 32 * 18, offset).reshape(-1, 18)
    scales = blocks[:, :2].copy().view("<f2").astype(np.float32)
    nibbles = np.concatenate([blocks[:, 2:] & 15, blocks[:, 2:] >> 4], axis=1)
    return np.asarray(((nibbles.astype(np.float32) - 8.0) * scales).reshape(-1), dtype=np.float32)


def parse(data: bytes) -> Packed:
    """Parse the 4-bit file.

    Raises:
        ModelError: it is not such a file, or it is cut short.
    """
    try:
        return _parse(data)
    except (struct.error, ValueError, IndexError, UnicodeDecodeError) as error:
        raise ModelError(
            "嵌入模型文件损坏或不完整", "请重新运行 assistant models install embedding"
        ) from error


def _parse(data: bytes) -> Packed:
    import numpy as np

    head = _HEADER.unpack_from(data, 0)
    if head[0] != b"E5S1" or head[1] != 1:
        raise ModelError(
            "嵌入模型文件的格式不对：应为 E5S1 第 1 版", "请重新运行 assistant models install embedding"
        )
    hidden, layers, heads, feed_forward, _, positions, _, epsilon = head[2:10]
    count, blob_size = head[11], head[16]
    at = _HEADER.size
    offsets = np.frombuffer(data, "<u4", count + 1, at)
    at += 4 * (count + 1)
    scores = np.frombuffer(data, "<f4", count, at)
    at += 4 * count
    blob = data[at : at + blob_size]
    at += blob_size
    (table_size,) = struct.unpack_from("<4xI", data, at)
    tensors = _directory(data, at + 8 + table_size)
    # Some pieces are single bytes of longer characters: no text of ours produces them.
    pieces = tuple(blob[a:b].decode("utf-8", "replace") for a, b in itertools.pairwise(offsets))
    return Packed(
        data=data,
        hidden=hidden,
        layers=layers,
        heads=heads,
        feed_forward=feed_forward,
        positions=positions,
        epsilon=epsilon,
        pieces=pieces,
        scores=tuple(float(score) for score in scores),
        tensors=tensors,
    )


def _directory(data: bytes, at: int) -> dict[str, tuple[int, int, int]]:
    """Return name -> (kind, number of values, offset); kind 0 is float32, 1 is Q4_0."""
    (entries,) = struct.unpack_from("<i", data, at)
    at += 4
    tensors: dict[str, tuple[int, int, int]] = {}
    for _ in range(entries):
        (length,) = struct.unpack_from("<H", data, at)
        name = data[at + 2 : at + 2 + length].decode()
        kind, count, offset, size = struct.unpack_from("<BIQQ", data, at + 2 + length)
        if offset + size > len(data):
            raise ValueError(name)
        tensors[name] = (kind, count, offset)
        at += 2 + length + 21
    return tensors


def _wanted(piece: str) -> bool:
    """Say whether a piece is made of characters that Chinese technical documents use."""
    for char in piece.lstrip("▁"):
        if unicodedata.category(char)[0] in "PSNZ":
            continue
        if not unicodedata.name(char, "").startswith(_SCRIPTS):
            return False
    return True


def kept_pieces(packed: Packed) -> tuple[int, ...]:
    """Return the numbers of the pieces that are kept: the four special ones, then those wanted."""
    first = len(_SPECIAL)
    if packed.pieces[:first] != _SPECIAL:
        raise ModelError(
            "嵌入模型文件的词表不对：缺少特殊符号", "请重新运行 assistant models install embedding"
        )
    rest = (i for i in range(first, len(packed.pieces)) if _wanted(packed.pieces[i]))
    return (*range(first), *rest)


def write_folder(packed: Packed, folder: Path) -> None:
    """Write a BERT folder with tokenizer, pooling and prompts (about 140 MB) into ``folder``.

    Raises:
        UnavailableError: tokenizers or safetensors are not installed.
    """
    try:
        from safetensors.numpy import save_file
    except ImportError as error:
        raise UnavailableError(
            "没有安装向量检索组件", '请运行 pip install "smart-factory-assistant[dense]"'
        ) from error
    folder.mkdir(parents=True, exist_ok=True)
    kept = kept_pieces(packed)
    save_file(_weights(packed, kept), folder / "model.safetensors", metadata={"format": "pt"})
    _write_tokenizer(packed, kept, folder)
    for name, content in _configs(packed, len(kept)).items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(json.dumps(content, ensure_ascii=False, indent=1, sort_keys=True), encoding="utf-8")


def _weights(packed: Packed, kept: tuple[int, ...]) -> dict[str, Any]:
    """Return the tensors under the names that BertModel uses."""
    import numpy as np

    hidden = packed.hidden
    found: dict[str, Any] = {
        "embeddings.word_embeddings.weight": packed.array("emb.word", hidden)[list(kept)],
        "embeddings.position_embeddings.weight": packed.array("emb.pos", hidden),
        "embeddings.token_type_embeddings.weight": packed.array("emb.type", hidden),
        "embeddings.LayerNorm.weight": packed.array("emb.ln.w"),
        "embeddings.LayerNorm.bias": packed.array("emb.ln.b"),
    }
    for layer in range(packed.layers):
        for short, long in _LAYER.items():
            columns = packed.feed_forward if short == "fo" else hidden
            is_norm = short.endswith("ln")
            prefix = f"encoder.layer.{layer}.{long}"
            found[f"{prefix}.weight"] = packed.array(f"l{layer}.{short}.w", None if is_norm else columns)
            found[f"{prefix}.bias"] = packed.array(f"l{layer}.{short}.b")
    # BertModel has a pooler that mean pooling never reads; without it every loading would warn.
    found["pooler.dense.weight"] = np.zeros((hidden, hidden), dtype=np.float32)
    found["pooler.dense.bias"] = np.zeros(hidden, dtype=np.float32)
    return {name: np.ascontiguousarray(value) for name, value in found.items()}


def _write_tokenizer(packed: Packed, kept: tuple[int, ...], folder: Path) -> None:
    from tokenizers import Regex, Tokenizer, decoders, models, normalizers, pre_tokenizers, processors

    vocabulary = [(packed.pieces[i], packed.scores[i]) for i in kept]
    tokenizer = Tokenizer(models.Unigram(vocabulary, unk_id=3, byte_fallback=False))
    tokenizer.normalizer = normalizers.Sequence(
        [normalizers.NFKC(), normalizers.Replace(Regex(r"\s+"), " "), normalizers.Strip()]
    )
    tokenizer.pre_tokenizer = pre_tokenizers.Metaspace(replacement="▁", prepend_scheme="always")
    tokenizer.decoder = decoders.Metaspace(replacement="▁", prepend_scheme="always")
    tokenizer.post_processor = processors.TemplateProcessing(
        single="<s> $A </s>", pair="<s> $A </s> </s> $B </s>", special_tokens=[("<s>", 0), ("</s>", 2)]
    )
    tokenizer.add_special_tokens(list(_SPECIAL))
    tokenizer.save(str(folder / "tokenizer.json"))


def _configs(packed: Packed, vocabulary: int) -> dict[str, Any]:
    """Return every JSON file of the folder by its relative path."""
    return {
        "config.json": {
            "architectures": ["BertModel"],
            "model_type": "bert",
            "vocab_size": vocabulary,
            "hidden_size": packed.hidden,
            "num_hidden_layers": packed.layers,
            "num_attention_heads": packed.heads,
            "intermediate_size": packed.feed_forward,
            "max_position_embeddings": packed.positions,
            "type_vocab_size": packed.tensors["emb.type"][1] // packed.hidden,
            "hidden_act": "gelu",
            "layer_norm_eps": 1e-12,
            "pad_token_id": 1,
            "dtype": "float32",
        },
        "tokenizer_config.json": {
            "tokenizer_class": "PreTrainedTokenizerFast",
            "model_max_length": MAX_TOKENS,
            "bos_token": "<s>",
            "cls_token": "<s>",
            "eos_token": "</s>",
            "sep_token": "</s>",
            "pad_token": "<pad>",
            "unk_token": "<unk>",
        },
        "modules.json": [
            {"idx": 0, "name": "0", "path": "", "type": "sentence_transformers.models.Transformer"},
            {"idx": 1, "name": "1", "path": "1_Pooling", "type": "sentence_transformers.models.Pooling"},
            {"idx": 2, "name": "2", "path": "2_Normalize", "type": "sentence_transformers.models.Normalize"},
        ],
        "sentence_bert_config.json": {"max_seq_length": MAX_TOKENS, "do_lower_case": False},
        "config_sentence_transformers.json": {
            "prompts": PROMPTS,
            "default_prompt_name": None,
            "similarity_fn_name": "cosine",
        },
        "1_Pooling/config.json": {
            "word_embedding_dimension": packed.hidden,
            "pooling_mode_mean_tokens": True,
        },
    }
