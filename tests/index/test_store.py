"""What is stored comes back the same; what is damaged or foreign is said and made again; never a pickle."""

from __future__ import annotations

import io
import json
import pickle
import subprocess
import sys
import threading
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest

from assistant.errors import InputError
from assistant.index import store
from assistant.index.chunks import Chunk
from assistant.index.library import Library
from assistant.index.space import Entry, Space
from assistant.settings import Settings
from tests.index.conftest import Bigrams

TEXT = "建成立体仓库。设备联网率92%。废水在线监测。订单自动排产。"
PIECES = ["建成立体仓库。", "设备联网率92%。", "废水在线监测。", "订单自动排产。"]


def entries(pieces: Sequence[str] = PIECES, text: str = TEXT) -> list[Entry]:
    found = []
    for number, piece in enumerate(pieces):
        at = text.index(piece)
        chunk = Chunk("甲", at, at + len(piece), f"第{number}条", "总则", number or None)
        found.append(Entry(chunk, piece, (piece, f"总则 {piece}")))
    return found


def opened(settings: Settings, model: Bigrams | None, notes: list[str] | None = None) -> Space:
    note = (notes if notes is not None else []).append
    return Library(settings, model, note=note).open("甲", entries(), {"甲": TEXT})


def folder(settings: Settings) -> Path:
    (found,) = (settings.cache_dir / "index").glob("甲-*")
    return found


def test_a_space_comes_back_the_same(settings: Settings, bigrams: Bigrams) -> None:
    made = opened(settings, bigrams)
    embedded = len(bigrams.embedded)
    again = opened(settings, bigrams)
    assert len(bigrams.embedded) == embedded
    assert again.chunks == made.chunks
    assert again.texts == made.texts
    assert again.owners is not None
    assert again.owners.tolist() == [0, 0, 1, 1, 2, 2, 3, 3]
    for query in ("立体仓库", "联网率 92%", "排产"):
        vector = np.asarray(bigrams.embed_query(query), dtype=np.float32)
        assert again.rank(query, vector, 3) == made.rank(query, vector, 3)


def test_only_what_changed_is_embedded_again(settings: Settings, bigrams: Bigrams) -> None:
    opened(settings, bigrams)
    bigrams.embedded.clear()
    text = TEXT.replace("废水", "废气")
    pieces = [piece.replace("废水", "废气") for piece in PIECES]
    Library(settings, bigrams, note=print).open("甲", entries(pieces, text), {"甲": text})
    assert sorted(bigrams.embedded) == ["废气在线监测。", "总则 废气在线监测。"]


@pytest.mark.parametrize(
    "name", ["meta.json", "arrays.npz", "words.json.gz", "texts.json.gz", "vectors.faiss"]
)
@pytest.mark.parametrize("harm", ["cut", "flip", "gone"])
def test_damage_is_said_and_mended(settings: Settings, bigrams: Bigrams, name: str, harm: str) -> None:
    made = opened(settings, bigrams)
    (victim,) = folder(settings).glob(f"g-*/{name}")
    data = bytearray(victim.read_bytes())
    if harm == "gone":
        victim.unlink()
    else:
        data = data[: len(data) // 2] if harm == "cut" else data
        data[len(data) // 3] ^= 0xFF
        victim.write_bytes(bytes(data))
    notes: list[str] = []
    assert opened(settings, bigrams, notes).chunks == made.chunks
    assert any("将重新建立" in note for note in notes)
    notes.clear()
    opened(settings, bigrams, notes)
    assert not notes


def test_an_index_of_another_format_is_rebuilt(settings: Settings, bigrams: Bigrams) -> None:
    opened(settings, bigrams)
    (meta,) = folder(settings).glob("g-*/meta.json")
    meta.write_text(json.dumps({**json.loads(meta.read_text()), "format": 999}))
    with pytest.raises(InputError, match="已损坏"):
        store.read(folder(settings))
    notes: list[str] = []
    assert len(opened(settings, bigrams, notes)) == len(PIECES)
    assert notes


def test_another_model_does_not_undo_this_one(settings: Settings, bigrams: Bigrams) -> None:
    opened(settings, bigrams)
    notes: list[str] = []
    assert opened(settings, None, notes).dense is None
    assert any("只按字词检索" in note for note in notes)
    bigrams.embedded.clear()
    assert opened(settings, bigrams).dense is not None
    assert not bigrams.embedded


class Bomb:
    def __reduce__(self) -> tuple[object, tuple[str]]:
        return (Path.touch, (Path(self.path),))  # type: ignore[return-value,attr-defined]


def test_a_pickle_in_the_arrays_is_never_run(settings: Settings, bigrams: Bigrams, tmp_path: Path) -> None:
    opened(settings, bigrams)
    bomb = Bomb()
    bomb.path = str(tmp_path / "exploded")  # type: ignore[attr-defined]
    buffer = io.BytesIO()
    np.savez(buffer, starts=np.array([bomb], dtype=object))
    (arrays,) = folder(settings).glob("g-*/arrays.npz")
    arrays.write_bytes(buffer.getvalue())
    (meta,) = folder(settings).glob("g-*/meta.json")
    facts = json.loads(meta.read_text())
    facts["files"]["arrays.npz"] = store._digest(arrays)
    meta.write_text(json.dumps(facts))
    notes: list[str] = []
    opened(settings, bigrams, notes)
    assert notes
    assert not (tmp_path / "exploded").exists()
    pickle.loads(pickle.dumps(bomb))  # noqa: S301  the bomb itself is live
    assert (tmp_path / "exploded").exists()


def test_a_pointer_cannot_lead_outside(settings: Settings, bigrams: Bigrams, tmp_path: Path) -> None:
    opened(settings, bigrams)
    (folder(settings) / "current").write_text("../../../etc")
    assert store.read(folder(settings)) is None


def test_readers_see_a_whole_space_while_one_writes(settings: Settings, bigrams: Bigrams) -> None:
    made = opened(settings, bigrams)
    place = folder(settings)
    stored = store.read(place)
    assert stored is not None
    stop = threading.Event()
    seen: list[int] = []
    failures: list[BaseException] = []

    def read() -> None:
        while not stop.is_set():
            try:
                found = store.read(place)
                seen.append(len(found.space.chunks) if found else -1)
            except BaseException as error:
                failures.append(error)

    readers = [threading.Thread(target=read) for _ in range(2)]
    for reader in readers:
        reader.start()
    for _ in range(25):
        store.write(place, stored.identity, made, stored.keys)
    stop.set()
    for reader in readers:
        reader.join()
    assert not failures
    assert set(seen) == {len(PIECES)}
    assert len(list(place.glob("g-*"))) <= 2


def test_two_processes_may_write(settings: Settings, bigrams: Bigrams) -> None:
    opened(settings, bigrams)
    program = (
        "import sys; from pathlib import Path; from assistant.index import store\n"
        "place = Path(sys.argv[1]); stored = store.read(place)\n"
        "for _ in range(10): store.write(place, stored.identity, stored.space, stored.keys)\n"
    )
    place = str(folder(settings))
    writers = [subprocess.Popen([sys.executable, "-c", program, place]) for _ in range(2)]
    assert [writer.wait(timeout=60) for writer in writers] == [0, 0]
    stored = store.read(folder(settings))
    assert stored is not None
    assert len(stored.space) == len(PIECES)
