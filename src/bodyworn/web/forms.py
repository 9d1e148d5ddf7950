"""Forms that work without scripts: what was sent becomes a value, or what was typed with a message for each field.

A form is a pydantic model. ``Field(title=…, description=…)`` gives the label and the hint of each field, so that label,
control and message use the same words. A route reads it, shows the same page with status 422 while there are errors,
and otherwise acts and answers 303::

    @router.post("/notes")
    def add(request: Request, sent: SentForm) -> Response:
        form = read(Note, sent.values)
        if form.value is None:
            return page(request, "notes/new.html", 422, form=form)
        return sent.act(lambda: notes.add(form.value))
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import Enum
from typing import Annotated, Generic, Literal, TypeVar, get_args, get_origin

from fastapi import Depends, Request
from pydantic import BaseModel, ValidationError
from pydantic.fields import FieldInfo
from starlette.concurrency import run_in_threadpool
from starlette.responses import RedirectResponse, Response

from bodyworn.domain.errors import Denied
from bodyworn.web.security import csrf
from bodyworn.web.security.door import door_of, visitor_of

T = TypeVar("T", bound=BaseModel)

#: The most fields that a form may have; files are not accepted.
MOST_FIELDS = 100

#: What is wrong, by the name that pydantic has for it; ``{label}`` and the limits stand in braces.
MESSAGES: Mapping[str, str] = {
    "missing": "Fill in “{label}”",
    "string_too_short": "“{label}” needs at least {min_length} characters",
    "string_too_long": "“{label}” may have at most {max_length} characters",
    "int_parsing": "“{label}” must be a whole number, such as 12",
    "float_parsing": "“{label}” must be a number, such as 0.5",
    "greater_than_equal": "“{label}” must be at least {ge}",
    "less_than_equal": "“{label}” must be at most {le}",
    "date_from_datetime_parsing": "“{label}” must be a date, such as 2026-03-15",
    "date_parsing": "“{label}” must be a date, such as 2026-03-15",
    "literal_error": "Choose one of the options for “{label}”",
    "enum": "Choose one of the options for “{label}”",
    "value_error": "{error}",
}


@dataclass(frozen=True)
class FormState(Generic[T]):
    """A form as it stands: ``value`` when all of it can be used, else ``values`` as typed and ``errors`` by field."""

    model: type[T]
    value: T | None
    values: Mapping[str, str]
    errors: Mapping[str, str]

    def label(self, name: str) -> str:
        """The field's label."""
        return _label(self.model, name)

    def hint(self, name: str) -> str:
        """One sentence that helps to fill the field in, or nothing."""
        return self._field(name).description or ""

    def required(self, name: str) -> bool:
        """Whether the field must be filled in."""
        return self._field(name).is_required()

    def typed(self, name: str) -> str:
        """What stands in the field."""
        return self.values.get(name, "")

    def options(self, name: str) -> tuple[str, ...]:
        """The values of a field with a fixed choice."""
        kind = self._field(name).annotation
        if get_origin(kind) is Literal:
            return tuple(str(choice) for choice in get_args(kind))
        if isinstance(kind, type) and issubclass(kind, Enum):
            return tuple(str(choice.value) for choice in kind)
        return ()

    def _field(self, name: str) -> FieldInfo:
        return self.model.model_fields[name]


def blank(model: type[T], **values: str) -> FormState[T]:
    """A form that was not sent yet, with what its fields start with."""
    return FormState(model, None, values, {})


def read(model: type[T], values: Mapping[str, str]) -> FormState[T]:
    """What was sent, checked; blanks around a text are dropped, and an empty field counts as left out."""
    typed = {name: values[name].strip() for name in model.model_fields if name in values}
    try:
        value = model.model_validate({name: text for name, text in typed.items() if text})
    except ValidationError as error:
        return FormState(model, None, typed, _messages(model, error))
    return FormState(model, value, typed, {})


def _messages(model: type[BaseModel], error: ValidationError) -> dict[str, str]:
    """The first message of each field, in the order of the fields."""
    found: dict[str, str] = {}
    for one in error.errors(include_url=False, include_input=False):
        name = str(one["loc"][0]) if one["loc"] else next(iter(model.model_fields))
        template = MESSAGES.get(one["type"], "“{label}” cannot be used as it is")
        found.setdefault(name, template.format(label=_label(model, name), **(one.get("ctx") or {})))
    return {name: found[name] for name in model.model_fields if name in found}


def _label(model: type[BaseModel], name: str) -> str:
    return model.model_fields[name].title or name.replace("_", " ").capitalize()


class StaleForm(Denied):
    """A form that is not from a page of this browser, or not from one that this server knows."""


@dataclass(frozen=True)
class Sent:
    """A form that was sent, its token checked."""

    values: Mapping[str, str]
    token: str
    tokens: csrf.FormTokens

    def act(self, act: Callable[[], str]) -> Response:
        """Act once, and lead to the address that ``act`` gives; a form sent twice leads to the same one."""
        return RedirectResponse(self.tokens.once(self.token, act), status_code=303)


async def sent_form(request: Request) -> Sent:
    """The fields of a form; :class:`StaleForm` (an event) if it is not from a page of this browser."""
    form = await request.form(max_files=0, max_fields=MOST_FIELDS)
    values = {name: value for name, value in form.multi_items() if isinstance(value, str)}
    token, tokens = values.pop(csrf.FIELD, ""), tokens_of(request)
    bound = visitor_of(request).bound
    if not bound or not tokens.holds(bound, request.url.path, token):
        await run_in_threadpool(_denied, request)
        raise StaleForm("This form is no longer valid", "Load the page again and send the form once more")
    return Sent(values, token, tokens)


SentForm = Annotated[Sent, Depends(sent_form)]


def _denied(request: Request) -> None:
    if count := door_of(request).local.denials.admit("form"):
        request.app.state.workbench.access_acts.deny("form", {"path": request.url.path[:200], "attempts": count})


def tokens_of(request: Request) -> csrf.FormTokens:
    """The form tokens of this server."""
    tokens: csrf.FormTokens = request.app.state.tokens
    return tokens


def new_token(request: Request, action: str) -> str:
    """A token for a form of this page that is sent to the path ``action``."""
    return tokens_of(request).issue(visitor_of(request).bound, action)
