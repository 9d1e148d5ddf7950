"""The list of actions and the services are one thing: no method without an action, no action without a method."""

from __future__ import annotations

import inspect

from bodyworn.access.audit_trail import AuditTrail
from bodyworn.access.people.service import People
from bodyworn.bootstrap import Library
from bodyworn.domain.action import ACTIONS
from bodyworn.encounters.service import Encounters
from bodyworn.findings.service import Findings
from bodyworn.recordings.restrictions import Restrictions
from bodyworn.recordings.service import Recordings
from bodyworn.redactions.service import Redactions
from bodyworn.releases.service import Releases
from bodyworn.retention.disposals import Disposals
from bodyworn.retention.holds import Holds
from bodyworn.retention.service import Retention

SERVICES: dict[str, type] = {
    "people": People,
    "audit_trail": AuditTrail,
    "recordings": Recordings,
    "restrictions": Restrictions,
    "encounters": Encounters,
    "findings": Findings,
    "redactions": Redactions,
    "releases": Releases,
    "retention": Retention,
    "holds": Holds,
    "disposals": Disposals,
}
#: They write down that a read happened, and are part of that read; or say only whether there are people at all.
NOTES = {"viewed", "listed", "any"}


def methods(service: type) -> set[str]:
    return {name for name, _ in inspect.getmembers(service, inspect.isfunction) if not name.startswith("_")}


def test_every_method_of_a_service_has_its_action_and_every_action_its_method() -> None:
    offered = {f"{noun}.{name}" for noun, service in SERVICES.items() for name in methods(service) - NOTES}
    assert {name for name in ACTIONS if not name.startswith("library.")} == offered
    assert {action.verb for action in ACTIONS.values() if action.noun == "library"} <= methods(Library)


def test_every_service_of_a_library_is_in_the_list() -> None:
    machinery = {"folder", "settings", "database", "objects", "audit_log", "access", "sign_in"}
    assert set(Library.__dataclass_fields__) - machinery == set(SERVICES)


def test_an_action_is_told_in_one_sentence() -> None:
    for action in ACTIONS.values():
        assert action.description[0].isupper(), action
        assert action.description.endswith("."), action
        assert action.name == f"{action.noun}.{action.verb}"
