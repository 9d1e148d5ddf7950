"""Local-first workbench for body-worn camera footage: custody, findings, reviews, redactions, releases."""

from __future__ import annotations

__version__ = "0.1.0"


def _write_no_broken_bytecode() -> None:
    """Where files may not grow (``ulimit -f``), compile nothing to disk: Python before 3.13 keeps what broke off."""
    import sys

    try:
        import resource
    except ImportError:  # not on Windows
        return
    if resource.getrlimit(resource.RLIMIT_FSIZE)[0] != resource.RLIM_INFINITY:
        sys.dont_write_bytecode = True


_write_no_broken_bytecode()
