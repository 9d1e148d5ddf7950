"""Another name of :mod:`bodyworn.storage.databases.base`, until all who use it have changed over."""

from bodyworn.storage.databases.base import Database, Transaction

__all__ = ["Database", "Transaction"]
