"""Redaction of a file from outside: decoded in a child without rights, with limits, and whole or not there."""

from __future__ import annotations

import signal
import subprocess
import sys
from pathlib import Path

import pytest

from bodyworn.domain.errors import BodywornError, DamagedMedia, NotMedia
from bodyworn.domain.redaction import Reason, Region
from bodyworn.media.probe import probe
from bodyworn.redactions import planning
from bodyworn.redactions.checking import check
from bodyworn.redactions.choices import RedactionChoices
from bodyworn.redactions.rendering import RedactionRequest, describe, redact, render_plan
from tests.fuzz.mutating import avi, png
from tests.makers import marked, marks
from tests.makers.marked import Footage, Sound, even
from tests.media.test_sandbox import eventually

HIDE = RedactionChoices(
    (Region("region-1", *marks.place(marks.BOARD, *marked.SIZE), 0, None, False, Reason.OTHER, "a"),)
)
NO_CLASSES = RedactionRequest(classes=(), choices=HIDE)


def test_nothing_is_decoded_in_the_program_itself(tmp_path: Path) -> None:
    marked.write(tmp_path / "in.mp4", Footage(even(30), sound=Sound()))
    code = """
import sys
from pathlib import Path
from bodyworn.redactions import planning
from bodyworn.redactions.checking import check
from bodyworn.redactions.rendering import RedactionRequest, redact, render_plan
folder = Path(sys.argv[1])
source = folder / "in.mp4"
done = redact(source, folder / "one.mp4", RedactionRequest())
plan = planning.propose(source, RedactionRequest())
render_plan(plan, source, folder / "two.mp4")
planning.preview(plan, source, "a.png")
check(folder / "one.mp4", plan)
print([name for name in ("av", "cv2", "onnxruntime", "numpy") if name in sys.modules])
"""
    done = subprocess.run([sys.executable, "-c", code, str(tmp_path)], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_what_a_clip_masks_is_told_as_it_was_drawn(tmp_path: Path) -> None:
    source = marked.write(tmp_path / "in.mp4", Footage(even(30)))
    done = redact(source, tmp_path / "out.mp4", NO_CLASSES)
    masks = list(done.masked())
    assert [mask.frame for mask in masks] == list(range(84))
    assert [mask.time_us for mask in masks] == list(done.rendered.times_us)
    assert not any(frame.open for frame in marks.shown(tmp_path / "out.mp4"))
    again = render_plan(done.plan, source, tmp_path / "again.mp4")
    assert again.rendered.times_us == done.rendered.times_us
    assert describe(source) == done.plan.source


def test_pictures_too_large_to_be_real_are_refused(tmp_path: Path) -> None:
    large = avi(tmp_path / "in.avi", b"MPNG", (12_000, 12_000), [png(12_000, 12_000)] * 3, (1, 1))
    for work in (lambda: redact(large, tmp_path / "out.mp4", NO_CLASSES), lambda: describe(large)):
        with pytest.raises(DamagedMedia):
            work()
    assert not (tmp_path / "out.mp4").exists()
    assert [path.name for path in tmp_path.iterdir()] == ["in.avi"]


def test_a_file_that_is_no_video_leaves_nothing_behind(tmp_path: Path) -> None:
    note = tmp_path / "note.mp4"
    note.write_text("This is a note.\n" * 100)
    with pytest.raises(NotMedia):
        redact(note, tmp_path / "out.mp4", NO_CLASSES)
    with pytest.raises(BodywornError):
        planning.propose(note, NO_CLASSES)
    with pytest.raises(BodywornError):
        check(note)
    assert [path.name for path in tmp_path.iterdir()] == ["note.mp4"]


@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGTERM, signal.SIGKILL])
def test_a_stopped_redaction_stops_its_child_and_leaves_no_clip(how: signal.Signals, tmp_path: Path) -> None:
    source = marked.write(tmp_path / "in.mp4", Footage(even(30, 20.0), size=(640, 360)))
    target = tmp_path / "out.mp4"
    words = [sys.executable, "-m", "bodyworn", "redact", str(source), str(target)]
    with subprocess.Popen(words, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as program:
        assert eventually(lambda: any(file.stat().st_size for file in tmp_path.glob(".*.mp4")))
        children = children_of(program.pid)
        assert children
        program.send_signal(how)
        program.wait(timeout=30)
    assert eventually(lambda: not any(Path(f"/proc/{child}").exists() for child in children))
    assert not target.exists()
    assert how is signal.SIGKILL or not list(tmp_path.glob(".*.mp4"))


def children_of(process: int) -> list[int]:
    """Processes that it started."""
    found = []
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit() and (entry / "stat").exists():
            parent = (entry / "stat").read_text().rpartition(")")[2].split()[1]
            found += [int(entry.name)] if parent == str(process) else []
    return found


def test_of_several_picture_tracks_the_default_one_is_taken_and_the_others_are_named(tmp_path: Path) -> None:
    source = two_tracks(tmp_path / "in.mkv")
    facts = probe(source)
    assert [(one.index, one.width) for one in facts.video] == [(1, 320), (0, 640)]
    assert "Of 2 picture tracks track 1 is used, not 0 (640 x 360)" in facts.problems
    done = redact(source, tmp_path / "out.mp4", NO_CLASSES)
    assert (done.rendered.width, done.rendered.height, done.rendered.pictures_left) == (320, 180, 1)


def two_tracks(path: Path) -> Path:
    """A large track of no consequence, and behind it the scene, which is the default."""
    import av
    from av.stream import Disposition

    with av.open(str(path), "w") as out:
        streams = [out.add_stream("libx264", rate=30) for _ in range(2)]
        sizes = ((640, 360), marked.SIZE)
        for stream, (width, height), kind in zip(streams, sizes, (Disposition(0), Disposition.default), strict=True):
            stream.width, stream.height, stream.pix_fmt = width, height, "yuv420p"
            stream.disposition = kind
        for number in range(30):
            for stream, size in zip(streams, sizes, strict=True):
                gray = marks.picture(number, *size, lit=False)
                frame = av.VideoFrame.from_ndarray(gray, format="gray").reformat(format="yuv420p")
                frame.pts = number
                out.mux(stream.encode(frame))
        for stream in streams:
            out.mux(stream.encode(None))
    return path
