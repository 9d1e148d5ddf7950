"""``/styleguide``: every component in every state, and a form that shows how forms work. Not part of a normal run.

``create_app(…, styleguide=True)`` adds it; ``bodyworn serve`` does so where ``BODYWORN_STYLEGUIDE=1`` is set.
"""

from __future__ import annotations

from datetime import date
from typing import Annotated, Literal

from fastapi import APIRouter, Query, Request
from pydantic import BaseModel, Field, field_validator
from starlette.responses import Response

from bodyworn.web.forms import FormState, SentForm, blank, read
from bodyworn.web.pages import page

router = APIRouter(prefix="/styleguide")

#: Colors of ``tokens.css`` shown as swatches, with the color of what stands on them.
COLORS = ("bg", "panel", "raised", "sunk", "line", "edge", "ink", "dim", "accent", "accent-soft", "bad", "bad-soft",
          "good", "good-soft", "mark", "mark-line", "hatch")  # fmt: skip


class SampleForm(BaseModel):
    """One field of each kind."""

    title: str = Field(title="Title", description="Up to 40 characters.", max_length=40)
    kind: Literal["copy", "excerpt", "summary"] = Field(title="Kind")
    decision: Literal["confirm", "reject"] = Field(title="Decision", description="What you judged it to be.")
    score: int | None = Field(default=None, title="Score", description="A whole number from 1 to 10.", ge=1, le=10)
    due: date | None = Field(default=None, title="Due", description="Such as 2026-03-15.")
    note: str | None = Field(default=None, title="Note", max_length=200)
    notify: bool = Field(default=False, title="Tell me when it is done")

    @field_validator("title")
    @classmethod
    def _not_a_number(cls, title: str) -> str:
        if title.isdigit():
            raise ValueError("“Title” cannot be a number alone")
        return title


@router.get("")
def shown(
    request: Request,
    saved: bool = False,
    sort: Annotated[str, Query(pattern=r"^-?(name|length)$")] = "name",
    number: Annotated[int, Query(alias="page", ge=1, le=3)] = 2,
) -> Response:
    """All components."""
    return _page(request, 200, blank(SampleForm, title="Traffic stop"), saved=saved, sort=sort, number=number)


@router.post("")
def sent(request: Request, form: SentForm) -> Response:
    """The sample form: errors beside its fields, or a way back that says that it was saved."""
    state = read(SampleForm, form.values)
    if state.value is None:
        return _page(request, 422, state)
    return form.act(lambda: "/styleguide?saved=true")


def _page(
    request: Request,
    status: int,
    form: FormState[SampleForm],
    *,
    saved: bool = False,
    sort: str = "name",
    number: int = 2,
) -> Response:
    bad = read(SampleForm, {"title": "x" * 41, "score": "many", "due": "soon"})
    return page(
        request, "styleguide/styleguide.html", status,
        form=form, bad=bad, saved=saved, sort=sort, number=number, colors=COLORS,
    )  # fmt: skip
