"""`zeren link`: somebody's link into the portal, for who has lost their mail; or every link of theirs made void."""

from typing import Annotated

import typer

from office.text import Refused, Text
from zeren.cli.deciding import working
from zeren.cli.options import AsJson, Now, print_json, say

Holder = Annotated[str, typer.Argument(metavar="NAME", help=say("名册中的姓名，或“计划员”", "a name of the roster, or 计划员"))]
Revoke = Annotated[bool, typer.Option("--revoke", help=say("作废此人以前的全部链接", "make every link given before void"))]


def register(app: typer.Typer) -> None:
    app.command(
        help=say("显示某人打开门户的链接，或作废以前的链接。", "Show somebody's link into the portal, or revoke those given before.")
    )(link)


def link(holder: Holder, revoke: Revoke = False, json: AsJson = False, now: Now = None) -> None:
    from sqlalchemy import select

    from engine.access import link_of
    from engine.moves import OFFICER
    from engine.new_links import renew_link
    from models import Person
    from zeren.poke import poke_board

    name = " ".join(holder.split())
    with working(now) as (session, sender, moment):
        if name != OFFICER and session.scalar(select(Person.id).where(Person.name == name, Person.left_on.is_(None))) is None:
            raise Refused(Text(f"名册里没有“{name}”", f"{name} is not in the roster"))
        address = (renew_link if revoke else link_of)(session, name, sender=sender, now=moment)
    if revoke:
        poke_board(full=True)
    if json:
        print_json({"holder": name, "link": address, "revoked": revoke})
        return
    if revoke:
        typer.echo(say(f"{name}以前的链接已全部作废。新链接：", f"Every link that {name} had is void. The new one:"))
    typer.echo(address)
