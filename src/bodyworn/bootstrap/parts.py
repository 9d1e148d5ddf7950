"""How each service of a library is put together from what all of them share."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from pathlib import Path

from bodyworn.access.access import Access
from bodyworn.access.signing_in.provider import Provider
from bodyworn.access.signing_in.secret_box import NAME as SECRETS_KEY
from bodyworn.access.signing_in.secret_box import SecretBox
from bodyworn.access.signing_in.service import SignIn
from bodyworn.custody import record_key
from bodyworn.custody.audit_log import AuditLog
from bodyworn.encounters.service import Encounters, FromAbove
from bodyworn.engine.artifact_store import ArtifactStore
from bodyworn.engine.engines.inline import InlineEngine
from bodyworn.engine.engines.workers import WorkersEngine
from bodyworn.engine.task import Engine
from bodyworn.findings import plan
from bodyworn.findings.conversation import conversation_in
from bodyworn.findings.listening import Listening
from bodyworn.findings.service import Findings, RunContext
from bodyworn.recordings.service import Recordings
from bodyworn.redactions.source import SpeechFindings
from bodyworn.redactions.speech import speech_stages
from bodyworn.releases.ledger import ReleaseLedger
from bodyworn.releases.service import Publishing, Releases
from bodyworn.settings import Settings
from bodyworn.storage.databases.base import Database
from bodyworn.storage.objects.local import LocalObjects


@dataclass(frozen=True)
class Shared:
    """What the services of one library share, for one actor."""

    folder: Path
    settings: Settings
    database: Database
    objects: LocalObjects
    audit_log: AuditLog
    access: Access

    @property
    def scratch(self) -> Path:
        """Where stages work."""
        return self.folder / "scratch"

    @property
    def releases(self) -> Path:
        """Where packages are published."""
        return self.folder / "releases"


def findings_of(place: Shared, recordings: Recordings) -> tuple[Findings, SpeechFindings]:
    """Findings, and the shorter plans of stages that redactions of speech need: heard once and twice."""
    context = RunContext(place.scratch, partial(_engine, place.settings.workers), place.settings.lease_seconds)
    artifacts = ArtifactStore(place.objects)
    plans = (plan.STAGES, *(speech_stages(plan.STAGES, twice=twice) for twice in (False, True)))
    findings, once, again = (
        Findings(place.database, place.audit_log, artifacts, recordings, context, stages, place.access)
        for stages in plans
    )
    return findings, SpeechFindings(once, again)


def sign_in_of(place: Shared) -> SignIn:
    """Signing in, with the key for second factors beside that of the audit log."""
    settings = place.settings
    box = SecretBox((place.folder / settings.key_file).parent / SECRETS_KEY)
    known_bad = place.folder / settings.known_bad_passwords if settings.known_bad_passwords else None
    return SignIn(place.database, place.audit_log, box, known_bad=known_bad, provider=_provider_of(place))


def _provider_of(place: Shared) -> Provider | None:
    settings = place.settings
    if not settings.oidc_issuer:
        return None
    secret = place.folder / settings.oidc_secret_file if settings.oidc_secret_file else None
    return Provider(settings.oidc_issuer, settings.oidc_client_id, secret, settings.oidc_name)


def encounters_of(place: Shared, recordings: Recordings, findings: Findings) -> Encounters:
    """Encounters, with words and sound handed down from findings."""
    above = FromAbove(
        hear=partial(conversation_in, findings, place.access),
        listen=Listening(findings, recordings, place.access, place.scratch).open,
    )
    return Encounters(place.database, place.objects, place.audit_log, recordings, place.access, above)


def releases_of(place: Shared, recordings: Recordings) -> Releases:
    """Releases, and where and under which key they are published."""
    publishing = Publishing(
        place.releases,
        lambda: str(record_key.verifier(place.folder / place.settings.key_file)),
        recordings.get,
        recordings.file_of,
        place.settings.time_authority,
    )
    return Releases(
        ReleaseLedger(place.database, place.audit_log), place.objects, place.audit_log, place.access, publishing
    )


def _engine(workers: int) -> Engine:
    return WorkersEngine(workers) if workers else InlineEngine()
