"""Run the embedded BERT encoder with torch alone.

sentence-transformers loads the same folder and gives the same vectors (a test holds the two together), but
importing it costs seconds: too much for a command that asks one question. It stays the way to every other
model. Here a text is tokens -> twelve layers -> mean -> length one.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from assistant.errors import ModelError, UnavailableError

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Floats = NDArray[np.float32]

# Padded tokens of a batch: larger ones were slower on two cores (they leave the cache).
_BATCH_TOKENS = 1024
_PADDING = 1
Progress = Callable[[int, int], None]


@dataclass(frozen=True)
class BertEncoder:
    """A loaded encoder: weights by their BertModel names, all of one type on one device."""

    weights: dict[str, Any]
    tokenizer: Any
    layers: int
    heads: int
    epsilon: float

    @classmethod
    def load(cls, folder: Path) -> BertEncoder:
        """Load the folder that ``e5.write_folder`` made.

        Raises:
            UnavailableError: torch, tokenizers or safetensors are not installed.
            ModelError: a file is missing or damaged.
        """
        try:
            import torch
            from safetensors import SafetensorError
            from safetensors.torch import load_file
            from tokenizers import Tokenizer
        except ImportError as error:
            raise UnavailableError(
                "没有安装向量检索组件", '请运行 pip install "smart-factory-assistant[dense]"'
            ) from error
        try:
            config = json.loads((folder / "config.json").read_text(encoding="utf-8"))
            weights = load_file(folder / "model.safetensors")
            tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
        except (OSError, ValueError, SafetensorError) as error:
            raise ModelError(
                f"嵌入模型文件夹已损坏：{folder}", "请删除后重新运行 assistant models install embedding"
            ) from error
        tokenizer.enable_truncation(config["max_position_embeddings"])
        tokenizer.no_padding()
        device = "cuda" if torch.cuda.is_available() else "cpu"
        kind = _precision(device)
        return cls(
            weights={name: value.to(device, kind) for name, value in weights.items()},
            tokenizer=tokenizer,
            layers=config["num_hidden_layers"],
            heads=config["num_attention_heads"],
            epsilon=config["layer_norm_eps"],
        )

    def encode(self, texts: Sequence[str], progress: Progress | None = None) -> Floats:
        """Return unit vectors as float32, shape (texts, dimensions), in the order given."""
        import numpy as np
        import torch

        ids = [encoding.ids for encoding in self.tokenizer.encode_batch(list(texts))]
        found = np.zeros((len(ids), self.weights["embeddings.LayerNorm.weight"].shape[0]), dtype=np.float32)
        done = 0
        for rows in _batches([len(tokens) for tokens in ids]):
            with torch.inference_mode():
                found[rows] = self._forward([ids[row] for row in rows]).float().cpu().numpy()
            done += len(rows)
            if progress:
                progress(done, len(ids))
        return found

    def _forward(self, ids: Sequence[Sequence[int]]) -> Any:
        """Return unit vectors of a batch; shapes (batch, tokens, hidden) on the way."""
        import torch
        from torch.nn import functional as F  # noqa: N812  torch's own convention

        w = self.weights
        width = max(len(tokens) for tokens in ids)
        device = w["embeddings.LayerNorm.weight"].device
        padded = torch.tensor(
            [[*tokens, *[_PADDING] * (width - len(tokens))] for tokens in ids], device=device
        )
        sizes = torch.tensor([len(tokens) for tokens in ids], device=device)
        real = torch.arange(width, device=device)[None, :] < sizes[:, None]
        x = F.embedding(padded, w["embeddings.word_embeddings.weight"])
        x = (
            x
            + w["embeddings.position_embeddings.weight"][:width]
            + w["embeddings.token_type_embeddings.weight"][0]
        )
        x = self._norm(x, "embeddings.LayerNorm")
        mask = None if bool(real.all()) else real[:, None, None, :]
        for layer in range(self.layers):
            x = self._layer(x, f"encoder.layer.{layer}", mask)
        summed = (x.float() * real[:, :, None]).sum(dim=1)
        return F.normalize(summed / sizes[:, None], dim=1)

    def _layer(self, x: Any, prefix: str, mask: Any) -> Any:
        from torch.nn import functional as F  # noqa: N812  torch's own convention

        batch, width, hidden = x.shape
        query, key, value = (
            self._linear(x, f"{prefix}.attention.self.{part}")
            .view(batch, width, self.heads, hidden // self.heads)
            .transpose(1, 2)
            for part in ("query", "key", "value")
        )
        mixed = F.scaled_dot_product_attention(query, key, value, attn_mask=mask)
        mixed = mixed.transpose(1, 2).reshape(batch, width, hidden)
        x = self._norm(
            x + self._linear(mixed, f"{prefix}.attention.output.dense"),
            f"{prefix}.attention.output.LayerNorm",
        )
        inner = F.gelu(self._linear(x, f"{prefix}.intermediate.dense"))
        return self._norm(x + self._linear(inner, f"{prefix}.output.dense"), f"{prefix}.output.LayerNorm")

    def _linear(self, x: Any, name: str) -> Any:
        from torch.nn import functional as F  # noqa: N812  torch's own convention

        return F.linear(x, self.weights[f"{name}.weight"], self.weights[f"{name}.bias"])

    def _norm(self, x: Any, name: str) -> Any:
        from torch.nn import functional as F  # noqa: N812  torch's own convention

        weight = self.weights[f"{name}.weight"]
        return F.layer_norm(x, weight.shape, weight, self.weights[f"{name}.bias"], self.epsilon)


def _batches(lengths: Sequence[int]) -> Iterator[list[int]]:
    """Yield row numbers, longest texts first, so that a batch holds texts of like length."""
    rows: list[int] = []
    width = 0
    for row in sorted(range(len(lengths)), key=lambda row: (-lengths[row], row)):
        width = width or lengths[row]
        if rows and width * (len(rows) + 1) > _BATCH_TOKENS:
            yield rows
            rows, width = [], lengths[row]
        rows.append(row)
    if rows:
        yield rows


def _precision(device: str) -> Any:
    """Return bfloat16 where the processor multiplies it natively (twice as fast, cosine 0.9999), else float32."""
    import torch

    if device != "cpu":
        return torch.float16
    probe = getattr(torch.cpu, "_is_avx512_bf16_supported", lambda: False)
    return torch.bfloat16 if probe() else torch.float32
