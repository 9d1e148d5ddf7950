"""Templates: Jinja2 with autoescape, one folder per noun, and the words of the product as filters."""

from __future__ import annotations

import hashlib
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from bodyworn.domain.span import length
from bodyworn.web import wording

if TYPE_CHECKING:
    from jinja2 import Environment
    from starlette.requests import Request
    from starlette.responses import HTMLResponse

HERE = Path(__file__).resolve().parent
STATIC = HERE / "static"


@lru_cache(maxsize=1)
def environment() -> Environment:
    """The template environment; everything is escaped, an undefined name is an error."""
    from jinja2 import Environment, FileSystemLoader, PrefixLoader, StrictUndefined

    nouns = ("recordings",)
    loader = PrefixLoader(
        {noun: FileSystemLoader(HERE / noun / "templates") for noun in nouns}
        | {"shared": FileSystemLoader(HERE / "templates")}
    )
    env = Environment(loader=loader, autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True)
    for name in ("family_name", "kind_name", "state_name", "role_name", "role_class", "clock"):
        env.filters[name] = getattr(wording, name)
    env.filters["lasting"] = length
    env.filters["bytes"] = wording.size
    env.filters["moment"] = wording.moment
    env.filters["percent"] = wording.percent
    env.filters["fixed"] = lambda value, digits=2: f"{value:.{digits}f}"
    env.globals["families"] = [(family.value, *words) for family, words in wording.FAMILIES.items()]
    env.globals["static"] = static_url
    return env


@lru_cache(maxsize=64)
def static_url(name: str) -> str:
    """Address of a static file, with its digest so that a new version is fetched at once."""
    digest = hashlib.sha256((STATIC / name).read_bytes()).hexdigest()[:12]
    return f"/static/{name}?v={digest}"


def page(request: Request, template: str, status_code: int = 200, **context: Any) -> HTMLResponse:
    """Render ``noun/name.html`` as a response that no cache keeps."""
    from starlette.responses import HTMLResponse

    library = getattr(request.app.state, "desk", None)
    html = environment().get_template(template).render(library_name=library.name if library else "", **context)
    return HTMLResponse(html, status_code=status_code, headers={"Cache-Control": "no-store"})
