"""Errors: one sentence, one advice, a code with data; they cross from process to process."""

from __future__ import annotations

import pickle

from bodyworn.domain.errors import BodywornError, Code, DamagedMedia, InputError, NotFound


def test_what_and_advice_are_sentences_without_doubled_periods() -> None:
    error = InputError("the file is empty.", "Give another one.")
    assert (error.what, error.advice) == ("the file is empty", "Give another one")
    assert str(error) == "the file is empty. Give another one."


def test_an_error_keeps_code_and_data_when_it_is_pickled() -> None:
    error = pickle.loads(pickle.dumps(NotFound("no such thing", "Look again", Code.NOT_FOUND, noun="recording")))
    assert type(error) is NotFound
    assert (error.code, error.data) == (Code.NOT_FOUND, {"noun": "recording"})


def test_another_sentence_keeps_the_rest() -> None:
    error = DamagedMedia("the index is missing", "Copy it again").saying("a.mp4: the index is missing")
    assert isinstance(error, DamagedMedia)
    assert isinstance(error, BodywornError)
    assert (error.what, error.advice) == ("a.mp4: the index is missing", "Copy it again")
