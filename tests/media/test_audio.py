"""Sound on the recording's clock: start, holes, damage, forms."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import av
import numpy as np
import pytest

from bodyworn.domain import errors
from bodyworn.findings.soundtrack import samples
from bodyworn.media.audio import DecodedAudio, decode_audio, decode_channels
from bodyworn.media.probe import probe
from tests import media_makers as make


def quiet(done: float, total: float, what: str) -> None:
    """Progress to nobody."""


def decode(path: Path, folder: Path) -> DecodedAudio:
    folder.mkdir(exist_ok=True)
    return decode_audio(path, folder, probe(path), quiet)


def channel(decoded: DecodedAudio, folder: Path, number: int = 0) -> np.ndarray:
    return samples.read(folder / decoded.channels[number].file, 0, 10**9).astype(float) / 32768


def test_float_wav_keeps_level_and_length(tmp_path: Path) -> None:
    path = make.wav_float(tmp_path / "a.wav", [make.tone(1.0, 440, 0.5)])
    sound = channel(decode(path, tmp_path / "o"), tmp_path / "o")
    assert len(sound) == 16_000
    assert np.sqrt((sound**2).mean()) == pytest.approx(0.5 / np.sqrt(2), rel=0.01)


def test_other_rates_are_resampled(tmp_path: Path) -> None:
    path = make.wav_pcm(tmp_path / "a.wav", [make.tone(2.0, 1000, rate=44_100)], rate=44_100)
    sound = channel(decode(path, tmp_path / "o"), tmp_path / "o")
    assert abs(len(sound) - 32_000) <= 20
    assert np.abs(np.fft.rfft(sound[:16_000])).argmax() == 1000


def test_channels_and_tracks_apart(tmp_path: Path) -> None:
    path = make.wav_pcm(tmp_path / "a.wav", [make.tone(1.0, 300), make.tone(1.0, 700)])
    decoded = decode(path, tmp_path / "o")
    peaks = [np.abs(np.fft.rfft(channel(decoded, tmp_path / "o", n))).argmax() for n in (0, 1)]
    assert peaks == [300, 700]
    tracks = decode(make.two_tracks(tmp_path / "b.mp4"), tmp_path / "p")
    assert [(one.stream, one.channel) for one in tracks.channels] == [(1, 0), (2, 0)]


def test_late_start_is_filled_with_silence(tmp_path: Path) -> None:
    path = make.movie(tmp_path / "a.mkv", 4.0, audio=[[make.tone(2.0)]], audio_start=Fraction(2))
    sound = channel(decode(path, tmp_path / "o"), tmp_path / "o")
    first = np.flatnonzero(np.abs(sound) > 0.05)[0]
    assert abs(first - 32_000) < 1200
    assert np.abs(sound[:30_000]).max() == 0


def with_hole(path: Path) -> Path:
    """Six seconds of tone in Matroska whose packets from 2 s to 4 s are not there."""
    whole = make.movie(path.with_name("whole.mkv"), 6.0, audio=[[make.tone(6.0)]])
    with av.open(str(whole)) as source, av.open(str(path), "w") as target:
        streams = {s.index: target.add_stream_from_template(s) for s in source.streams}
        for packet in source.demux():
            if packet.pts is None:
                continue
            time = float(packet.pts * packet.time_base)
            if packet.stream.type == "audio" and 2.0 <= time < 4.0:
                continue
            packet.stream = streams[packet.stream.index]
            target.mux(packet)
    return path


def test_hole_in_the_time_stamps_keeps_the_clock(tmp_path: Path) -> None:
    decoded = decode(with_hole(tmp_path / "a.mkv"), tmp_path / "o")
    (gap,) = decoded.gaps["1"]
    assert abs(gap.start_ms - 2000) < 120
    assert abs(gap.end_ms - 4000) < 120
    sound = channel(decoded, tmp_path / "o")
    assert abs(len(sound) - 96_000) < 1500
    assert np.abs(sound[34_000:62_000]).max() < 0.001
    assert np.abs(sound[66_000:70_000]).max() > 0.2


def test_damaged_packets_are_passed_over(tmp_path: Path) -> None:
    path = make.movie(tmp_path / "a.mp4", 6.0, audio=[[make.tone(6.0)]])
    with av.open(str(path)) as container:
        entries = [(e.pos, e.size) for e in container.streams.audio[0].index_entries][30:45]
    data = bytearray(path.read_bytes())
    for position, size in entries:
        data[position : position + size] = b"\xff" * size
    path.write_bytes(data)
    decoded = decode(path, tmp_path / "o")
    assert decoded.damaged["1"] > 0
    sound = channel(decoded, tmp_path / "o")
    assert np.abs(sound[80_000:90_000]).max() > 0.2
    assert sum(gap.length_ms for gap in decoded.gaps["1"]) > 500


def test_no_sound_is_said(tmp_path: Path) -> None:
    with pytest.raises(errors.NotMedia, match="no audio"):
        decode(make.without_sound(tmp_path / "a.mp4"), tmp_path / "o")


def silent_flac(path: Path, minutes: int) -> Path:
    """Silence as a FLAC, which takes next to no room: a day of it fits into 17 MB."""
    with av.open(str(path), "w") as out:
        stream = out.add_stream("flac", rate=8000, layout="mono")
        frame = av.AudioFrame.from_ndarray(np.zeros((1, 8000 * 60), np.int16), format="s16", layout="mono")
        for minute in range(minutes):
            frame.sample_rate, frame.pts = 8000, minute * 8000 * 60
            out.mux(stream.encode(frame))
        out.mux(stream.encode(None))
    return path


def test_a_long_silence_is_decoded_in_steps_that_are_told(tmp_path: Path) -> None:
    path = silent_flac(tmp_path / "day.flac", 20)
    assert path.stat().st_size < 1_000_000
    told: list[float] = []
    decoded = decode_audio(path, tmp_path, probe(path), lambda done, total, _: told.append(done / total))
    assert len(told) >= 20
    assert told == sorted(told)
    assert decoded.channels[0].samples == 20 * 60 * samples.RATE
    assert (tmp_path / "channel-0-0.wav").stat().st_size < 20 * 60 * samples.RATE * 2 + 100


def test_more_sound_than_one_file_can_hold_is_one_sentence(tmp_path: Path) -> None:
    path = silent_flac(tmp_path / "days.flac", 2)
    with pytest.raises(errors.InputError, match="more than 0 hours of sound"):
        decode_channels(str(path), str(tmp_path), 0, 120_000, most_seconds=60)
