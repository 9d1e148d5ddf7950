"""Put trained weights into the product, when a person says so: the files, the digest on the card, the pins to copy."""

from __future__ import annotations

import argparse
import hashlib
import re
import shutil
from collections.abc import Sequence
from pathlib import Path

_DIGEST = re.compile(r"(SHA-256 `)[0-9a-f]{64}(`)")


def add_option(parser: argparse.ArgumentParser) -> None:
    """``--into FOLDER``: without it nothing of the product is written."""
    parser.add_argument(
        "--into", type=Path, metavar="FOLDER", help="the model's folder in the product, as src/bodyworn/models/plates"
    )


def put(files: Sequence[Path], into: Path | None) -> None:
    """Copy ``files`` into the model's folder ``into`` and renew the digest on its card; ``None`` does nothing.

    The first file is the one the card names. The pins are printed: a person puts them into ``models/registry.py``.
    """
    if into is None:
        return
    card = into / "card.md"
    if not card.is_file():
        raise SystemExit(f"there is no card in {into}: write it first, it says what the model is for")
    for path in files:
        shutil.copyfile(path, into / path.name)
    pins = {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in files}
    text = _DIGEST.sub(rf"\g<1>{pins[files[0].name]}\g<2>", card.read_text("utf-8"), count=1)
    card.write_text(text, "utf-8")
    print(f"{card} has the new digest; its figures are yours to write. Pins for models/registry.py:")
    for name, pin in pins.items():
        print(f"  {name}  {pin}")
