"""What ``bodyworn demo`` says of its two cameras: what came in, what is proposed, and how well they are in step."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bodyworn.cli.encounter_screens import show_encounter
from bodyworn.cli.screen import say, show
from bodyworn.domain.counting import counted

if TYPE_CHECKING:
    from bodyworn.demo.encounter import DemoEncounter, Step
    from bodyworn.domain.encounter import JoinProposal
    from bodyworn.encounters.dispatch.records import ImportReport


def say_imported(report: ImportReport) -> None:
    """The dispatch records that came in."""
    found = f"{counted(report.matched, 'number')} of them with recordings here"
    say(f"dispatch: {counted(report.added, 'record')} added, {report.known} known already, {found}")


def say_proposed(proposal: JoinProposal) -> None:
    """Why both recordings are one encounter, and who joins them."""
    say(f"proposed as one encounter ({proposal.confidence:.2f}):")
    for reason in proposal.reasons:
        say(f"  {'but' if reason.against else 'because'} {reason.says}")
    say("nothing is joined by itself; a person does it, and in this demo the demo")


def show_together(found: DemoEncounter) -> None:
    """The encounter with its facts from every source, and where sound puts the second camera beside the truth."""
    show()
    show_encounter(found.encounter, found.sheet, ())
    show("The demo joined these two; in earnest a person does.")
    show()
    for line in step_lines(found.step):
        show(line)


def step_lines(step: Step | None) -> list[str]:
    """In words: what sound tells of the two cameras, and what is true."""
    if step is None:
        return ["By sound it cannot be told when the second camera began; its clock stands."]
    off = f"{abs(step.off_ms)} ms {'late' if step.off_ms > 0 else 'early'}" if step.off_ms else "exactly right"
    return [
        f"By sound the second camera began {_seconds(step.by_sound_ms)} after the first. It was drawn to begin at "
        f"{_seconds(step.drawn_ms)}: {off}; sound takes {step.sound_delay_ms} ms to where it stands.",
        f"By the clocks it would be {_seconds(step.by_clocks_ms)}: its clock is {_seconds(step.found_ahead_ms)} ahead, "
        f"as found by sound. It was made to be {_seconds(step.clock_ahead_ms)} ahead.",
    ]


def _seconds(ms: int) -> str:
    return f"{ms / 1000:.3f} s"
