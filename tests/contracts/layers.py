"""THE list of packages: which there are, in what order they lie, and who alone may touch what from outside.

``.importlinter`` is made from it: ``python -m tests.contracts.layers`` writes it anew. A package that is in none of the
layers fails ``test_layers.py``.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
SRC = ROOT / "src" / "bodyworn"
CONFIG = ROOT / ".importlinter"

#: From top to bottom; those of one layer know nothing of each other.
LAYERS: tuple[tuple[str, ...], ...] = (
    ("web", "cli"),
    ("demo",),
    ("bootstrap",),
    ("retention",),
    ("releases",),
    ("redactions",),
    ("findings",),
    ("encounters",),
    ("recordings",),
    ("engine",),
    ("access",),
    ("moving",),
    ("custody",),
    ("search",),
    ("models",),
    ("media",),
    ("storage",),
    ("settings",),
    ("domain",),
)
#: What may be missing: planned, and given its place already.
PLANNED = {"access", "search"}
#: ``python -m bodyworn`` starts the command line and is no layer.
NO_LAYER = {"__init__", "__main__"}
#: Modules that may go against the flow, with the reason.
EXCEPTIONS = {"bodyworn.cli.serve -> bodyworn.web.*": "the command line starts the workbench"}

#: Packages from outside (or of this repository, beside the product) and who alone may import them.
OWNERS: dict[str, tuple[str, ...]] = {
    "av": ("media",),
    "sqlalchemy": ("storage",),
    "sqlite3": ("storage",),
    "alembic": ("storage",),
    "psycopg": ("storage",),
    "c2pa": ("custody",),
    "ray": ("engine",),
    "onnxruntime": ("models",),
    "flatbuffers": ("models",),
    "faster_whisper": ("findings",),
    "ctranslate2": ("findings",),
    "typst": ("releases",),
    "hibari": ("demo",),
    "typer": ("cli",),
    "rich": ("cli",),
    "fastapi": ("web",),
    "starlette": ("web",),
    "uvicorn": ("web",),
    "jinja2": ("web",),
    "bench": (),
    "training": (),
    "tests": (),
}


def packages() -> list[str]:
    """All packages and modules right below ``bodyworn``, as they lie on the disk."""
    found = {path.stem for path in SRC.glob("*.py")} | {path.parent.name for path in SRC.glob("*/__init__.py")}
    return sorted(found - NO_LAYER)


def layer_of(package: str) -> int:
    """How far down the package lies; ``KeyError`` for one that is in no layer."""
    for number, layer in enumerate(LAYERS):
        if package in layer:
            return number
    raise KeyError(package)


def config() -> str:
    """The text of ``.importlinter``."""
    there = packages()
    layers = [" | ".join(name for name in layer if name in there) for layer in LAYERS]
    lines = [
        "; Made from tests/contracts/layers.py by `python -m tests.contracts.layers`; edit that.",
        "[importlinter]",
        "root_package = bodyworn",
        "include_external_packages = True",
        "",
        "[importlinter:contract:layers]",
        "name = The flow goes one way",
        "type = layers",
        "containers = bodyworn",
        *_listed("layers", [layer for layer in layers if layer]),
        *_listed("ignore_imports", list(EXCEPTIONS)),
        "exhaustive = True",
        *_listed("exhaustive_ignores", ["__main__"]),
    ]
    for outside, owners in OWNERS.items():
        lines += ["", *_forbidden(outside, owners, there)]
    return "\n".join([*lines, "", *_domain()]) + "\n"


def _forbidden(outside: str, owners: Sequence[str], there: Sequence[str]) -> Iterator[str]:
    who = " and ".join(owners) if owners else "Nothing of the product"
    yield f"[importlinter:contract:{outside}]"
    yield f"name = Only {who} touches {outside}" if owners else f"name = {who} touches {outside}"
    yield "type = forbidden"
    yield from _listed("source_modules", [f"bodyworn.{name}" for name in there if name not in owners])
    yield from _listed("forbidden_modules", [outside])
    yield "allow_indirect_imports = True"


def _domain() -> Iterator[str]:
    yield "[importlinter:contract:domain]"
    yield "name = The domain needs no heavy package, not even by way of another"
    yield "type = forbidden"
    yield from _listed("source_modules", ["bodyworn.domain"])
    yield from _listed("forbidden_modules", ["numpy", "cv2", "av", "sqlalchemy", "fastapi", "onnxruntime"])


def _listed(name: str, values: Sequence[str]) -> Iterator[str]:
    yield f"{name} ="
    yield from (f"    {value}" for value in values)


if __name__ == "__main__":
    CONFIG.write_text(config(), "utf-8")
    print(f"wrote {CONFIG.name}")
