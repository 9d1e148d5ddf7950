"""Train the plate network on drawn plates over real backgrounds: ``python -m training.plates [--into FOLDER]``.

Needs torch (``training/requirements-train.txt``), one thread, minutes. Backgrounds are pictures without plates from the
shared clips; of the street clip only the left half of its last pictures, which the measurements do not use.
"""

from __future__ import annotations

import argparse
import time
from pathlib import Path
from typing import Any

import av
import cv2
import numpy as np
import torch
from bench.places import MEDIA
from bench.scenes.plate_scenes import (
    Image,
    Random,
    body,
    draw_page,
    draw_plate,
    lay,
    mapped,
    night,
    place_of,
    squeezed,
    washed,
)
from torch import nn

from bodyworn.models.conversion.onnx_writer import constant, model, node, tensor
from bodyworn.redactions.detectors.plates_network import STRIDE, UNIT, evened
from training import package

VIDEO = MEDIA / "video"
#: Pictures used, and the part of their width.
BACKGROUNDS = {
    "ego_street_plates.mp4": ((22, 23), 0.5),
    "ego_kitchen_faces.mp4": ((2, 9), 1.0),
    "stage_dark.mp4": ((10, 90), 1.0),
    "people_walking.mp4": ((0, 400), 1.0),
    "cars_with_sound.mp4": ((0, 40, 110), 1.0),
    "driver_in_car.mp4": ((0, 60), 1.0),
}
SIDE, BATCH = 160, 12
#: (out channels, stride, dilation) of the layers; all 3×3.
LAYERS = ((12, 2, 1), (28, 2, 1), (32, 1, 1), (32, 1, 2), (32, 1, 3), (32, 1, 2))


class PlateNet(nn.Module):  # type: ignore[misc]
    """Luma (n, 1, h, w) to (n, 5, h / 4, w / 4)."""

    def __init__(self) -> None:
        super().__init__()
        layers: list[nn.Module] = []
        before = 1
        for channels, stride, spread in LAYERS:
            layers += [
                nn.Conv2d(before, channels, 3, stride, spread, spread, bias=False),
                nn.BatchNorm2d(channels),
                nn.ReLU(inplace=True),
            ]
            before = channels
        self.layers = nn.Sequential(*layers)
        self.head = nn.Conv2d(before, 5, 1)
        nn.init.constant_(self.head.bias, 0.0)
        with torch.no_grad():
            self.head.bias[0] = -4.0

    def forward(self, luma: torch.Tensor) -> torch.Tensor:
        return self.head(self.layers(luma))


def backgrounds() -> list[Image]:
    """The pictures, BGR."""
    out = []
    for name, (wanted, part) in BACKGROUNDS.items():
        with av.open(str(VIDEO / name)) as container:
            for index, frame in enumerate(container.decode(video=0)):
                if index in wanted:
                    picture: Any = frame.to_ndarray(format="bgr24")
                    out += [picture[:, : round(part * picture.shape[1])]] * (5 if "street" in name else 1)
                if index >= max(wanted):
                    break
    return out


def ground(pictures: list[Image], random: Random) -> Image:
    """A square of a background at a random scale."""
    picture = pictures[random.integers(len(pictures))]
    most = min(picture.shape[:2]) / SIDE
    side = round(SIDE * min(most, float(np.exp(random.uniform(np.log(0.7), np.log(6))))))
    y, x = random.integers(picture.shape[0] - side + 1), random.integers(picture.shape[1] - side + 1)
    some: Any = cv2.resize(picture[y : y + side, x : x + side], (SIDE, SIDE), interpolation=cv2.INTER_AREA)
    return some[:, ::-1].copy() if random.random() < 0.5 else some


def distract(canvas: Image, pages: list[Image], random: Random) -> None:
    """Bars, blank rectangles and pages of text, which are no plates."""
    for _ in range(int(random.integers(0, 4))):
        at = (float(random.uniform(0, SIDE)), float(random.uniform(0, SIDE)))
        kind = random.random()
        if kind < 0.3:
            page = pages[random.integers(len(pages))]
            height = page.shape[0] * random.uniform(7, 20) / 24
            lay(canvas, page, place_of(page.shape[1::-1], height, at, random), random.uniform(0.5, 1.1), 0.4)
            continue
        size = (int(random.integers(3, 60)), int(random.integers(3, 30)))
        bar: Any = np.broadcast_to(random.uniform(20, 255, 3), (160, max(8, 160 * size[0] // size[1]), 3))
        bar = np.clip(bar * np.linspace(random.uniform(0.6, 1), 1, 160)[:, None, None], 0, 255).astype(np.uint8)
        if kind > 0.75:
            bar[:, :: max(2, bar.shape[1] // int(random.integers(3, 9)))] //= 3
        lay(canvas, bar, place_of(bar.shape[1::-1], size[1], at, random), 1.0, random.uniform(0.2, 1))


def sample(pictures: list[Image], plates: list[Image], pages: list[Image], random: Random) -> tuple[Any, Any]:
    """One evened tile and its goal (6, cells, cells): weight or -1 to ignore, then the five planes."""
    canvas = ground(pictures, random)
    distract(canvas, pages, random)
    cells = SIDE // STRIDE
    goal = np.zeros((6, cells, cells), np.float32)
    ys, xs = (np.mgrid[0:cells, 0:cells] + 0.5) * STRIDE
    dark = random.uniform(0.06, 0.6) if random.random() < 0.35 else 1.0
    for _ in range(int(random.choice([0, 0, 1, 2, 3]))):
        height = float(np.exp(random.uniform(np.log(5.5), np.log(30))))
        at = (float(random.uniform(5, SIDE - 5)), float(random.uniform(5, SIDE - 5)))
        plate = washed(plates[random.integers(len(plates))], random)
        if random.random() < 0.7:
            body(canvas, at, height, random)
        place = place_of(plate.shape[1::-1], height, at, random)
        shade = random.uniform(0.35, 1.1) if dark == 1 else random.uniform(0.5, 1.8)
        lay(canvas, plate, place, shade, height * random.uniform(0, 0.06))
        x0, y0, x1, y1 = mapped((0, 0, plate.shape[1], plate.shape[0]), place)
        _mark(goal, xs, ys, (x0, y0, x1 - x0, y1 - y0), small=height < 7)
    canvas = night(canvas, dark, random)
    if random.random() < 0.3:
        canvas = np.asarray(cv2.GaussianBlur(canvas, (0, 0), random.uniform(0.4, 0.9)), np.uint8)
    luma: Any = cv2.cvtColor(squeezed(canvas, int(random.integers(40, 95))), cv2.COLOR_BGR2GRAY)
    return evened(luma), goal


def _mark(goal: Any, xs: Any, ys: Any, box: tuple[float, float, float, float], small: bool) -> None:
    """Cells near the middle are the plate's; others inside, and all of a plate too small to ask for, are ignored."""
    x, y, w, h = box
    away_x, away_y = (x + w / 2 - xs), (y + h / 2 - ys)
    inside = (abs(away_x) < w / 2 + 2) & (abs(away_y) < h / 2 + 2)
    core = (abs(away_x) < max(0.2 * w, 2.1)) & (abs(away_y) < max(0.2 * h, 2.1))
    goal[:, inside] = 0
    goal[0][inside] = -1
    if not small:
        goal[0][core] = 1
        values = (1, np.log(w / UNIT), np.log(h / UNIT), away_x[core] / UNIT, away_y[core] / UNIT)
        for plane, value in enumerate(values, 1):
            goal[plane][core] = value


def loss_of(answer: torch.Tensor, goal: torch.Tensor) -> torch.Tensor:
    """Focal loss of the middles, and distances of the boxes where there is a plate."""
    counted, there = goal[:, 0] >= 0, goal[:, 1]
    cross = nn.functional.binary_cross_entropy_with_logits(answer[:, 0], there, reduction="none")
    sure = torch.where(there > 0, torch.sigmoid(answer[:, 0]), 1 - torch.sigmoid(answer[:, 0]))
    weight = torch.where(there > 0, 2.0, 1.0) * (1 - sure) ** 2
    middles = (cross * weight)[counted].sum()
    boxes = (nn.functional.smooth_l1_loss(answer[:, 1:], goal[:, 2:], reduction="none", beta=0.1).sum(1) * there).sum()
    return (middles + boxes) / there.sum().clamp(min=20)


def export(net: PlateNet) -> bytes:
    """The network as ONNX, normalization folded into the weights."""
    nodes, weights, last = [], [], "luma"
    for number, (_, stride, spread) in enumerate(LAYERS):
        conv: Any = net.layers[3 * number]
        norm: Any = net.layers[3 * number + 1]
        gain = norm.weight / torch.sqrt(norm.running_var + norm.eps)
        weights.append(constant(f"w{number}", (conv.weight * gain[:, None, None, None]).detach().numpy()))
        weights.append(constant(f"b{number}", (norm.bias - norm.running_mean * gain).detach().numpy()))
        nodes.append(
            node("Conv", [last, f"w{number}", f"b{number}"], [f"c{number}"], kernel_shape=[3, 3],
                 strides=[stride] * 2, dilations=[spread] * 2, pads=[spread] * 4)
        )  # fmt: skip
        nodes.append(node("Relu", [f"c{number}"], [f"r{number}"]))
        last = f"r{number}"
    weights += [constant("wh", net.head.weight.detach().numpy()), constant("bh", net.head.bias.detach().numpy())]
    nodes.append(node("Conv", [last, "wh", "bh"], ["plates"], kernel_shape=[1, 1]))
    inputs = [tensor("luma", ["n", 1, "h", "w"])]
    return model(nodes, weights, inputs, tensor("plates", ["n", 5, "rows", "cols"]))


def train(out: Path, seconds: float, wall: float, seed: int = 1) -> None:
    """Train until ``seconds`` of CPU or ``wall`` seconds are used, the rate of learning falling to zero with them."""
    torch.set_num_threads(1)
    torch.manual_seed(seed)
    cv2.setNumThreads(1)
    random = np.random.default_rng([seed, 77])
    pictures = backgrounds()
    plates = [draw_plate(random) for _ in range(500)]
    pages = [draw_page(random, bool(i % 2))[0] for i in range(40)]
    net = PlateNet()
    best = torch.optim.AdamW(net.parameters(), lr=3e-3, weight_decay=1e-4)
    began, step, mean = time.monotonic(), 0, 0.0
    while (part := max(time.process_time() / seconds, (time.monotonic() - began) / wall)) < 1:
        rate = 4e-3 * min(1.0, (step + 1) / 60) * (0.5 + 0.5 * np.cos(np.pi * part)) + 1e-5
        for group in best.param_groups:
            group["lr"] = rate
        tiles, goals = zip(*(sample(pictures, plates, pages, random) for _ in range(BATCH)), strict=True)
        loss = loss_of(net(torch.from_numpy(np.stack(tiles)[:, None])), torch.from_numpy(np.stack(goals)))
        best.zero_grad()
        loss.backward()
        nn.utils.clip_grad_norm_(net.parameters(), 5.0)
        best.step()
        mean += (float(loss.detach()) - mean) * (0.02 if step > 50 else 0.2)
        step += 1
        if step % 100 == 0:
            print(f"step {step}, {time.process_time():.0f} s CPU, {100 * part:.0f} %, loss {mean:.3f}", flush=True)
            out.write_bytes(export(net.eval()))
            net.train()
    out.write_bytes(export(net.eval()))
    print(f"{step} steps, {time.process_time():.0f} s CPU, {out.stat().st_size} bytes")


def main() -> None:
    """Train into the folder ``--out``; with ``--into`` the product gets the weights."""
    ask = argparse.ArgumentParser(prog="python -m training.plates", description=__doc__)
    ask.add_argument("--out", type=Path, default=Path("out/plates"))
    ask.add_argument("--seconds", type=float, default=700.0, help="of the processor")
    ask.add_argument("--wall", type=float, default=1e9, help="seconds by the clock")
    package.add_option(ask)
    told = ask.parse_args()
    told.out.mkdir(parents=True, exist_ok=True)
    train(told.out / "plates.onnx", told.seconds, told.wall)
    package.put([told.out / "plates.onnx"], told.into)


if __name__ == "__main__":
    main()
