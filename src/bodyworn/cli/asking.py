"""Asking a person: hidden where it is secret; line by line from the input stream where that is no terminal."""

from __future__ import annotations

import sys

from bodyworn.domain.errors import InputError


def ask(question: str) -> str:
    """One line that may be seen."""
    if sys.stdin.isatty():
        print(f"{question}: ", end="", file=sys.stderr, flush=True)
    return _line(question)


def ask_secret(question: str) -> str:
    """One line that is not shown."""
    if not sys.stdin.isatty():
        return _line(question)
    import getpass

    return getpass.getpass(f"{question}: ", stream=sys.stderr)


def ask_new_secret(question: str) -> str:
    """One line that is not shown, typed twice on a terminal."""
    first = ask_secret(question)
    if sys.stdin.isatty() and ask_secret(f"{question} again") != first:
        raise InputError("the two do not agree", "Try again")
    return first


def _line(question: str) -> str:
    line = sys.stdin.readline()
    if not line:
        raise InputError(f"the input stream ended before: {question}", "Give one line for each question")
    return line.rstrip("\r\n")
