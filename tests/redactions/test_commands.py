"""``bodyworn redact`` and ``bodyworn redactions``, as they are typed."""

from __future__ import annotations

import csv
import json
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from bodyworn.access.identity import local_actor
from bodyworn.cli.reference.json_shapes import SHAPES
from bodyworn.domain.digest import Digest
from bodyworn.domain.errors import InputError
from bodyworn.domain.progress import Progress
from bodyworn.findings import plan as stages
from bodyworn.media.footage import Clip, Footage
from bodyworn.media.frame_numbers import FrameNumbers
from bodyworn.redactions.plan_files import read_plan
from bodyworn.redactions.source import LoneFile, RecordingSource, TwoHearings
from tests import media_makers as make
from tests.makers.commands import CommandRunner
from tests.redactions.plans import speech_stages, utterances

HEAD = ["frame", "time_ms", "class", "x", "y", "w", "h", "track", "source"]


@pytest.fixture(autouse=True)
def library(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where the library of the test is, if it makes one."""
    folder = tmp_path / "library"
    monkeypatch.setenv("BODYWORN_LIBRARY", str(folder))
    monkeypatch.setenv("BODYWORN_WORKERS", "0")
    return folder


#: Runs a command that must end well; gives what it wrote to the output stream.
Run = Callable[..., str]


@pytest.fixture
def run(run_command: CommandRunner) -> Run:
    return lambda *words: run_command.well(*words).out


@pytest.fixture
def driver(shared_media: Path) -> Path:
    return shared_media / "video" / "driver_in_car.mp4"


@pytest.fixture
def taken(run: Run, driver: Path) -> str:
    """The name of a recording in custody."""
    run("recordings", "add", driver)
    return driver.name


def rows(path: Path) -> list[dict[str, str]]:
    with path.open() as file:
        read = csv.DictReader(file)
        assert read.fieldnames == HEAD
        return list(read)


def detail(luma: np.ndarray) -> float:
    """How much neighboring pixels bend; the noise of a mask, which differs each time, has none of it."""
    return float(np.abs(np.diff(luma.astype(int), n=2, axis=1)).mean())


def test_one_command_hides_the_face_in_every_frame(run: Run, tmp_path: Path, driver: Path) -> None:
    out, boxes, plan = tmp_path / "out.mp4", tmp_path / "boxes.csv", tmp_path / "plan.json"
    said = run("redact", driver, out, "--boxes", boxes, "--plan", plan)
    assert {int(row["frame"]) for row in rows(boxes)} == set(range(120))
    assert {row["class"] for row in rows(boxes)} == {"face"}
    assert str(Digest.of_file(plan)) in said
    assert read_plan(plan).digest == Digest.of_file(plan)
    assert str(Digest.of_file(out)) in said
    row = rows(boxes)[30]
    x, y, w, h = (int(row[name]) for name in "xywh")
    with Footage(driver) as before, Footage(out) as after:
        old, new = (
            next(iter(f.frames(Clip(FrameNumbers(path).times_us[30])))).planes
            for f, path in ((before, driver), (after, out))
        )
    assert detail(old.y[y : y + h, x : x + w]) > 5 * detail(new.y[y : y + h, x : x + w])


def test_a_redaction_renders_the_same_boxes_and_a_kept_track_stays_open(
    run: Run, run_command: CommandRunner, tmp_path: Path, driver: Path, taken: str
) -> None:
    red = run("redactions", "plan", taken, "--start", "30f", "--end", "60f").strip()
    run("redactions", "render", red, tmp_path / "a.mp4", "--boxes", tmp_path / "a.csv")
    run("redact", driver, tmp_path / "b.mp4", "--start", "30f", "--end", "60f", "--boxes", tmp_path / "b.csv")
    assert rows(tmp_path / "a.csv") == rows(tmp_path / "b.csv")
    assert [int(row["frame"]) for row in rows(tmp_path / "a.csv")] == list(range(30))
    assert rows(tmp_path / "a.csv")[0]["time_ms"] == "0"
    edits = ["--keep", "face-1", "--hide", "0,0,40,30@35-40", "--sound", "mute:1100-1400:pii.name"]
    assert run("redactions", "edit", taken, *edits, "--version", "1").strip() == red
    run("redactions", "render", red[:10], tmp_path / "c.mp4", "--boxes", tmp_path / "c.csv")
    assert {(row["class"], int(row["frame"])) for row in rows(tmp_path / "c.csv")} == {
        ("region", n) for n in range(5, 11)
    }
    run("redactions", "export", red, tmp_path / "plan.json")
    changed = read_plan(tmp_path / "plan.json")
    assert changed.tracks[0].kept_by == changed.regions[0].added_by == local_actor("cli").id
    assert changed.sound[0].reason == "pii.name"
    late = run_command("redactions", "edit", red, "--hide", "0,0,9,9", "--version", "1")
    assert (late.code, "was changed in the meantime" in late.err) == (3, True)


def test_the_plan_of_redact_and_the_plan_of_a_redaction_are_the_same(
    run: Run, tmp_path: Path, driver: Path, taken: str
) -> None:
    words = ["--start", "10f", "--end", "40f", "--hide", "5,5,20,20", "--style", "solid", "--encode-all"]
    run("redact", driver, tmp_path / "out.mp4", *words, "--plan", tmp_path / "a.json")
    run("redactions", "plan", taken, *words)
    run("redactions", "export", taken, tmp_path / "b.json")
    assert (tmp_path / "a.json").read_text() == (tmp_path / "b.json").read_text()
    run("redactions", "render", taken, tmp_path / "again.mp4")
    assert Digest.of_file(tmp_path / "again.mp4") == Digest.of_file(tmp_path / "out.mp4")


def test_a_plan_file_is_imported_and_shown(run: Run, tmp_path: Path, driver: Path, taken: str) -> None:
    run("redact", driver, tmp_path / "out.mp4", "--end", "12f", "--plan", tmp_path / "plan.json")
    red = run("redactions", "import", taken, tmp_path / "plan.json").strip()
    shown = json.loads(run("redactions", "show", red, "--json", "-"))
    assert shown["plan"] == json.loads((tmp_path / "plan.json").read_text())
    assert shown["versions"][0]["change"]["kind"] == "imported"
    assert "face-1" in run("redactions", "show", taken)
    listed = json.loads(run("redactions", "list", taken, "--json", "-"))
    assert listed["id"] == red
    assert red in run("redactions", "list")


def test_redact_needs_no_library_and_makes_none(run: Run, tmp_path: Path, library: Path) -> None:
    run("redact", make.with_sound(tmp_path / "in.mp4", 0.5), tmp_path / "out.mp4")
    assert not library.exists()
    assert sorted(path.name for path in tmp_path.iterdir()) == ["in.mp4", "out.mp4"]


def test_a_region_to_keep_opens_the_face_in_it(run: Run, tmp_path: Path, driver: Path) -> None:
    run(
        "redact",
        driver,
        tmp_path / "o.mp4",
        "--end",
        "30f",
        "--keep",
        "0,0,176,144@10-19",
        "--boxes",
        tmp_path / "b.csv",
    )
    assert {int(row["frame"]) for row in rows(tmp_path / "b.csv")} == set(range(30)) - set(range(10, 20))


def test_a_preview_shows_masked_pictures(run: Run, run_command: CommandRunner, tmp_path: Path, taken: str) -> None:
    run("redactions", "plan", taken, "--end", "20f")
    run("redactions", "preview", taken, tmp_path / "sheet.png")
    assert (tmp_path / "sheet.png").read_bytes().startswith(b"\x89PNG")
    refused = run_command("redactions", "preview", taken, tmp_path / "sheet.bmp")
    assert (refused.code, "a picture cannot be written as .bmp" in refused.err) == (2, True)


def test_the_check_says_which_frames_leak(
    run: Run, run_command: CommandRunner, tmp_path: Path, driver: Path, taken: str
) -> None:
    clip, plan = tmp_path / "bad.mp4", tmp_path / "plan.json"
    run("redact", driver, clip, "--end", "12f", "--keep", "0,0,176,144@4-6", "--plan", plan)
    checked = run_command("redactions", "check", clip, "--json", "-", "--sheet", tmp_path / "leaks.png")
    assert checked.code == 1
    assert (tmp_path / "leaks.png").read_bytes().startswith(b"\x89PNG")
    assert set(json.loads(checked.out)) == keys_of("redactions check")
    leaks = {leak["frame"] for leak in json.loads(checked.out)["leaks"]}
    assert leaks >= {4, 5, 6}
    run("redactions", "check", clip, "--plan", plan)
    run("redactions", "import", taken, plan)
    nothing = run("redactions", "check", taken, "--sheet", tmp_path / "none.png")
    assert "nothing still shows, so there are no pictures" in nothing
    assert not (tmp_path / "none.png").exists()
    run("redactions", "check", clip, "--redaction", taken)


def test_plain_numbers_are_seconds_where_a_clip_is_cut_and_that_is_told(
    run_command: CommandRunner, tmp_path: Path
) -> None:
    source = make.with_sound(tmp_path / "in.mp4", 3.0)
    cut = run_command.well("redact", source, tmp_path / "a.mp4", "--start", "1", "--end", "2")
    assert "from 0:01.0 to 0:02.0 of the recording, 1.0 s" in cut.out
    assert "--start 1 was taken for 1 second; frame 1 is typed 1f" in cut.err
    assert "--end 2 was taken for 2 seconds; frame 2 is typed 2f" in cut.err
    timed = run_command.well("redact", source, tmp_path / "b.mp4", "--start", "0.4s", "--hide", "1,2,30,40@0:01-0:02")
    assert "taken for" not in timed.err


def test_plain_numbers_of_a_region_are_frames_and_that_is_told(run_command: CommandRunner, tmp_path: Path) -> None:
    source = make.with_sound(tmp_path / "in.mp4", 3.0)
    told = run_command.well("redact", source, tmp_path / "a.mp4", "--hide", "1,2,30,40@30-59").err
    assert "--hide 1,2,30,40@30-59 was taken for frames 30 to 59, 0:01.0 to 0:02.0" in told


@pytest.mark.parametrize(
    "words",
    [
        ("redact", "none.mp4", "out.mp4"),
        ("redactions", "import", "in.mp4", "none.mp4"),
        ("redactions", "check", "none.mp4", "--plan", "none.json"),
        ("findings", "cues", "none.mp4"),
        ("recordings", "add", "in.mp4", "--sidecar", "none.mp4", "--mapping", "in.mp4"),
    ],
)
def test_a_missing_file_is_told_in_the_same_words_everywhere(
    run: Run, run_command: CommandRunner, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, words: tuple[str, ...]
) -> None:
    monkeypatch.chdir(tmp_path)
    run("recordings", "add", make.with_sound(tmp_path / "in.mp4", 0.5))
    ended = run_command(*words)
    assert (ended.code, "none.mp4: there is no such file. Check the path." in ended.err) == (2, True), ended.err


def test_a_track_to_keep_that_was_not_there_is_an_error(run_command: CommandRunner, tmp_path: Path) -> None:
    source = make.with_sound(tmp_path / "in.mp4", 0.5)
    ended = run_command("redact", source, tmp_path / "out.mp4", "--keep", "face-99")
    assert (ended.code, "there was no track face-99 to keep" in ended.err) == (1, True)
    assert (tmp_path / "out.mp4").is_file()


@pytest.mark.parametrize(
    ("region", "where"),
    [("5000,40,200,80", "the picture"), ("0,999,9,9", "the picture"), ("0,0,9,9@0:01.5-", "the clip")],
)
def test_a_region_that_cannot_show_is_refused_everywhere(
    run: Run, run_command: CommandRunner, tmp_path: Path, region: str, where: str
) -> None:
    source = make.with_sound(tmp_path / "in.mp4", 2.0)
    run("recordings", "add", source)
    run("redactions", "plan", "in.mp4", "--end", "1s")
    for words in (
        ("redactions", "edit", "in.mp4"),
        ("redactions", "plan", "in.mp4", "--end", "1s"),
        ("redact", source, tmp_path / "out.mp4", "--end", "1s"),
    ):
        ended = run_command(*words, "--hide", region)
        assert (ended.code, f"lies outside of {where}" in ended.err) == (2, True), ended.err
    assert not (tmp_path / "out.mp4").exists()


def test_a_hidden_region_can_be_taken_back(run: Run, run_command: CommandRunner, tmp_path: Path) -> None:
    run("recordings", "add", make.with_sound(tmp_path / "in.mp4", 0.5))
    run("redactions", "plan", "in.mp4")
    run("redactions", "edit", "in.mp4", "--hide", "10,10,50,50")
    back = json.loads(run("redactions", "edit", "in.mp4", "--keep", "region-1", "--json", "-"))
    assert back["plan"]["regions"] == []
    assert back["versions"][-1]["change"]["taken_back"] == ["region-1"]
    assert "took back region-1" in run("redactions", "show", "in.mp4")


def keys_of(command: str) -> set[str]:
    return set(SHAPES[command].keys)


def test_every_step_can_be_had_as_json(run: Run, tmp_path: Path) -> None:
    source = make.with_sound(tmp_path / "in.mp4", 0.5)
    run("recordings", "add", source)
    steps = {
        "redactions plan": ("in.mp4",),
        "redactions edit": ("in.mp4", "--hide", "1,2,30,40"),
        "redactions show": ("in.mp4",),
        "redactions preview": ("in.mp4", tmp_path / "sheet.png"),
        "redactions render": ("in.mp4", tmp_path / "out.mp4"),
        "redactions export": ("in.mp4", tmp_path / "plan.json"),
        "redactions import": ("in.mp4", tmp_path / "plan.json"),
        "redact": (source, tmp_path / "lone.mp4"),
    }
    for command, words in steps.items():
        assert set(json.loads(run(*command.split(), *words, "--json", "-"))) == keys_of(command), command
    listed = run("redactions", "list", "--json", "-").splitlines()
    assert len(listed) == 2
    assert set(json.loads(listed[0])) == keys_of("redactions list")


def test_times_and_frames_mean_the_same_cut(run: Run, tmp_path: Path) -> None:
    source = make.with_sound(tmp_path / "in.mp4", 2.0)
    for name, start, end in (("a", "15f", "45f"), ("b", "0.5s", "1.5s"), ("c", "0:00.5", "0:01.5")):
        said = run("redact", source, tmp_path / f"{name}.mp4", "--start", start, "--end", end)
        assert "30 frames" in said


@pytest.mark.parametrize(
    "words",
    [
        ["--classes", "noses"],
        ["--style", "smear"],
        ["--start", "soon"],
        ["--keep", "1,2,3"],
        ["--hide", "1,2,0,4"],
        ["--hide", "1,2,3,4@9-2"],
        ["--keep", "nose-1"],
        ["--keep", "face"],
        ["--keep", "plate-1"],
        ["--start", "30", "--end", "20"],
        ["--hide", "5,5,9,9@99999999999999999999s-"],
    ],
)
def test_what_makes_no_sense_is_refused_before_anything_is_written(
    run_command: CommandRunner, tmp_path: Path, words: list[str]
) -> None:
    source = make.with_sound(tmp_path / "in.mp4", 1.0)
    ended = run_command("redact", source, tmp_path / "out.mp4", *words)
    assert ended.code == 2
    assert all(python not in ended.err for python in ("invalid literal", "Traceback", "base 10"))
    assert [path.name for path in tmp_path.iterdir()] == ["in.mp4"]


def test_a_plan_for_another_recording_is_refused(run: Run, run_command: CommandRunner, tmp_path: Path) -> None:
    one, other = make.with_sound(tmp_path / "1.mp4", 0.5), make.with_sound(tmp_path / "2.mp4", 1.0)
    run("redact", one, tmp_path / "out.mp4", "--plan", tmp_path / "plan.json")
    run("recordings", "add", other)
    refused = run_command("redactions", "import", "2.mp4", tmp_path / "plan.json")
    assert (refused.code, "made for another recording" in refused.err) == (2, True)


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"format": "x"}', "[" * 100_000])
def test_a_file_that_is_no_plan_is_refused(tmp_path: Path, text: str) -> None:
    (tmp_path / "plan.json").write_text(text)
    with pytest.raises(InputError, match="plan"):
        read_plan(tmp_path / "plan.json")


def test_words_and_voices_are_picked_from_the_transcript(
    run: Run, run_command: CommandRunner, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(stages, "STAGES", speech_stages(tmp_path / "tally"))
    run("recordings", "add", make.with_sound(tmp_path / "in.mp4", 3.0))
    assert "0:01.4  S2 (community)  My name is Marisol Vega." in run("redactions", "words", "in.mp4")
    said = [json.loads(line) for line in run("redactions", "words", "in.mp4", "--json", "-").splitlines()]
    assert said == utterances()
    run("redactions", "plan", "in.mp4")
    made = run("redactions", "edit", "in.mp4", "--say", "Marisol Vega:pii.name", "--disguise", "S1", "--json", "-")
    assert [span["id"] for span in json.loads(made)["plan"]["sound"]] == ["words-1", "voice-1"]
    refused = run_command("redactions", "edit", "in.mp4", "--say", "elsewhere")
    assert (refused.code, "was not found in the transcript" in refused.err) == (2, True)


def test_a_larger_speech_model_can_be_named(run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str | None] = []

    def heard_twice(_self: object, model: str | None, _progress: Progress) -> TwoHearings:
        asked.append(model)
        return TwoHearings(())

    monkeypatch.setattr(LoneFile, "heard_twice", heard_twice)
    monkeypatch.setattr(RecordingSource, "heard_twice", heard_twice)
    clip = make.movie(tmp_path / "in.mp4", 0.5)
    run("redact", clip, tmp_path / "out.mp4", "--classes", "speech", "--model", "large")
    run("recordings", "add", clip)
    run("redactions", "plan", "in.mp4", "--classes", "speech")
    assert asked == ["large", None]
