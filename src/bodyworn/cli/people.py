"""``bodyworn people``: who has an account, what they may do, and why."""

from __future__ import annotations

from typing import Annotated

import typer

from bodyworn.cli.options import JsonOption, LibraryOption, NamesAllMissing, PersonArgument, WhyOption, opened

app = typer.Typer(help="People with accounts: add, list, role, disable, explain.", no_args_is_help=True)

_ROLES = "reviewer, records, approver, training, wellness, auditor, administrator"


@app.command(cls=NamesAllMissing)
def add(
    person: PersonArgument,
    name: Annotated[str, typer.Option("--name", help="The person's name.")],
    role: Annotated[list[str], typer.Option("--role", metavar="ROLE", help=f"What the person does: {_ROLES}.")],
    unit: Annotated[
        list[str] | None, typer.Option("--unit", metavar="UNIT", help="Where the person works; * for every unit.")
    ] = None,
    duty: Annotated[
        list[str] | None, typer.Option("--duty", metavar="DUTY", help="A task that builds a wall: discipline.")
    ] = None,
    library: LibraryOption = None,
    json_to: JsonOption = None,
) -> None:
    """Make an account and print the invitation; the first account has to be an administrator's."""
    from bodyworn.cli.people_screens import invitation_json, show_invitation
    from bodyworn.cli.screen import give
    from bodyworn.domain.account import duties_of, roles_of

    with opened(library) as chosen:
        first = not chosen.people.any()
        units = unit or (["*"] if first else [])
        made = chosen.people.add(person, name, roles_of(role), units, duties_of(duty or []))
    give(json_to, [invitation_json(made)], lambda: show_invitation(made))


@app.command(name="list")
def list_(library: LibraryOption = None, json_to: JsonOption = None) -> None:
    """List the people with their roles, units and duties."""
    from bodyworn.cli.people_screens import account_json, show_accounts
    from bodyworn.cli.screen import give

    with opened(library) as chosen:
        every = chosen.people.list()
        chosen.people.listed(len(every))
    give(json_to, (account_json(one) for one in every), lambda: show_accounts(every), lines=True)


@app.command(cls=NamesAllMissing)
def role(
    person: PersonArgument,
    why: WhyOption,
    add: Annotated[list[str] | None, typer.Option("--add", metavar="ROLE", help=f"A role to give: {_ROLES}.")] = None,
    remove: Annotated[list[str] | None, typer.Option("--remove", metavar="ROLE", help="A role to take away.")] = None,
    unit: Annotated[
        list[str] | None,
        typer.Option("--unit", metavar="UNIT", help="Units in place of those before; * for every unit."),
    ] = None,
    duty: Annotated[
        list[str] | None,
        typer.Option("--duty", metavar="DUTY", help="Duties in place of those before; none for no duty."),
    ] = None,
    library: LibraryOption = None,
    json_to: JsonOption = None,
) -> None:
    """Change what a person does and where; it counts at once, also in sessions that run."""
    from bodyworn.cli.people_screens import account_json, show_accounts
    from bodyworn.cli.screen import give
    from bodyworn.domain.account import duties_of, roles_of

    with opened(library) as chosen:
        account = chosen.people.get(person)
        roles = (account.roles | roles_of(add or [])) - roles_of(remove or [])
        duties = None if duty is None else duties_of([one for one in duty if one != "none"])
        changed = chosen.people.change(account, why, roles=roles, units=unit, duties=duties)
    give(json_to, [account_json(changed)], lambda: show_accounts([changed]))


@app.command(cls=NamesAllMissing)
def disable(person: PersonArgument, why: WhyOption, library: LibraryOption = None, json_to: JsonOption = None) -> None:
    """Let nobody in with an account any more; its sessions end at once."""
    from bodyworn.cli.people_screens import account_json, show_accounts
    from bodyworn.cli.screen import give

    with opened(library) as chosen:
        changed = chosen.people.disable(chosen.people.get(person), why)
    give(json_to, [account_json(changed)], lambda: show_accounts([changed]))


@app.command(cls=NamesAllMissing)
def enable(person: PersonArgument, why: WhyOption, library: LibraryOption = None, json_to: JsonOption = None) -> None:
    """Let a person in again whose account was disabled, by somebody or for want of use."""
    from bodyworn.cli.people_screens import account_json, show_accounts
    from bodyworn.cli.screen import give

    with opened(library) as chosen:
        changed = chosen.people.enable(chosen.people.get(person), why)
    give(json_to, [account_json(changed)], lambda: show_accounts([changed]))


@app.command()
def invite(person: PersonArgument, library: LibraryOption = None, json_to: JsonOption = None) -> None:
    """Print a new invitation for a person who has not set up the account yet; the one before stops working."""
    from bodyworn.cli.people_screens import invitation_json, show_invitation
    from bodyworn.cli.screen import give

    with opened(library) as chosen:
        made = chosen.people.invite(chosen.people.get(person))
    give(json_to, [invitation_json(made)], lambda: show_invitation(made))


@app.command()
def recover(
    person: PersonArgument,
    why: Annotated[str, typer.Option("--why", help="What was lost; proposes the recovery.")] = "",
    approve: Annotated[bool, typer.Option("--approve", help="Approve what another administrator proposed.")] = False,
    library: LibraryOption = None,
    json_to: JsonOption = None,
) -> None:
    """Let a person who lost password or telephone set up the account anew; it takes two administrators."""
    from bodyworn.cli.people_screens import invitation_json, show_invitation
    from bodyworn.cli.screen import give

    with opened(library) as chosen:
        account = chosen.people.get(person)
        if approve:
            made = chosen.people.approve_recovery(account)
        else:
            chosen.people.propose_recovery(account, why)
    if approve:
        give(json_to, [invitation_json(made)], lambda: show_invitation(made))
    else:
        told = f"proposed; another administrator approves it: bodyworn people recover {account.login} --approve"
        give(json_to, [{"account": account.id, "code": None, "until": None}], lambda: print(told))


@app.command(cls=NamesAllMissing)
def link(
    person: PersonArgument,
    subject: Annotated[
        str, typer.Option("--subject", metavar="SUBJECT", help="What the provider calls the person (sub).")
    ],
    why: WhyOption,
    library: LibraryOption = None,
    json_to: JsonOption = None,
) -> None:
    """Let a person sign in by the agency's provider (the setting oidc_issuer)."""
    from bodyworn.cli.people_screens import account_json, show_accounts
    from bodyworn.cli.screen import give

    with opened(library) as chosen:
        changed = chosen.people.link(chosen.people.get(person), subject, why)
    give(json_to, [account_json(changed)], lambda: show_accounts([changed]))


@app.command(cls=NamesAllMissing)
def unlink(person: PersonArgument, why: WhyOption, library: LibraryOption = None, json_to: JsonOption = None) -> None:
    """Let a person no longer sign in by the agency's provider; the sessions of the account end at once."""
    from bodyworn.cli.people_screens import account_json, show_accounts
    from bodyworn.cli.screen import give

    with opened(library) as chosen:
        changed = chosen.people.unlink(chosen.people.get(person), why)
    give(json_to, [account_json(changed)], lambda: show_accounts([changed]))


@app.command()
def explain(
    person: PersonArgument,
    action: Annotated[str, typer.Argument(metavar="ACTION", help="What is to be done, such as releases.approve.")],
    thing: Annotated[str, typer.Argument(metavar="THING", help="ID of what it is done to; left out: to any.")] = "",
    library: LibraryOption = None,
    json_to: JsonOption = None,
) -> None:
    """Say whether a person may do something, and why."""
    from bodyworn.cli.people_screens import show_explanation
    from bodyworn.cli.screen import give
    from bodyworn.domain.codec import to_json

    with opened(library) as chosen:
        found = chosen.people.explain(person, action, thing)
    give(json_to, [to_json(found)], lambda: show_explanation(found))
