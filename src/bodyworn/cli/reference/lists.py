"""Pages that list what there is: stages, kinds of findings, events, models."""

from __future__ import annotations

from bodyworn.cli.reference.markdown import names, table


def stages_page() -> str:
    """``stages.md``."""
    from bodyworn.findings.plan import STAGES

    rows = [
        (f"`{one.name}`", one.version, names(one.reads), f"`{one.makes}`", names(one.needs), one.model or "")
        for one in STAGES
    ]
    head = "# Stages\n\nWhat each makes stands in [stages.md](../findings/stages.md).\n\n"
    return head + table(("stage", "version", "reads", "makes", "needs", "model"), rows)


def kinds_page() -> str:
    """``kinds.md``."""
    from bodyworn.domain.finding import FAMILY_OF, UnknownState

    kinds = table(("kind", "family"), [(f"`{kind}`", family.value) for kind, family in FAMILY_OF.items()])
    states = "\n".join(f"- `{state.value}`" for state in UnknownState)
    return f"# Kinds of findings\n\n{kinds}\n## States of unknown\n\n{states}\n"


def events_page() -> str:
    """``events.md``."""
    from bodyworn.domain.event import Outcome, Tag

    tags = "\n".join(f"- `{tag.value}`" for tag in Tag)
    outcomes = names(outcome.value for outcome in Outcome)
    return f"# Events of the audit log\n\nEach ends in one of {outcomes}.\n\n{tags}\n"


def models_page() -> str:
    """``models.md``."""
    from bodyworn.models.registry import MODELS

    rows = [(f"`{one.name}`", one.task, one.license, one.source, f"`{one.sha256}`") for one in MODELS.values()]
    head = "# Models\n\nA file with another SHA-256 is refused.\n\n"
    return head + table(("model", "task", "license", "where it comes from", "SHA-256"), rows)
