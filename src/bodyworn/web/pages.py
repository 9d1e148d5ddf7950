"""Templates: Jinja2 with autoescape, one folder per noun, and the words of the product as filters.

``layouts/`` and ``components/`` are shared; a noun's templates are named ``noun/page.html``. A script that asks for one
block of a page (header ``X-Swap``) gets that block alone, rendered from the same template.
"""

from __future__ import annotations

from functools import lru_cache, partial
from pathlib import Path
from typing import TYPE_CHECKING

from bodyworn.domain.counting import counted
from bodyworn.domain.how_sure import how_sure
from bodyworn.domain.language import language_name
from bodyworn.domain.span import length
from bodyworn.web import wording
from bodyworn.web.assets import static_url
from bodyworn.web.families import FAMILIES
from bodyworn.web.forms import new_token
from bodyworn.web.security.door import visitor_of

if TYPE_CHECKING:
    from jinja2 import Environment
    from markupsafe import Markup
    from starlette.requests import Request
    from starlette.responses import HTMLResponse

HERE = Path(__file__).resolve().parent
SWAP = "x-swap"

#: Functions of :mod:`bodyworn.web.wording` that templates use as filters.
_WORDS = (
    "clock",
    "family_name",
    "guessed",
    "instant",
    "kind_means",
    "kind_name",
    "moment",
    "percent",
    "role_class",
    "role_name",
    "state_means",
    "stated",
    "state_name",
)


@lru_cache(maxsize=1)
def environment() -> Environment:
    """The template environment; everything is escaped, an undefined name is an error."""
    from jinja2 import ChoiceLoader, Environment, FileSystemLoader, PrefixLoader, StrictUndefined

    nouns = {folder.parent.name: FileSystemLoader(folder) for folder in sorted(HERE.glob("*/templates"))}
    loader = ChoiceLoader([FileSystemLoader(HERE / "templates"), PrefixLoader(nouns)])
    env = Environment(loader=loader, autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True)
    for name in _WORDS:
        env.filters[name] = getattr(wording, name)
    env.filters["counted"] = counted
    env.filters["how_sure"] = how_sure
    env.filters["language_name"] = language_name
    env.filters["lasting"] = length
    env.filters["bytes"] = wording.size
    env.filters["fixed"] = lambda value, digits=2: f"{value:.{digits}f}"
    env.globals["families"] = [(family.value, face.name, face.about) for family, face in FAMILIES.items()]
    env.globals["static"] = static_url
    return env


def page(request: Request, template: str, status_code: int = 200, **context: object) -> HTMLResponse:
    """Render a template as a response that no cache keeps; one block of it where the request names one."""
    return answer(rendered(request, template, form_token=partial(new_token, request), **context), status_code)


def rendered(request: Request, template: str, **context: object) -> str:
    """The text of a page, or of one block of it where the request names one."""
    workbench = getattr(request.app.state, "workbench", None)
    context["library_name"] = workbench.name if workbench else ""
    context.setdefault("who", who(request))
    found = environment().get_template(template)
    block = found.blocks.get(request.headers.get(SWAP, ""))
    return found.render(context) if block is None else "".join(block(found.new_context(context)))


def who(request: Request) -> Markup:
    """Who is signed in, for the bar on top, with the form to sign out; nothing where there are no accounts."""
    from markupsafe import Markup

    person = visitor_of(request).person
    if person is None:
        return Markup()
    whose = environment().get_template("components/who.html").module
    shown: Markup = whose.who(person.account.name, new_token(request, "/sign-out"))
    return shown


def answer(html: str | bytes, status_code: int = 200) -> HTMLResponse:
    """A page as a response that no cache keeps."""
    from starlette.responses import HTMLResponse

    return HTMLResponse(html, status_code=status_code, headers={"Cache-Control": "no-store", "Vary": "X-Swap"})
