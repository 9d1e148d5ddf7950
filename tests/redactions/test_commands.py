"""``bodyworn redact`` and ``bodyworn redactions``, as they are typed."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from typer.testing import CliRunner

from bodyworn.access.identity import local_actor
from bodyworn.cli.app import app
from bodyworn.domain.digest import Digest
from bodyworn.domain.errors import BodywornError, Conflict, InputError
from bodyworn.domain.progress import Progress
from bodyworn.findings import plan as stages
from bodyworn.media.footage import Clip, Footage
from bodyworn.media.frame_numbers import FrameNumbers
from bodyworn.redactions.plan_files import read_plan
from bodyworn.redactions.source import LoneFile, RecordingSource
from tests import media_makers as make
from tests.redactions.plans import speech_stages, utterances

HEAD = ["frame", "time_ms", "class", "x", "y", "w", "h", "track", "source"]


@pytest.fixture(autouse=True)
def library(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where the library of the test is, if it makes one."""
    folder = tmp_path / "library"
    monkeypatch.setenv("BODYWORN_LIBRARY", str(folder))
    monkeypatch.setenv("BODYWORN_WORKERS", "0")
    return folder


def run(*words: object) -> str:
    result = CliRunner().invoke(app, [str(word) for word in words])
    if isinstance(result.exception, BodywornError):
        raise result.exception
    assert result.exit_code == 0, result.output
    return result.stdout


@pytest.fixture
def driver(shared_media: Path) -> Path:
    return shared_media / "video" / "driver_in_car.mp4"


@pytest.fixture
def taken(driver: Path) -> str:
    """The name of a recording in custody."""
    run("recordings", "add", driver)
    return driver.name


def rows(path: Path) -> list[dict[str, str]]:
    with path.open() as file:
        read = csv.DictReader(file)
        assert read.fieldnames == HEAD
        return list(read)


def test_one_command_hides_the_face_in_every_frame(tmp_path: Path, driver: Path) -> None:
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
    assert old.y[y : y + h, x : x + w].std() > 1.5 * new.y[y : y + h, x : x + w].std()


def test_a_redaction_renders_the_same_boxes_and_a_kept_track_stays_open(
    tmp_path: Path, driver: Path, taken: str
) -> None:
    red = run("redactions", "plan", taken, "--start", "30", "--end", "60").strip()
    run("redactions", "render", red, tmp_path / "a.mp4", "--boxes", tmp_path / "a.csv")
    run("redact", driver, tmp_path / "b.mp4", "--start", "30", "--end", "60", "--boxes", tmp_path / "b.csv")
    assert rows(tmp_path / "a.csv") == rows(tmp_path / "b.csv")
    assert [int(row["frame"]) for row in rows(tmp_path / "a.csv")] == list(range(30))
    assert rows(tmp_path / "a.csv")[0]["time_ms"] == "0"
    edits = ["--keep", "face-1", "--hide", "0,0,40,30@35-40", "--sound", "mute:100-400:pii.name"]
    assert run("redactions", "edit", taken, *edits, "--version", "1").strip() == red
    run("redactions", "render", red[:10], tmp_path / "c.mp4", "--boxes", tmp_path / "c.csv")
    assert {(row["class"], int(row["frame"])) for row in rows(tmp_path / "c.csv")} == {
        ("region", n) for n in range(5, 11)
    }
    run("redactions", "export", red, tmp_path / "plan.json")
    changed = read_plan(tmp_path / "plan.json")
    assert changed.tracks[0].kept_by == changed.regions[0].added_by == local_actor("cli").id
    assert changed.sound[0].reason == "pii.name"
    with pytest.raises(Conflict):
        run("redactions", "edit", red, "--hide", "0,0,9,9", "--version", "1")


def test_the_plan_of_redact_and_the_plan_of_a_redaction_are_the_same(tmp_path: Path, driver: Path, taken: str) -> None:
    words = ["--start", "10", "--end", "40", "--hide", "5,5,20,20", "--style", "solid", "--encode-all"]
    run("redact", driver, tmp_path / "out.mp4", *words, "--plan", tmp_path / "a.json")
    run("redactions", "plan", taken, *words)
    run("redactions", "export", taken, tmp_path / "b.json")
    assert (tmp_path / "a.json").read_text() == (tmp_path / "b.json").read_text()
    run("redactions", "render", taken, tmp_path / "again.mp4")
    assert Digest.of_file(tmp_path / "again.mp4") == Digest.of_file(tmp_path / "out.mp4")


def test_a_plan_file_is_imported_and_shown(tmp_path: Path, driver: Path, taken: str) -> None:
    run("redact", driver, tmp_path / "out.mp4", "--end", "12", "--plan", tmp_path / "plan.json")
    red = run("redactions", "import", taken, tmp_path / "plan.json").strip()
    shown = json.loads(run("redactions", "show", red, "--json", "-"))
    assert shown["plan"] == json.loads((tmp_path / "plan.json").read_text())
    assert shown["versions"][0]["change"]["kind"] == "imported"
    assert "face-1" in run("redactions", "show", taken)
    listed = json.loads(run("redactions", "list", taken, "--json", "-"))
    assert listed["id"] == red
    assert red in run("redactions", "list")


def test_redact_needs_no_library_and_makes_none(tmp_path: Path, library: Path) -> None:
    run("redact", make.with_sound(tmp_path / "in.mp4", 0.5), tmp_path / "out.mp4")
    assert not library.exists()
    assert sorted(path.name for path in tmp_path.iterdir()) == ["in.mp4", "out.mp4"]


def test_a_region_to_keep_opens_the_face_in_it(tmp_path: Path, driver: Path) -> None:
    run(
        "redact",
        driver,
        tmp_path / "o.mp4",
        "--end",
        "30",
        "--keep",
        "0,0,176,144@10-19",
        "--boxes",
        tmp_path / "b.csv",
    )
    assert {int(row["frame"]) for row in rows(tmp_path / "b.csv")} == set(range(30)) - set(range(10, 20))


def test_a_preview_shows_masked_pictures(tmp_path: Path, taken: str) -> None:
    run("redactions", "plan", taken, "--end", "20")
    run("redactions", "preview", taken, tmp_path / "sheet.png")
    assert (tmp_path / "sheet.png").read_bytes().startswith(b"\x89PNG")
    with pytest.raises(InputError, match="picture"):
        run("redactions", "preview", taken, tmp_path / "sheet.bmp")


def test_the_check_says_which_frames_leak(tmp_path: Path, driver: Path, taken: str) -> None:
    clip, plan = tmp_path / "bad.mp4", tmp_path / "plan.json"
    run("redact", driver, clip, "--end", "12", "--keep", "0,0,176,144@4-6", "--plan", plan)
    result = CliRunner().invoke(app, ["redactions", "check", str(clip), "--json", "-"])
    assert result.exit_code == 1
    leaks = {leak["frame"] for leak in json.loads(result.stdout)["leaks"]}
    assert leaks >= {4, 5, 6}
    run("redactions", "check", clip, "--plan", plan)
    run("redactions", "import", taken, plan)
    run("redactions", "check", taken)
    run("redactions", "check", clip, "--redaction", taken)


def test_times_and_frames_mean_the_same_cut(tmp_path: Path) -> None:
    source = make.with_sound(tmp_path / "in.mp4", 2.0)
    for name, start, end in (("a", "15", "45"), ("b", "0.5s", "1.5s"), ("c", "0:00.5", "0:01.5")):
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
        ["--start", "30", "--end", "20"],
    ],
)
def test_what_makes_no_sense_is_refused_before_anything_is_written(tmp_path: Path, words: list[str]) -> None:
    source = make.with_sound(tmp_path / "in.mp4", 1.0)
    with pytest.raises(InputError):
        run("redact", source, tmp_path / "out.mp4", *words)
    assert [path.name for path in tmp_path.iterdir()] == ["in.mp4"]


def test_a_plan_for_another_recording_is_refused(tmp_path: Path) -> None:
    one, other = make.with_sound(tmp_path / "1.mp4", 0.5), make.with_sound(tmp_path / "2.mp4", 1.0)
    run("redact", one, tmp_path / "out.mp4", "--plan", tmp_path / "plan.json")
    run("recordings", "add", other)
    with pytest.raises(InputError, match="another recording"):
        run("redactions", "import", "2.mp4", tmp_path / "plan.json")


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"format": "x"}', "[" * 100_000])
def test_a_file_that_is_no_plan_is_refused(tmp_path: Path, text: str) -> None:
    (tmp_path / "plan.json").write_text(text)
    with pytest.raises(InputError, match="plan"):
        read_plan(tmp_path / "plan.json")


def test_words_and_voices_are_picked_from_the_transcript(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(stages, "STAGES", speech_stages(tmp_path / "tally"))
    run("recordings", "add", make.with_sound(tmp_path / "in.mp4", 3.0))
    assert "0:01.4  S2 (community)  My name is Marisol Vega." in run("redactions", "words", "in.mp4")
    said = [json.loads(line) for line in run("redactions", "words", "in.mp4", "--json", "-").splitlines()]
    assert said == utterances()
    run("redactions", "plan", "in.mp4")
    made = run("redactions", "edit", "in.mp4", "--say", "Marisol Vega:pii.name", "--disguise", "S1", "--json", "-")
    assert [span["id"] for span in json.loads(made)["plan"]["sound"]] == ["words-1", "voice-1"]
    with pytest.raises(InputError, match="not found in the transcript"):
        run("redactions", "edit", "in.mp4", "--say", "elsewhere")


def test_a_larger_speech_model_can_be_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str | None] = []

    def utterances(_self: object, model: str | None, _progress: Progress) -> Iterator[object]:
        asked.append(model)
        return iter(())

    monkeypatch.setattr(LoneFile, "utterances", utterances)
    monkeypatch.setattr(RecordingSource, "utterances", utterances)
    clip = make.movie(tmp_path / "in.mp4", 0.5)
    run("redact", clip, tmp_path / "out.mp4", "--classes", "speech", "--model", "large")
    run("recordings", "add", clip)
    run("redactions", "plan", "in.mp4", "--classes", "speech")
    assert asked == ["large", None]
