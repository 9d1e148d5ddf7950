from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import av
import numpy as np
import pytest

from bodyworn.media.clip import write_clip


def write(path: Path, count: int = 24, seconds: float = 1.0) -> None:
    rng = np.random.default_rng(3)
    frames = [rng.integers(16, 235, (96, 64), dtype=np.uint8) for _ in range(count)]
    tone = (0.3 * np.sin(np.arange(int(24_000 * seconds)) * 0.1)).astype(np.float32)
    tags = {"title": "A clip", "creation_time": "2026-01-02T03:04:05.000000Z", "location": "+10.0000+020.0000/"}
    write_clip(path, frames, tone, size=(64, 64), rate=Fraction(24), sample_rate=24_000, tags=tags)


def test_a_clip_has_its_frames_its_sound_and_its_tags(tmp_path: Path) -> None:
    write(tmp_path / "a.mp4")
    with av.open(str(tmp_path / "a.mp4")) as file:
        assert file.metadata["title"] == "A clip"
        assert file.metadata["creation_time"] == "2026-01-02T03:04:05.000000Z"
        assert file.metadata["location"] == "+10.0000+020.0000/"
        times = [frame.time for frame in file.decode(video=0)]
    assert times == pytest.approx([n / 24 for n in range(24)])
    with av.open(str(tmp_path / "a.mp4")) as file:
        sound = np.concatenate([frame.to_ndarray()[0] for frame in file.decode(audio=0)])
    assert len(sound) == pytest.approx(24_000, abs=1024)
    assert np.sqrt((sound[4000:20_000] ** 2).mean()) == pytest.approx(0.3 / np.sqrt(2), rel=0.05)


def test_sound_longer_than_the_pictures_is_kept_to_its_end(tmp_path: Path) -> None:
    write(tmp_path / "a.mp4", count=12, seconds=1.5)
    with av.open(str(tmp_path / "a.mp4")) as file:
        heard = sum(frame.samples for frame in file.decode(audio=0))
    assert heard == pytest.approx(36_000, abs=1024)


def test_the_same_input_gives_the_same_bytes(tmp_path: Path) -> None:
    write(tmp_path / "a.mp4")
    write(tmp_path / "b.mp4")
    assert (tmp_path / "a.mp4").read_bytes() == (tmp_path / "b.mp4").read_bytes()
