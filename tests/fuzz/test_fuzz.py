"""Ten minutes of spoiled containers, for ``make test-all``.

``FUZZ_SECONDS`` and ``FUZZ_SEED`` say how long and from which number on; each day begins with another one. What breaks
the program is kept in ``FUZZ_FOLDER`` (``.fuzz/`` of the project) under the number that makes it again.
"""

from __future__ import annotations

import os
import shutil
import time
from pathlib import Path

import pytest

from tests.fuzz.mutating import bases, spoiled
from tests.fuzz.trying import tried

ROOT = Path(__file__).resolve().parents[2]
KEPT = Path(os.environ.get("FUZZ_FOLDER", ROOT / ".fuzz"))
MOST_PARENT_MIB = 300
MOST_SECONDS = 60
LONG = float(os.environ.get("FUZZ_SECONDS", "600"))


def test_the_same_number_spoils_a_container_in_the_same_way(tmp_path: Path) -> None:
    base = tmp_path / "base"
    base.write_bytes(bytes(range(256)) * 64)
    made = [spoiled(base, tmp_path / f"{n}-{again}", n).read_bytes() for n in range(20) for again in range(2)]
    assert made[::2] == made[1::2]
    assert len(set(made)) > 15


@pytest.mark.slow
@pytest.mark.timeout(LONG + 300)
def test_spoiled_containers_end_in_a_clip_or_in_a_sentence(tmp_path: Path) -> None:
    end = time.monotonic() + LONG
    seed = int(os.environ.get("FUZZ_SEED", time.time() // 86_400 * 1_000_000))
    whole = bases(tmp_path)
    finds: list[str] = []
    count = 0
    while time.monotonic() < end:
        base = whole[seed % len(whole)]
        folder = tmp_path / "out"
        folder.mkdir()
        path = spoiled(base, tmp_path / f"{seed}{base.suffix}", seed)
        found = tried(path, folder)
        if not found.good or found.parent_mib > MOST_PARENT_MIB or found.seconds > MOST_SECONDS:
            KEPT.mkdir(exist_ok=True)
            shutil.copy(path, KEPT)
            finds.append(f"{path.name}: {found}")
        shutil.rmtree(folder)
        path.unlink()
        seed, count = seed + 1, count + 1
    assert not finds, f"{len(finds)} of {count} files are kept in {KEPT}:\n" + "\n".join(finds)
