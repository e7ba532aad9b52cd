"""Settings: one frozen record, read from the environment (``ASSISTANT_...``), passed down explicitly."""

from __future__ import annotations

import hashlib
import json
import os
from pathlib import Path

from pydantic import Field, SecretStr, ValidationError

from assistant.errors import UsageError
from assistant.records import Record


def _default_cache() -> Path:
    base = os.environ.get("XDG_CACHE_HOME")
    return (Path(base) if base else Path.home() / ".cache") / "smart-factory-assistant"


def _default_data() -> Path:
    base = os.environ.get("XDG_DATA_HOME")
    return (Path(base) if base else Path.home() / ".local" / "share") / "smart-factory-assistant"


class Settings(Record):
    """All that can be tuned from outside; sizes in bytes, times in seconds."""

    max_bytes: int = Field(default=200 * 1024 * 1024, gt=0)
    max_pages: int = Field(default=1000, gt=0)
    max_chars: int = Field(default=5_000_000, gt=0)
    max_unpacked_bytes: int = Field(default=1024 * 1024 * 1024, gt=0)
    cache_dir: Path = Field(default_factory=_default_cache)
    data_dir: Path = Field(default_factory=_default_data)
    database_url: str | None = None
    model: str = "off"
    base_url: str | None = None
    api_key: SecretStr | None = None
    embedding: str = "embedded"
    reranker: str = "off"
    forbid_model_calls: bool = False
    # The model's door. Prices are per million tokens, in whatever currency the user reckons in.
    model_path: Path | None = None
    model_timeout: float = Field(default=60.0, gt=0)
    model_retries: int = Field(default=2, ge=0, le=10)
    model_concurrency: int = Field(default=4, gt=0, le=64)
    model_requests_per_minute: int | None = Field(default=None, gt=0)
    model_max_calls: int = Field(default=400, gt=0)
    model_max_tokens: int = Field(default=2_000_000, gt=0)
    model_max_seconds: float = Field(default=900.0, gt=0)
    model_logprobs: bool = True
    model_price_in: float | None = Field(default=None, ge=0)
    model_price_out: float | None = Field(default=None, ge=0)
    send_confidential: bool = False

    @classmethod
    def from_env(cls, environ: dict[str, str] | None = None) -> Settings:
        """Read ``ASSISTANT_<FIELD>`` for every field.

        Raises:
            UsageError: a variable does not fit its field, named in the message.
        """
        source = os.environ if environ is None else environ
        given = {
            n: source[f"ASSISTANT_{n.upper()}"]
            for n in cls.model_fields
            if f"ASSISTANT_{n.upper()}" in source
        }
        try:
            return cls.model_validate(given)
        except ValidationError as error:
            first = error.errors()[0]
            name = f"ASSISTANT_{str(first['loc'][0]).upper()}"
            raise UsageError(
                f"环境变量 {name} 的值不可用：{first['input']!r}", "请改正或删除该变量"
            ) from error

    def digest(self) -> str:
        """Return a short hash of what can change a result (never of keys or places on this machine)."""
        values = self.model_dump(
            mode="json", exclude={"api_key", "cache_dir", "data_dir", "database_url", "model_path"}
        )
        return hashlib.sha256(json.dumps(values, sort_keys=True).encode()).hexdigest()[:16]
