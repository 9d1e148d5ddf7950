"""``bodyworn redact`` and ``bodyworn redactions``, as they are typed."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from bodyworn.cli.app import app
from bodyworn.domain.digest import Digest
from bodyworn.domain.errors import BodywornError, InputError
from bodyworn.domain.redaction import SoundSpan
from bodyworn.media.footage import Clip, Footage
from bodyworn.media.frame_numbers import FrameNumbers
from bodyworn.media.planes import Planes
from bodyworn.redactions.plan_files import read_plan
from tests import media_makers as make

HEAD = ["frame", "time_ms", "class", "x", "y", "w", "h", "track", "source"]


def run(*words: object) -> str:
    result = CliRunner().invoke(app, [str(word) for word in words])
    if isinstance(result.exception, BodywornError):
        raise result.exception
    assert result.exit_code == 0, result.output
    return result.output


@pytest.fixture
def driver(shared_media: Path) -> Path:
    return shared_media / "video" / "driver_in_car.mp4"


def rows(path: Path) -> list[dict[str, str]]:
    with path.open() as file:
        read = csv.DictReader(file)
        assert read.fieldnames == HEAD
        return list(read)


def planes_of(path: Path, frame: int) -> Planes:
    with Footage(path) as footage:
        planes = next(footage.frames(Clip(FrameNumbers(path).times_us[frame]))).planes
        return Planes(planes.y.copy(), planes.u.copy(), planes.v.copy())


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


def test_a_plan_renders_the_same_boxes_and_a_kept_track_stays_open(tmp_path: Path, driver: Path) -> None:
    plan = tmp_path / "plan.json"
    run("redactions", "plan", driver, plan, "--start", "30", "--end", "60")
    run("redactions", "render", plan, driver, tmp_path / "a.mp4", "--boxes", tmp_path / "a.csv")
    run("redact", driver, tmp_path / "b.mp4", "--start", "30", "--end", "60", "--boxes", tmp_path / "b.csv")
    assert rows(tmp_path / "a.csv") == rows(tmp_path / "b.csv")
    assert [int(row["frame"]) for row in rows(tmp_path / "a.csv")] == list(range(30))
    assert rows(tmp_path / "a.csv")[0]["time_ms"] == "0"
    hide = ["--hide", "0,0,40,30@35-40", "--from", driver]
    run("redactions", "edit", plan, "--keep", "face-1", *hide, "--sound", "mute:100-400:pii.name")
    run("redactions", "render", plan, driver, tmp_path / "c.mp4", "--boxes", tmp_path / "c.csv")
    assert {(row["class"], int(row["frame"])) for row in rows(tmp_path / "c.csv")} == {
        ("region", n) for n in range(5, 11)
    }
    changed = read_plan(plan)
    assert changed.tracks[0].kept_by
    assert changed.regions[0].added_by.startswith("person:")
    assert changed.sound[0].reason == "pii.name"


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


def test_a_preview_shows_masked_pictures(tmp_path: Path, driver: Path) -> None:
    run("redactions", "plan", driver, tmp_path / "plan.json", "--end", "20")
    run("redactions", "preview", tmp_path / "plan.json", driver, tmp_path / "sheet.png")
    assert (tmp_path / "sheet.png").read_bytes().startswith(b"\x89PNG")


def test_the_check_says_which_frames_leak(tmp_path: Path, driver: Path) -> None:
    clip, plan = tmp_path / "bad.mp4", tmp_path / "plan.json"
    run("redact", driver, clip, "--end", "12", "--keep", "0,0,176,144@4-6", "--plan", plan)
    result = CliRunner().invoke(app, ["redactions", "check", str(clip), "--json"])
    assert result.exit_code == 1
    leaks = {leak["frame"] for leak in json.loads(result.stdout)["leaks"]}
    assert leaks >= {4, 5, 6}
    kept = CliRunner().invoke(app, ["redactions", "check", str(clip), "--plan", str(plan)])
    assert kept.exit_code == 0, kept.output


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
    run("redactions", "plan", one, tmp_path / "plan.json")
    with pytest.raises(InputError, match="another recording"):
        run("redactions", "render", tmp_path / "plan.json", other, tmp_path / "out.mp4")


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"format": "x"}', "[" * 100_000])
def test_a_file_that_is_no_plan_is_refused(tmp_path: Path, text: str) -> None:
    (tmp_path / "plan.json").write_text(text)
    with pytest.raises(InputError, match="plan"):
        read_plan(tmp_path / "plan.json")


def test_a_larger_speech_model_can_be_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str | None] = []

    def propose(source: Path, progress: object, model: str | None = None) -> list[SoundSpan]:
        asked.append(model)
        return []

    monkeypatch.setattr("bodyworn.redactions.speech.propose", propose)
    clip = make.movie(tmp_path / "in.mp4", 0.5)
    run("redact", clip, tmp_path / "out.mp4", "--classes", "speech", "--model", "large")
    run("redactions", "plan", clip, tmp_path / "plan.json", "--classes", "speech")
    assert asked == ["large", None]
