"""Every vendor named in README: its configuration loads, points where it says, and asks for its own key."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from assistant.errors import UnavailableError
from assistant.models.vendors import connect, vendors
from assistant.settings import Settings

README = Path(__file__).resolve().parents[2] / "README.md"
ROW = re.compile(r"^\| `(\w+):([^`]+)` \| (\S+) \| (\S+) \| (.+?) \|$", re.MULTILINE)


def _rows() -> dict[str, tuple[str, str, str]]:
    return {m[1]: (m[2], m[3].strip("`"), m[4].strip("`")) for m in ROW.finditer(README.read_text("utf-8"))}


def test_the_table_names_every_vendor_and_no_other() -> None:
    assert set(_rows()) == set(vendors())


@pytest.mark.parametrize("vendor", sorted(vendors()))
def test_each_configuration_of_the_table_loads(vendor: str, monkeypatch: pytest.MonkeyPatch) -> None:
    model, base, key = _rows()[vendor]
    facts = vendors()[vendor]
    assert base == (facts.base_url or "–")
    assert key == (facts.key or "–")
    named = Settings(model=f"{vendor}:{model}", base_url=facts.base_url or "http://127.0.0.1:8000/v1")
    if facts.key:
        monkeypatch.delenv(facts.key, raising=False)
        with pytest.raises(UnavailableError, match=facts.key):
            connect(named)
        monkeypatch.setenv(facts.key, "k")
    found = connect(named)
    assert found.name == model
    assert found.structured in ("json_schema", "json_object")
    assert found.host in (facts.base_url or "http://127.0.0.1:8000/v1")
    assert found.leaves_machine is bool(facts.key)


def test_a_server_of_ones_own_needs_an_address() -> None:
    with pytest.raises(UnavailableError, match="ASSISTANT_BASE_URL"):
        connect(Settings(model="custom:m"))
