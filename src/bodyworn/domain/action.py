"""Everything that can be done in a library, as one list of named actions.

The name is the noun and the method of its service: ``releases.approve`` is ``Releases.approve``. A test holds that each
public method of a service has its action and each action its method; ``viewed`` and ``listed``, which write down that
a read happened, are part of that read. The policy answers for these names, and ``docs/reference/permissions.md`` is
written from them.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class Action:
    """One thing that can be done: ``noun.verb``, and in one sentence what it does.

    ``changes`` tells acts from reads. ``whole`` is for what is done to the noun as a whole (list, ingest), not to one
    row of it.
    """

    name: str
    description: str
    changes: bool = False
    whole: bool = False

    @property
    def noun(self) -> str:
        """What it is done to: the part of the name before the dot."""
        return self.name.partition(".")[0]

    @property
    def verb(self) -> str:
        """What is done: the part of the name after the dot, which is the name of the service's method."""
        return self.name.partition(".")[2]


ACTIONS: Mapping[str, Action] = {
    action.name: action
    for action in (
        Action("library.verify", "Check the audit log and all files that it names.", whole=True),
        Action("library.rotate_key", "Replace the key of the audit log by a new one.", changes=True, whole=True),
        Action("library.move", "Copy the library to another database and go on there.", changes=True, whole=True),
        Action("library.back_up", "Write a backup of record, stored files and keys.", changes=True, whole=True),
        Action("library.drill", "Try whether a library can be restored from a backup.", whole=True),
        Action("people.list", "See who has an account, with roles, units and duties.", whole=True),
        Action("people.get", "See one account."),
        Action("people.add", "Make an account for a person.", changes=True, whole=True),
        Action("people.change", "Change roles, units or duties of a person.", changes=True),
        Action("people.disable", "Disable an account and end its sessions.", changes=True),
        Action("people.enable", "Enable an account again.", changes=True),
        Action("people.invite", "Give a code by which a person sets up the account.", changes=True),
        Action("people.propose_recovery", "Propose to let a person set up the account anew.", changes=True),
        Action("people.approve_recovery", "Let a person set up the account anew, as another proposed.", changes=True),
        Action("people.link", "Let a person sign in by the agency's provider.", changes=True),
        Action("people.unlink", "Let a person no longer sign in by the agency's provider.", changes=True),
        Action("people.explain", "See why a person may do something or not.", whole=True),
        Action("audit_trail.newest", "Read the newest entries of the audit log.", whole=True),
        Action("audit_trail.about", "Read all entries of the audit log about one thing."),
        Action("recordings.ingest", "Take a file into custody.", changes=True, whole=True),
        Action("recordings.list", "See which recordings there are.", whole=True),
        Action("recordings.get", "See the facts of a recording."),
        Action("recordings.file_of", "Read the original of a recording."),
        Action("recordings.verify", "Read all originals again and compare them with their digests.", whole=True),
        Action("recordings.check", "Read the original of one recording again and compare it with its digests."),
        Action("recordings.tombstones", "See which recordings were disposed of.", whole=True),
        Action("recordings.assign", "Say which unit a recording belongs to.", changes=True),
        Action("restrictions.place", "Restrict a recording to the people on its own list.", changes=True),
        Action("restrictions.lift", "Take a restriction of a recording away.", changes=True),
        Action("restrictions.admit", "Put a person on the list of a restricted recording.", changes=True),
        Action("restrictions.dismiss", "Take a person off the list of a restricted recording.", changes=True),
        Action("restrictions.list", "See which recordings are restricted, and to whom.", whole=True),
        Action("restrictions.get", "See the restriction of one recording."),
        Action("encounters.list", "See which encounters there are.", whole=True),
        Action("encounters.get", "See which recordings belong to an encounter."),
        Action("encounters.facts", "Read what is known of an encounter, and from which source."),
        Action("encounters.every_sheet", "Read what is known of all encounters.", whole=True),
        Action("encounters.proposals", "See which encounters may be one, and why.", whole=True),
        Action("encounters.join", "Say that recordings belong to one encounter.", changes=True),
        Action("encounters.decline", "Say that two encounters are not one, although that was proposed.", changes=True),
        Action("encounters.split", "Take recordings out of an encounter.", changes=True),
        Action("encounters.edit", "State facts of an encounter.", changes=True),
        Action("encounters.sync", "Put the recordings of an encounter in step, by sound or by hand.", changes=True),
        Action(
            "encounters.compare_sound", "Compare recordings by sound to find which are one.", changes=True, whole=True
        ),
        Action("encounters.import_records", "Import dispatch records.", changes=True, whole=True),
        Action("findings.run", "Run the stages that are not done yet.", changes=True),
        Action("findings.check_choices", "Ask whether choices for a run can be used.", whole=True),
        Action("findings.correct_role", "Correct who a speaker is.", changes=True),
        Action("findings.merge_speakers", "Say that two voices are one person, or two after all.", changes=True),
        Action("findings.plan", "See which stages of a recording are done."),
        Action("findings.artifact", "Read what one stage made of a recording."),
        Action("findings.snapshot", "Read where the stages of a recording stand, with what they made."),
        Action("findings.analysis", "Read the findings of a recording, with types."),
        Action("findings.document", "Read the findings of a recording."),
        Action("findings.joined_transcript", "Read the one transcript of the recordings of an encounter.", whole=True),
        Action("findings.joined_findings", "Read the findings of an encounter.", whole=True),
        Action("redactions.plan", "Find what must be hidden in a recording and keep it as a plan.", changes=True),
        Action("redactions.import_plan", "Keep a plan from a file as a redaction of a recording.", changes=True),
        Action("redactions.edit", "Add a version to a redaction plan.", changes=True),
        Action("redactions.preview", "Make a sheet of masked frames."),
        Action("redactions.render", "Render the clip that a plan describes."),
        Action("redactions.rendered", "Render the clip that a plan describes, for a check or a release."),
        Action("redactions.check", "Look for what still shows in a rendered clip."),
        Action("redactions.export", "Write a redaction plan to a file."),
        Action("redactions.words", "Read what is said in a recording, to pick words and voices."),
        Action("redactions.hear", "Read what is said in a recording, heard twice where data of persons may be."),
        Action("redactions.list", "See which redactions there are.", whole=True),
        Action("redactions.get", "See a redaction with its versions."),
        Action("redactions.newest_of", "See the redaction of a recording that was changed last."),
        Action("redactions.plan_of", "Read a redaction plan."),
        Action("redactions.view", "Open a redaction with its recording and plan."),
        Action("releases.make", "Open a release for a rendered clip, or replace the clip of one.", changes=True),
        Action("releases.review_leaks", "State that all reported leaks were looked at.", changes=True),
        Action("releases.approve", "Approve exactly the clip that was rendered.", changes=True),
        Action("releases.publish", "Sign the clip and build its package.", changes=True),
        Action("releases.withdraw", "Take a release back.", changes=True),
        Action("releases.list", "See which releases there are.", whole=True),
        Action("releases.get", "See a release with all that was done to it."),
        Action("releases.open_contents", "Open everything that will leave with a release."),
        Action("releases.opened_by", "See who opened what will leave with a release."),
        Action("releases.contents_of", "Read which files will leave with a release."),
        Action("releases.clip_of", "Read the rendered clip of a release."),
        Action("releases.plan_of", "Read the redaction plan of a release."),
        Action("retention.plan", "See what would go by the rules of retention, what is kept, and why.", whole=True),
        Action("holds.place", "Place a legal hold on a recording or an encounter.", changes=True, whole=True),
        Action("holds.release", "End a legal hold.", changes=True),
        Action("holds.list", "See which legal holds there are.", whole=True),
        Action("holds.get", "See a legal hold."),
        Action("disposals.propose", "Propose that recordings go by the rules of retention.", changes=True, whole=True),
        Action("disposals.approve", "Approve a disposal.", changes=True),
        Action("disposals.withdraw", "Take back a disposal that was not begun.", changes=True),
        Action("disposals.carry_out", "Remove all that a disposal names, for good.", changes=True),
        Action("disposals.list", "See which disposals there are.", whole=True),
        Action("disposals.get", "See a disposal."),
        Action("disposals.tombstones_of", "See what stays of the recordings of a disposal."),
        Action("disposals.certificate", "Read the certificate of a disposal."),
    )
}
