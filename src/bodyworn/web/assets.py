"""Static files: read once at the start, served under one digest of them all.

The digest stands in the path, so a module that imports its neighbor by a relative path gets the neighbor of the same
version, and a browser may keep every file for good. A path with another digest is not found.
"""

from __future__ import annotations

import hashlib
import mimetypes
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from bodyworn.web import families, modules

FOLDER = Path(__file__).resolve().parent / "static"
FOREVER = "public, max-age=31536000, immutable"

#: Styles are written in small files and served as two: those that all pages share, and those of the encounter page.
SITE = "css/site.css"
ENCOUNTER = "pages/encounter.css"
#: The scripts of the encounter page, served as one.
ENCOUNTER_SCRIPT = "pages/encounter.js"
_JOINED = {SITE: r"css/components/[\w-]+\.css", ENCOUNTER: r"pages/encounter/[\w-]+\.css"}
_FIRST = {SITE: ("css/tokens.css", "css/families.css", "css/base.css"), ENCOUNTER: ()}


@dataclass(frozen=True)
class Asset:
    """One static file: its bytes and its media type."""

    body: bytes
    media_type: str


@lru_cache(maxsize=1)
def assets() -> Mapping[str, Asset]:
    """All static files by their path below ``static/``, with those that are made from tables."""
    bodies = {path.relative_to(FOLDER).as_posix(): path.read_bytes() for path in FOLDER.rglob("*") if path.is_file()}
    bodies["css/families.css"] = families.style_sheet().encode()
    for joined, parts in _JOINED.items():
        names = [*_FIRST[joined], *sorted(filter(re.compile(parts).fullmatch, bodies))]
        bodies[joined] = b"".join(bodies[name] for name in names)
    bodies[ENCOUNTER_SCRIPT] = modules.joined("pages/encounter/encounter.js", bodies)
    icons = bodies["icons.svg"].decode()
    bodies["icons.svg"] = icons.replace("</svg>", f"{families.symbols()}</svg>").encode()
    return {name: Asset(body, _media_type(name)) for name, body in sorted(bodies.items())}


def _media_type(name: str) -> str:
    if name.endswith(".js"):
        return "text/javascript"
    return mimetypes.guess_type(name)[0] or "application/octet-stream"


@lru_cache(maxsize=1)
def digest() -> str:
    """16 hex digits over the names and bytes of all static files."""
    hashed = hashlib.sha256()
    for name, asset in assets().items():
        hashed.update(f"{name}\0{len(asset.body)}\0".encode())
        hashed.update(asset.body)
    return hashed.hexdigest()[:16]


def static_url(name: str) -> str:
    """Address of a static file; ``KeyError`` if there is none of that name."""
    if name not in assets():
        raise KeyError(f"there is no static file {name}")
    return f"/static/{digest()}/{name}"


async def static_file(request: Request) -> Response:
    """A static file of this version; another version is not found rather than mixed in."""
    version, name = request.path_params["version"], request.path_params["name"]
    asset = assets().get(name) if version == digest() else None
    if asset is None:
        raise HTTPException(404, "There is no such file in this version")
    return Response(asset.body, media_type=asset.media_type, headers={"Cache-Control": FOREVER})


routes = (Route("/static/{version}/{name:path}", static_file),)
