"""Roles of people in an agency, and the one table of what each role may do.

The table names every act; a new act belongs to nobody but the auditor (if it only reads) until it is added here.
``docs/reference/permissions.md`` is written from it.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum

from bodyworn.domain.action import ACTIONS


class AgencyRole(StrEnum):
    """What a person does in the agency; one person may have several."""

    REVIEWER = "reviewer"
    RECORDS = "records"
    APPROVER = "approver"
    TRAINING = "training"
    WELLNESS = "wellness"
    AUDITOR = "auditor"
    ADMINISTRATOR = "administrator"


def _of(noun: str, verbs: str) -> frozenset[str]:
    names = frozenset(f"{noun}.{verb}" for verb in verbs.split())
    if unknown := names - ACTIONS.keys():
        raise ValueError(f"there is no action {min(unknown)}")
    return names


_SEE_FACTS = _of("recordings", "list get tombstones") | _of("encounters", "list get facts every_sheet proposals")
_SEE_FINDINGS = _of("findings", "plan snapshot analysis document joined_transcript joined_findings")
_SEE_FOOTAGE = _SEE_FACTS | _SEE_FINDINGS | _of("recordings", "file_of check") | _of("findings", "artifact")
_WORK_ON_FINDINGS = _of("findings", "run check_choices correct_role merge_speakers")
_WORK_ON_ENCOUNTERS = _of("encounters", "join decline split edit sync compare_sound")
_SEE_REDACTIONS = _of("redactions", "list get newest_of plan_of view words preview rendered")
_WORK_ON_REDACTIONS = _of("redactions", "plan import_plan edit render check export hear")
_SEE_KEEPING = (
    _of("retention", "plan") | _of("holds", "list get") | _of("disposals", "list get tombstones_of certificate")
)
#: What changes nothing in the record, but makes a file or costs the machine.
_MAKE = _of("redactions", "render check export hear") | _of("library", "drill")
_SEE_RELEASES = _of("releases", "list get open_contents opened_by contents_of clip_of plan_of")
_PREPARE = _SEE_FOOTAGE | _WORK_ON_FINDINGS | _WORK_ON_ENCOUNTERS | _SEE_REDACTIONS | _WORK_ON_REDACTIONS

#: What each role may do. Who prepares a release never approves it by that role.
PERMISSIONS: Mapping[AgencyRole, frozenset[str]] = {
    AgencyRole.REVIEWER: _PREPARE | _of("restrictions", "place") | _SEE_RELEASES | _of("releases", "make review_leaks"),
    AgencyRole.RECORDS: _PREPARE
    | _SEE_RELEASES
    | _of("recordings", "ingest verify assign")
    | _of("restrictions", "place list get")
    | _of("encounters", "import_records")
    | _SEE_KEEPING
    | _of("holds", "place release")
    | _of("disposals", "propose approve withdraw carry_out")
    | _of("releases", "make review_leaks publish withdraw"),
    AgencyRole.APPROVER: _SEE_FOOTAGE
    | _SEE_REDACTIONS
    | _SEE_RELEASES
    | _of("releases", "review_leaks approve withdraw")
    | _SEE_KEEPING
    | _of("disposals", "approve withdraw"),
    AgencyRole.TRAINING: _SEE_FOOTAGE,
    AgencyRole.WELLNESS: _SEE_FACTS | _SEE_FINDINGS,
    AgencyRole.AUDITOR: frozenset(name for name, action in ACTIONS.items() if not action.changes) - _MAKE,
    AgencyRole.ADMINISTRATOR: _of("library", "verify rotate_key move back_up drill")
    | _of("restrictions", "place lift admit dismiss list get")
    | _of("people", "list get add change disable enable invite propose_recovery approve_recovery link unlink explain"),
}
