"""Pages that list what there is: stages, kinds of findings, models."""

from __future__ import annotations

from bodyworn.cli.reference.markdown import names, table


def stages_page() -> str:
    """``stages.md``: every stage, and every key of what it makes."""
    from bodyworn.cli.reference.shapes import tables
    from bodyworn.engine.stage import TypedStage
    from bodyworn.findings import plan
    from bodyworn.redactions import second_hearing

    stages_of_all = (*plan.STAGES, second_hearing.STAGE)
    rows = [
        (f"`{one.name}`", one.version, names(one.reads), f"`{one.makes}`", names(one.needs), one.model or "")
        for one in stages_of_all
    ]
    head = "# Stages\n\nHow a stage is written, and the files that it leaves beside its artifact, stand in\n"
    head += "[stages.md](../findings/stages.md). Only redactions run `second_hearing`. Below the list are the keys of\n"
    head += "each artifact's JSON.\n\n"
    made = {f"Artifact `{one.makes}`": one.content for one in stages_of_all if isinstance(one, TypedStage)}
    stages = table(("stage", "version", "reads", "makes", "needs", "model"), rows)
    return f"{head}{stages}\n{tables(made)}"


def kinds_page() -> str:
    """``kinds.md``."""
    from bodyworn.domain.finding import FAMILY_OF, UnknownState
    from bodyworn.domain.kind_words import KIND_MEANS, STATE_MEANS

    rows = [(f"`{kind}`", family.value, KIND_MEANS[kind]) for kind, family in FAMILY_OF.items()]
    kinds = table(("kind", "family", "proposed when"), rows)
    states = table(("state", "what it means"), [(f"`{state.value}`", STATE_MEANS[state]) for state in UnknownState])
    return f"# Kinds of findings\n\n{kinds}\n## States of unknown\n\n{states}"


def models_page() -> str:
    """``models.md``."""
    from bodyworn.models.registry import MODELS

    rows = [(f"`{one.name}`", one.task, one.license, one.source, f"`{one.sha256}`") for one in MODELS.values()]
    head = "# Models\n\nA file with another SHA-256 is refused.\n\n"
    return head + table(("model", "task", "license", "where it comes from", "SHA-256"), rows)
