"""What every stage promises: the same result every time, after a failed run too, without network, of its type."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from bodyworn.domain.codec import from_json, to_json
from bodyworn.domain.finding import FAMILY_OF, UnknownState
from bodyworn.engine.plan import PlannedStage
from bodyworn.engine.stage import Stage, UsesMoreModels, made_by, result_key
from bodyworn.findings.plan import params_of
from bodyworn.models.registry import MODELS
from tests import media_makers as make
from tests.contracts.layers import ROOT
from tests.contracts.run_every_stage import STAGES
from tests.journeys.no_network import sitecustomize as outside

#: Further models of a stage that are not in its key: by stage and version, the pins it was made with. A pin that
#: changes needs a new version of the stage, and then a new line here.
FURTHER_PINS = {
    ("speakers", "4"): {"voice-embedding": "92f29b94e6948786a26778c9e302525d185bb08c8b9f5252ed98776902840199"},
}
every_stage = pytest.mark.parametrize("stage", STAGES, ids=lambda stage: stage.name)


@dataclass(frozen=True)
class Runs:
    """What all stages made in two processes of their own: in clean folders, and again after a run that broke off."""

    clean: Mapping[str, Any]
    after_failure: Mapping[str, Any]


@pytest.fixture(scope="module")
def recording(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Seven seconds of moving pictures; a sentence is said, then a tone sounds."""
    from bodyworn.demo.voices import RATE, Voices

    said = Voices().officer("Good evening, sir. The reason I stopped you is your speed.")
    said = np.concatenate([np.zeros(RATE // 2, np.float32), 0.4 * said / float(np.abs(said).max())])
    sound = np.concatenate([said, make.tone(7, rate=RATE)])[: 7 * RATE].astype(np.float32)
    path = tmp_path_factory.mktemp("every-stage") / "clip.mp4"
    return make.movie(path, 7, rate=Fraction(15), size=(320, 192), audio=[[sound]], audio_rate=RATE)


@pytest.fixture(scope="module")
def runs(recording: Path, tmp_path_factory: pytest.TempPathFactory) -> Runs:
    return Runs(*(_run(recording, tmp_path_factory.mktemp(how), how) for how in ("clean", "dirty")))


def _run(recording: Path, folder: Path, how: str) -> Mapping[str, Any]:
    """Without network but loopback, for the stages and for the children that they start."""
    paths = [str(Path(outside.__file__).parent), *filter(None, [os.environ.get("PYTHONPATH")]), str(ROOT)]
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(paths), "BODYWORN_NO_NETWORK": "1"}
    command = [sys.executable, "-m", "tests.contracts.run_every_stage", str(recording), str(folder), how]
    done = subprocess.run(command, env=environment, cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr[-3000:]
    made: Mapping[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return made


def test_there_is_something_to_find(runs: Runs) -> None:
    assert runs.clean["utterances"]["data"]["utterances"], "the sentence was not heard: the test would prove little"
    assert runs.clean["sight"]["files"]


@every_stage
def test_twice_the_same(stage: Stage, runs: Runs) -> None:
    """In two processes: nothing hangs on the order of a set, the time, or what a first run left behind."""
    assert runs.after_failure[stage.name]["data"] == runs.clean[stage.name]["data"]
    assert runs.after_failure[stage.name]["files"] == runs.clean[stage.name]["files"]


@every_stage
def test_the_artifact_is_of_its_type(stage: Stage, runs: Runs) -> None:
    made = runs.clean[stage.name]
    assert made["name"] == stage.makes
    content: type[Any] | None = getattr(stage, "content", None)
    if content is not None:
        assert to_json(from_json(content, made["data"], stage.makes)) == made["data"]
    for finding in made["data"].get("findings", ()):
        assert finding["kind"] in FAMILY_OF
        assert 0 <= finding["start_ms"] <= finding["end_ms"]
        assert 0 <= finding["score"] <= 1
        assert finding["made_by"].startswith(f"{stage.name}@{stage.version}")
    for span in made["data"].get("unknown", ()):
        assert span["state"] in set(UnknownState)
        assert 0 <= span["start_ms"] < span["end_ms"]


@every_stage
def test_the_key_changes_with_all_that_the_result_depends_on(stage: Stage) -> None:
    params, source, made = params_of(stage, {}), "a" * 64, dict.fromkeys(stage.reads, "b" * 64)
    step = PlannedStage(stage, params, "c" * 64)
    keys = [
        step.key(source, made),
        step.key("d" * 64, made),
        PlannedStage(stage, params, "e" * 64).key(source, made),
        PlannedStage(stage, {**params, "other": 1}, "c" * 64).key(source, made),
        PlannedStage(stage, params, "c" * 64, {"further": "f" * 64}).key(source, made),
        *(step.key(source, {**made, name: "0" * 64}) for name in stage.reads),
        *(PlannedStage(stage, {**params, name: "changed"}, "c" * 64).key(source, made) for name in params),
    ]
    assert len(set(keys)) == len(keys)
    assert None not in keys


@every_stage
def test_the_key_changes_with_the_version(stage: Stage) -> None:
    class Next:
        name, version = stage.name, stage.version + "+1"
        reads, makes, needs, model, defaults = stage.reads, stage.makes, stage.needs, stage.model, stage.defaults
        run = stage.run

    inputs = {"source": "a" * 64}
    assert result_key(Next(), {}, None, inputs) != result_key(stage, {}, None, inputs)
    assert made_by(Next()) != made_by(stage)


@every_stage
def test_all_learned_weights_are_in_the_key_or_bound_to_the_version(stage: Stage, runs: Runs) -> None:
    """A stage that runs a model which is in neither would give another result under the same key."""
    named = {str(stage.defaults.get("model", stage.model))} | set(
        stage.more_models if isinstance(stage, UsesMoreModels) else ()
    )
    bound = FURTHER_PINS.get((stage.name, stage.version), {})
    assert set(runs.clean[stage.name]["models"]) - named == set(bound)
    assert bound == {name: MODELS[name].sha256 for name in bound}


def test_the_weights_for_roles_are_in_the_key_of_the_stage_that_uses_them(monkeypatch: pytest.MonkeyPatch) -> None:
    from dataclasses import replace

    from bodyworn.findings import plan
    from bodyworn.models import registry

    (stage,) = (stage for stage in STAGES if stage.name == "utterances")
    made = dict.fromkeys(stage.reads, "b" * 64)
    before = plan._step(stage, {}).key("a" * 64, made)
    monkeypatch.setattr(registry, "MODELS", {**MODELS, "roles": replace(MODELS["roles"], sha256="9" * 64)})
    assert plan._step(stage, {}).key("a" * 64, made) != before
