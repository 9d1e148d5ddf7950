"""No machine translation anywhere: what is written down is what was said, in the language it was said in.

A translation of "me pegó" that reads "he beat me to it" is invented testimony. The recognizer knows two tasks; one of
them, and only one, is ever asked for.
"""

from __future__ import annotations

import re

import pytest

from bodyworn.findings.speech import recognizer
from bodyworn.findings.speech.languages import WRITTEN
from bodyworn.findings.speech.model import model_folder
from bodyworn.findings.speech.params import DEFAULT_MODEL, MULTILINGUAL
from tests.contracts.layers import ROOT


@pytest.mark.parametrize("model", [DEFAULT_MODEL, MULTILINGUAL])
def test_the_recognizer_is_never_asked_to_translate(model: str) -> None:
    heard = recognizer.Recognizer(model_folder(model), 1)
    translate = heard._model.hf_tokenizer.token_to_id("<|translate|>")
    transcribe = heard._model.hf_tokenizer.token_to_id("<|transcribe|>")
    assert translate is not None
    for language in ("en", *WRITTEN) if model == MULTILINGUAL else ("en",):
        prompt = heard.prompt(language)
        assert translate not in prompt
        assert (transcribe in prompt) == (model == MULTILINGUAL)


def test_no_source_names_the_other_task() -> None:
    assert recognizer.TASK == "transcribe"
    for path in [*(ROOT / "src").rglob("*.py"), *(ROOT / "bench").rglob("*.py")]:
        text = path.read_text(encoding="utf-8")
        tasks = re.findall(r"\btask=([\w\"']+)", text) if "Tokenizer(" in text or "transcribe(" in text else []
        assert set(tasks) <= {"TASK"}, path
        assert not re.search(r"""["']translate["']|<\|translate\|>""", text), path
