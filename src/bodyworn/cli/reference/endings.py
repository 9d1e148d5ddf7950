"""Errors, their codes, and the exit codes of commands."""

from __future__ import annotations

from bodyworn.cli.exits import Exit
from bodyworn.cli.next_steps import NEXT_STEPS, RELEASE_STEPS
from bodyworn.cli.reference.markdown import names, plain, table
from bodyworn.domain import errors


def kinds_of_error() -> list[type[errors.BodywornError]]:
    """Every class of error, the base first."""
    found = vars(errors).values()
    return [item for item in found if isinstance(item, type) and issubclass(item, errors.BodywornError)]


def errors_page() -> str:
    """``errors.md``."""
    kinds = [(f"`{kind.__name__}`", str(kind.exit_code), _first(kind)) for kind in kinds_of_error()]
    codes = [
        (f"`{code.value}`", code.means, names(code.data), NEXT_STEPS.get(code, "by the state, see below"))
        for code in errors.Code
        if code is not errors.Code.OTHER
    ]
    states = [(f"`{state}`", step) for state, step in RELEASE_STEPS.items()]
    text = (
        "# Errors\n\nAn error says what is wrong and what helps. Some carry a code, by which the command line names\n"
    )
    text += "the command that helps, and the workbench the page.\n\n"
    text += table(("error", "exit code", "what it means"), kinds)
    text += "\n## Codes\n\n" + table(("code", "what it means", "data", "what the command line advises"), codes)
    return text + "\n## What a release needs next\n\n" + table(("state", "what the command line advises"), states)


def exit_codes_page() -> str:
    """``exit-codes.md``."""
    means: dict[int, list[str]] = {}
    for code in Exit:
        means.setdefault(int(code), []).append(code.means)
    for kind in kinds_of_error():
        if kind is not errors.BodywornError and kind.__base__ is errors.BodywornError:
            means.setdefault(kind.exit_code, []).append(_first(kind))
    rows = [(str(code), " ".join(means[code])) for code in sorted(means)]
    return "# Exit codes\n\n" + table(("code", "what it means"), rows)


def _first(kind: type) -> str:
    """The first sentence of its documentation, with a period."""
    return plain(kind.__doc__).partition(". ")[0].rstrip(".") + "."
