"""A visibility as SQL, so that lists are filtered where the rows are."""

from __future__ import annotations

from collections.abc import Mapping

from sqlalchemy import ColumnElement, and_, false, or_, true

from bodyworn.domain.visibility import AllOf, AnyOf, Everything, NoneOf, Nothing, OneOf, Visibility
from bodyworn.storage.rows.walls import unit_column


def of_recordings(visibility: Visibility, recording: ColumnElement[str]) -> ColumnElement[bool]:
    """The condition for rows that belong to the recording in that column, with its unit."""
    return clause(visibility, {"id": recording, "recording_id": recording, "unit": unit_column(recording)})


def clause(visibility: Visibility, columns: Mapping[str, ColumnElement[str]]) -> ColumnElement[bool]:
    """The condition on ``columns`` (attribute name to column) that lets through what ``visibility`` matches.

    An attribute without a column lets nothing through.
    """
    if isinstance(visibility, Everything):
        return true()
    if isinstance(visibility, Nothing):
        return false()
    if isinstance(visibility, AllOf | AnyOf):
        parts = [clause(part, columns) for part in visibility.parts]
        return and_(true(), *parts) if isinstance(visibility, AllOf) else or_(false(), *parts)
    column = columns.get(visibility.attribute)
    if column is None:
        return false()
    values = sorted(visibility.values)
    if isinstance(visibility, OneOf):
        return column.in_(values)
    assert isinstance(visibility, NoneOf)
    return and_(column.is_not(None), column.not_in(values))
