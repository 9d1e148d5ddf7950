"""Footage that failed once, by people's reports: is each case right now?

The files lie in a folder (``--cases``) outside of the project; each is redacted by the command and judged frame by
frame by the number, the checkerboard and the lamp that its pictures bear, and by the beeps of its sound.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

import av
from tests.makers import marks
from tests.makers.marks import Shown

from bench.report import Out, run_alone, table

HIDE = ("--hide", "400,200,80,80")
#: How far beep and flash may be apart, in seconds.
TOGETHER = 0.02


@dataclass(frozen=True)
class Clip:
    """What came out: where it lies, and what its frames show."""

    path: Path
    frames: Sequence[Shown]

    @property
    def numbers(self) -> list[int]:
        """The numbers shown, in order."""
        return [frame.number for frame in self.frames]

    @property
    def seconds(self) -> float:
        """How long it is by its container."""
        with av.open(str(self.path)) as container:
            return (container.duration or 0) / 1e6


#: A judgment: what is wrong, or nothing.
Judge = Callable[[Clip], str]


def hidden(clip: Clip) -> str:
    """The checkerboard shows in no frame."""
    seen = [frame.number for frame in clip.frames if frame.open]
    return f"open in {len(seen)} frames from {seen[0]}" if seen else ""


def hidden_from_to(first: int, last: int) -> Judge:
    """The checkerboard shows in just the other frames."""

    def judge(clip: Clip) -> str:
        wrong = [frame.number for frame in clip.frames if frame.open == (first <= frame.number <= last)]
        return f"wrong in {len(wrong)} frames from {wrong[0]}" if wrong else ""

    return judge


def are(*numbers: int) -> Judge:
    """Just these frames."""
    return lambda clip: "" if clip.numbers == list(numbers) else f"{len(clip.numbers)} frames, {clip.numbers[:1]}…"


def together(clip: Clip) -> str:
    """Beep and flash fall together."""
    apart = marks.apart(clip.frames, clip.path)
    return "" if apart is not None and apart <= TOGETHER else f"{apart} s apart"


def lasts(seconds: float, within: float = 0.1) -> Judge:
    """The clip is that long, with its sound."""

    def judge(clip: Clip) -> str:
        sound, first = marks.heard(clip.path)
        longest = max(clip.seconds, (first + len(sound)) / marks.HEARD_RATE)
        return "" if abs(longest - seconds) <= within else f"{longest:.2f} s long"

    return judge


def without_tone(hertz: float) -> Judge:
    """That tone is nowhere in the file."""

    def judge(clip: Clip) -> str:
        sound, _ = marks.heard(clip.path, whole=True)
        loud = (marks.tone_level(sound, hertz) > 0.03).sum()
        return f"{loud / 100:.2f} s of {hertz:.0f} Hz" if loud else ""

    return judge


def shaped(aspect: Fraction) -> Judge:
    """Pixels have that shape."""

    def judge(clip: Clip) -> str:
        with av.open(str(clip.path)) as container:
            found = container.streams.video[0].sample_aspect_ratio
        return "" if found == aspect else f"pixel shape {found}"

    return judge


def sized(width: int, height: int) -> Judge:
    """Pictures have that size."""
    return lambda clip: "" if (clip.frames[0].width, clip.frames[0].height) == (width, height) else "another size"


def timed(rate: float) -> Judge:
    """Frames are shown at that rate."""

    def judge(clip: Clip) -> str:
        wrong = [n for n, frame in enumerate(clip.frames) if abs(frame.time - clip.frames[0].time - n / rate) > 0.01]
        return f"{len(wrong)} frames at another time" if wrong else ""

    return judge


@dataclass(frozen=True)
class Case:
    """A file, options of ``redact``, what is right in words, and how it is judged."""

    file: str
    options: tuple[str, ...]
    right: str
    judges: tuple[Judge, ...]


ALL = are(*range(180))
CASES = (
    Case("pause_600s_rate_0.15fps.mp4", HIDE, "90 frames, hidden, 603 s", (hidden, are(*range(90)), lasts(603))),
    Case("ts_begins_mid_gop_wrong_cut.ts", ("--end", "3s"), "to 3 s", (are(*range(60, 101)), together)),
    Case("ts_begins_mid_gop_wrong_cut.ts", ("--start", "4s"), "from 4 s", (are(*range(131, 180)), together)),
    Case("damaged_middle_end_1s_late.mp4", ("--end", "4s"), "to 4 s", (are(*range(60), *range(90, 120)), lasts(4))),
    Case(
        "damaged_middle_end_1s_late.mp4",
        ("--hide", "400,200,80,80@120-149"),
        "hidden from frame 120 to 149",
        (hidden_from_to(120, 149), together),
    ),
    Case("matrix_hflip_mask_misses.mp4", HIDE, "hidden where it is shown", (hidden, are(*range(90)), together)),
    Case("size_changes_640_to_320_mask_lost.ts", HIDE, "hidden in both sizes", (hidden, ALL, sized(640, 360))),
    Case("trimmed_1s_of_sound_leaks.mp4", (), "no tone of 3 kHz", (without_tone(3000), lasts(3))),
    Case("h264_bframes_in_avi_crash.avi", HIDE, "180 frames, in step", (hidden, ALL, together, timed(30))),
    Case("ts_pts_reset_crash.ts", HIDE, "180 frames, in step", (hidden, ALL, together, lasts(6))),
    Case("sound_overlaps_20ms_crash.ts", HIDE, "180 frames, in step", (hidden, ALL, together, lasts(6))),
    Case("two_pictures_same_pts_crash.mkv", HIDE, "180 frames, hidden", (hidden, ALL, lasts(6))),
    Case(
        "sound_mono_to_stereo_crash.ts",
        ("--start", "1s", "--end", "5s"),
        "4 s, in step",
        (are(*range(30, 150)), together, lasts(4)),
    ),
    Case("raw_h264_all_pictures_at_0.h264", HIDE, "180 frames in 6 s", (hidden, ALL, timed(30), lasts(6))),
    Case("container_sar_lost.mp4", HIDE, "pixels 21:16", (hidden, shaped(Fraction(21, 16)), together)),
    Case("container_sar_lost.mp4", (), "pixels 21:16", (shaped(Fraction(21, 16)), together)),
    Case("fragment_cut_two_good_pictures_lost.mp4", (), "120 frames", (are(*range(120)), together)),
    Case(
        "two_video_tracks_other_than_default.mp4",
        ("--hide", "200,100,40,40"),
        "the default track, hidden",
        (sized(320, 180), ALL, hidden, together),
    ),
    Case(
        "sound_hole_across_end_clip_2s_too_long.mkv",
        ("--start", "1s", "--end", "3.1s"),
        "2.1 s",
        (are(*range(30, 93)), lasts(2.1)),
    ),
)


def row(case: Case, cases: Path, folder: Path) -> list[str]:
    """One line of the table."""
    target = folder / "12:30:00.mp4"
    target.unlink(missing_ok=True)
    words = [sys.executable, "-m", "bodyworn", "redact", str(cases / case.file), target.name, *case.options]
    done = subprocess.run(words, capture_output=True, text=True, check=False, cwd=folder)
    said = (done.stdout + done.stderr).strip().splitlines()
    if done.returncode or not target.exists():
        got = f"ended with {done.returncode}: {said[-1] if said else ''}"[:90]
    else:
        clip = Clip(target, marks.shown(target))
        got = "; ".join(wrong for judge in case.judges if (wrong := judge(clip)))
    return [case.file, " ".join(case.options) or "-", case.right, got or "right"]


def run(out: Out) -> None:
    """Redact, judge and write the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--cases", type=Path, default=Path("../shared/cases/media"), help="folder of the files")
    cases: Path = parser.parse_args(out.words).cases.resolve()
    with tempfile.TemporaryDirectory() as name:
        rows = [row(case, cases, Path(name)) for case in CASES]
    right = sum(one[-1] == "right" for one in rows)
    text = table(["file", "options", "right is", "got"], rows)
    out.section("media_cases", "Footage that failed once", f"{right} of {len(rows)} right.\n\n{text}")


if __name__ == "__main__":
    run_alone(run)
