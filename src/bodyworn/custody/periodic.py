"""Sealing by the clock, for a process that runs for days and may end at any moment."""

from __future__ import annotations

import logging
import threading
from collections.abc import Iterator
from contextlib import contextmanager

from bodyworn.custody.audit_log import AuditLog
from bodyworn.domain.errors import BodywornError

logger = logging.getLogger(__name__)


@contextmanager
def sealed_every(seconds: float, audit_log: AuditLog) -> Iterator[None]:
    """Within it, rows lie under a checkpoint ``seconds`` after they were written; what prevents that is logged once."""
    ended = threading.Event()
    thread = threading.Thread(target=_seal_until, args=(ended, seconds, audit_log), name="sealing", daemon=True)
    thread.start()
    try:
        yield
    finally:
        ended.set()
        thread.join()


def _seal_until(ended: threading.Event, seconds: float, audit_log: AuditLog) -> None:
    told = ""
    while not ended.wait(seconds):
        try:
            audit_log.seal()
        except BodywornError as error:
            if str(error) != told:
                told = str(error)
                logger.error("%s", told)
