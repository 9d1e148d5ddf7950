"""Masks: every plane, all of the box, nothing around it, and nothing that can be undone."""

from __future__ import annotations

import cv2
import numpy as np
import pytest

from bodyworn.domain.redaction import HiddenClass, Style
from bodyworn.media.planes import Planes
from bodyworn.redactions.masking import Masker


def busy(width: int = 320, height: int = 240, seed: int = 2) -> Planes:
    random = np.random.default_rng(seed)
    half = ((height + 1) // 2, (width + 1) // 2)
    y, u, v = (random.integers(16, 236, shape, dtype=np.uint8) for shape in ((height, width), half, half))
    return Planes(y, u, v)


def text(words: str) -> np.ndarray:
    picture = np.full((48, 160), 235, np.uint8)
    cv2.putText(picture, words, (6, 36), cv2.FONT_HERSHEY_SIMPLEX, 1.1, 16, 3, cv2.LINE_AA)
    return picture


@pytest.mark.parametrize("style", list(Style))
@pytest.mark.parametrize("box", [(40, 50, 80, 100), (41, 51, 33, 27), (-20, -20, 60, 60), (300, 220, 90, 90)])
def test_all_planes_of_the_box_change_and_nothing_far_from_it(style: Style, box: tuple[int, int, int, int]) -> None:
    before, after = busy(), busy()
    x, y, w, h = box
    Masker(style).draw(after, [(x, y, w, h, HiddenClass.FACE)])
    for scale, old, new in ((1, before.y, after.y), (2, before.u, after.u), (2, before.v, after.v)):
        inside = np.zeros(old.shape, bool)
        inside[max(0, y // scale) : (y + h) // scale, max(0, x // scale) : (x + w) // scale] = True
        assert (old[inside] != new[inside]).mean() > 0.9
        near = cv2.dilate(inside.astype(np.uint8), np.ones((7, 7))).astype(bool)
        assert (old[~near] == new[~near]).all()


@pytest.mark.parametrize("style", list(Style))
@pytest.mark.parametrize("size", [24, 80, 320])
def test_nothing_finer_than_a_cell_survives_whatever_the_size(style: Style, size: int) -> None:
    before, after = busy(640, 640), busy(640, 640)
    Masker(style).draw(after, [(100, 100, size, size, HiddenClass.FACE)])
    old = before.y[100 : 100 + size, 100 : 100 + size].astype(float)
    new = after.y[100 : 100 + size, 100 : 100 + size].astype(float)
    few = cv2.resize(old, (3, 3), interpolation=cv2.INTER_AREA)
    rest = old - cv2.resize(few, (size, size), interpolation=cv2.INTER_LINEAR)
    if new.std() > 0:
        assert abs(np.corrcoef(rest.ravel(), (new - new.mean()).ravel())[0, 1]) < 0.2


def test_two_words_cannot_be_told_apart_by_comparing_with_blurred_guesses() -> None:
    words = ["7ABC123", "4XYZ987", "8KLM555", "1QRS246"]
    right = 0
    for trial in range(40):
        secret = words[trial % 4]
        hidden = Planes(text(secret), np.full((24, 80), 128, np.uint8), np.full((24, 80), 128, np.uint8))
        Masker(Style.BLUR).draw(hidden, [(0, 0, 160, 48, HiddenClass.PLATE)])
        guesses = []
        for word in words:
            guess = Planes(text(word), np.full((24, 80), 128, np.uint8), np.full((24, 80), 128, np.uint8))
            Masker(Style.BLUR).draw(guess, [(0, 0, 160, 48, HiddenClass.PLATE)])
            guesses.append(np.abs(guess.y.astype(int) - hidden.y).mean())
        right += words[int(np.argmin(guesses))] == secret
    assert right <= 20


def test_the_noise_differs_each_time() -> None:
    one, two = busy(), busy()
    Masker(Style.BLUR).draw(one, [(40, 40, 90, 90, HiddenClass.FACE)])
    Masker(Style.BLUR).draw(two, [(40, 40, 90, 90, HiddenClass.FACE)])
    assert (one.y != two.y).any()


def test_solid_is_one_color() -> None:
    picture = busy()
    Masker(Style.SOLID).draw(picture, [(40, 40, 90, 90, HiddenClass.FACE)])
    assert len(np.unique(picture.y[40:130, 40:130])) == 1
    assert (picture.u[20:65, 20:65] == 128).all()


def test_a_box_outside_the_picture_changes_nothing() -> None:
    before, after = busy(), busy()
    Masker(Style.SOLID).draw(after, [(900, 10, 20, 20, HiddenClass.FACE), (-50, -50, 20, 20, HiddenClass.FACE)])
    assert (before.y == after.y).all()
