from __future__ import annotations

import pytest

from bodyworn.engine.plan import PlannedStage, in_order, sort_out
from tests.engine.fake_stages import FAST, Echo


def names(stages: tuple[object, ...]) -> list[str]:
    return [stage.name for stage in stages]  # type: ignore[attr-defined]


def test_the_order_follows_from_what_stages_read() -> None:
    shuffled = (FAST[5], FAST[4], FAST[3], FAST[2], FAST[1], FAST[0])
    assert names(in_order(shuffled)) == ["probe", "sight", "audio", "utterances", "cues", "derived"]


def test_stages_that_read_each_other_are_refused() -> None:
    with pytest.raises(ValueError, match="a reads what none makes before it: b"):
        in_order((Echo("a", reads=("b",)), Echo("b", reads=("a",))))


def test_two_makers_of_one_artefact_are_refused() -> None:
    with pytest.raises(ValueError, match="both make"):
        in_order((Echo("a"), Echo("a")))


def test_what_has_nothing_to_work_on_is_left_out_and_so_is_what_reads_it() -> None:
    reader = Echo("late", reads=("audio",))
    needed, not_needed = sort_out((*FAST, reader), {"video"})
    assert names(needed) == ["probe", "sight"]
    assert set(not_needed) == {"audio", "utterances", "cues", "derived", "late"}
    assert not_needed["late"] == "the recording has no audio"


def test_a_key_changes_with_all_it_stands_for() -> None:
    source, made = "a" * 64, {"probe": "b" * 64}
    step = PlannedStage(Echo("audio", reads=("probe",)), {"x": 1}, None)
    keys = {
        step.key(source, made),
        step.key("c" * 64, made),
        step.key(source, {"probe": "d" * 64}),
        PlannedStage(step.stage, {"x": 2}, None).key(source, made),
        PlannedStage(step.stage, {"x": 1}, "e" * 64).key(source, made),
        PlannedStage(Echo("audio", reads=("probe",), version="2"), {"x": 1}, None).key(source, made),
    }
    assert len(keys) == 6
    assert step.key(source, {}) is None
    assert step.key(source, {**made, "other": "f" * 64}) == step.key(source, made)


def test_stages_import_nothing_heavy() -> None:
    """The plan is read by every command; decoders and models wait until a stage runs."""
    import subprocess
    import sys

    script = "import sys, bodyworn.findings.plan; print(*sorted(sys.modules))"
    loaded = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True).stdout.split()
    heavy = {"av", "cv2", "onnxruntime", "ctranslate2", "faster_whisper", "tokenizers", "scipy"}
    assert heavy.isdisjoint(loaded), heavy.intersection(loaded)
