"""What all records share: the base class, spans, and the words of the contract."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field

SCHEMA_VERSION: Literal["1.0"] = "1.0"

Number = Annotated[int | float, Field(allow_inf_nan=False)]
# Catalogues are named by their year; a record may carry it as a number.
CatalogName = Annotated[str, BeforeValidator(lambda value: str(value) if type(value) is int else value)]
Tier = Literal["基础级", "先进级", "卓越级", "领航级"]
TIERS: tuple[Tier, ...] = ("基础级", "先进级", "卓越级", "领航级")
Accident = Literal["无", "一般", "较大", "重大", "特别重大"]
Status = Literal["pass", "fail", "advisory", "unknown", "not_applicable"]
Severity = Literal["high", "medium", "low"]


class Record(BaseModel):
    """Base of every record: frozen, no unknown fields."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Span(Record):
    """An exact place: code-point offsets into the canonical text, half-open.

    ``text[start:end] == quote`` always holds. ``page`` is 1-based, None where there are no pages.
    """

    page: int | None = None
    start: int = Field(ge=0)
    end: int = Field(ge=0)
    quote: str
