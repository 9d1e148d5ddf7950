"""How rules, holds and disposals are shown on a terminal and written as JSON."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import TYPE_CHECKING

from bodyworn.cli.next_steps import disposal_step
from bodyworn.domain.codec import to_json
from bodyworn.domain.counting import counted
from bodyworn.domain.retention import RetentionState

if TYPE_CHECKING:
    from pathlib import Path

    from bodyworn.domain.codec import Json
    from bodyworn.domain.retention import Disposal, LegalHold, RetentionEntry, RetentionRules, Tombstone
    from bodyworn.retention.certificate import DisposalCertificate

_WORDS = {
    RetentionState.DUE: "would go",
    RetentionState.HELD: "held",
    RetentionState.NOT_YET: "kept",
    RetentionState.NOT_COVERED: "kept",
}


def rules_json(rules: RetentionRules, remarks: Sequence[str]) -> dict[str, Json]:
    """The rules of a file and what was remarked of them."""
    return {**to_json(rules), "remarks": list(remarks)}


def show_rules(rules: RetentionRules, remarks: Sequence[str]) -> None:
    """A row for each rule, and the remarks."""
    from bodyworn.cli.screen import show, show_folded, show_table

    columns = ("category", "outcome", "days", "from", "basis", "checked")
    rows = [
        (
            one.category,
            one.outcome,
            str(one.days),
            one.counted_from.value,
            one.basis,
            f"{one.checked_by}, {one.checked_on}",
        )
        for one in rules.rules
    ]
    show_table(None, columns, rows)
    if rules.published is not None:
        fate = "stay" if rules.published.keep else "go with the recording"
        show_folded(f"published copies {fate} ({rules.published.basis})")
    for remark in remarks:
        show_folded(f"note: {remark}")
    show(f"{counted(len(rules.rules), 'rule')}, SHA-256 {rules.sha256}")


def show_plan(entries: Sequence[RetentionEntry]) -> None:
    """Each recording: whether it would go, and why."""
    from bodyworn.cli.screen import show, show_folded

    for one in entries:
        show(f"{_WORDS[one.state]:8}  {one.recording}  {one.name}")
        show_folded(f"          {one.because}")
        if one.goes:
            rows = sum(count for name, count in one.goes.items() if name not in ("files", "bytes"))
            files = counted(one.goes["files"], "file")
            show_folded(f"          with {counted(rows, 'row')} and {files}, {one.goes['bytes']:,} bytes")
        for note in one.notes:
            show_folded(f"          note: {note}")
    due = sum(one.state is RetentionState.DUE for one in entries)
    show(f"{counted(due, 'recording')} would go, {len(entries) - due} kept. Nothing was removed.")


def show_holds(holds: Sequence[LegalHold]) -> None:
    """A row for each hold."""
    from bodyworn.cli.screen import show_table

    columns = ("hold", "on", "since (UTC)", "holder", "reason", "by", "released")
    rows = [
        (
            one.id,
            one.subject,
            f"{one.at:%Y-%m-%d %H:%M}",
            one.holder,
            one.reason,
            str(one.by),
            f"{one.released.at:%Y-%m-%d %H:%M} by {one.released.by}: {one.released.why}" if one.released else "",
        )
        for one in holds
    ]
    show_table(None, columns, rows)


def disposal_json(disposal: Disposal) -> dict[str, Json]:
    """A disposal and where it stands."""
    return {**to_json(disposal), "state": disposal.state.value}


def show_disposals(disposals: Sequence[Disposal]) -> None:
    """A row for each disposal."""
    from bodyworn.cli.screen import show_table

    columns = ("disposal", "proposed (UTC)", "by", "recordings", "state")
    rows = [
        (
            one.id,
            f"{one.at:%Y-%m-%d %H:%M}",
            str(one.by),
            str(len(one.items)),
            one.state.value.replace("_", " "),
        )
        for one in disposals
    ]
    show_table(None, columns, rows)


def show_disposal(disposal: Disposal, left: Sequence[Tombstone]) -> None:
    """A disposal with its recordings and steps, and what can be done next."""
    from bodyworn.cli.screen import show, show_folded

    show(f"{disposal.id}   {disposal.state.value.replace('_', ' ')}")
    for item in disposal.items:
        show_folded(f"  {item.recording}  due {item.due_at:%Y-%m-%d} by the rule {item.rule}")
    show_folded(f"  {disposal.at:%Y-%m-%d %H:%M} proposed by {disposal.by}")
    for step in disposal.steps:
        note = f": {step.note}" if step.note else ""
        show_folded(f"  {step.at:%Y-%m-%d %H:%M} {step.act.value} by {step.by}{note}")
    for one in left:
        kept = f"; the library's copy of {', '.join(one.packages)} stays" if one.packages else ""
        gone = f"{counted(one.rows, 'row')} and {counted(len(one.objects), 'file')}"
        show_folded(f"  {one.recording} left a tombstone: {gone} went{kept}")
    show_folded(f"next: {disposal_step(disposal.id, disposal.state.value)}")


def write_certificate(folder: Path, name: str, certificate: DisposalCertificate) -> None:
    """Write a certificate as JSON and as text into a folder, which is made if it is not there."""
    from bodyworn.retention.certificate import as_text
    from bodyworn.storage.outputs import output_file

    folder.mkdir(parents=True, exist_ok=True)
    for suffix, text in ((".json", json.dumps(to_json(certificate), indent=1) + "\n"), (".txt", as_text(certificate))):
        path = folder / f"{name}{suffix}"
        with output_file(path, path.name, replace=False) as draft:
            draft.write_text(text, encoding="utf-8", newline="")
