"""`zeren policy`: the 督办规则 that holds, what it means, and its change for lists that are issued, shown before it takes effect."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from office.text import Text
from zeren.cli.deciding import OFFICER, By, working
from zeren.cli.options import AsJson, Now, Year, civil_date, language, print_json, say

if TYPE_CHECKING:
    from collections.abc import Sequence

    from engine.policies import Term
    from engine.policy_changes import Example, ListChange
    from office.policy import Policy

CONTENT_SHOWN = 16  # characters of a duty

File = Annotated[
    Path | None, typer.Argument(metavar="FILE", help=say("规则文件，默认 policy.toml", "the policy; that of new lists where left out"))
]
OfList = Annotated[str, typer.Option("--list", metavar="TITLE", help=say("看这份清单用的规则", "what holds for this list"))]
OfYear = Annotated[
    int | None, typer.Option("--year", min=2000, max=2100, help=say("清单年度，默认今年", "year of the list; this year where left out"))
]
Lists = Annotated[
    list[str] | None, typer.Option("--list", metavar="TITLE", help=say("只改这份清单，可写多次", "this list only; may be repeated"))
]
From = Annotated[str, typer.Option("--from", metavar="DATE", help=say("从哪一天起用", "from which day on"))]
Confirm = Annotated[bool, typer.Option("--confirm", help=say("确认更改；不写只看变化", "make it so; without it the change is only shown"))]


def register(app: typer.Typer) -> None:
    policies = typer.Typer(help=say("督办规则：提醒、上报的天数。", "The follow-up policy: who is told when."), no_args_is_help=True)
    policies.command(
        "show", help=say("显示新清单用的规则；加 --list 看某份清单的。", "Show the policy of new lists, or of one that is issued.")
    )(show)
    policies.command(
        "init", help=say("写一份带注释的默认规则，不覆盖已有的。", "Write the default policy with its comments; none is overwritten.")
    )(init)
    policies.command("check", help=say("检查规则文件，用一句句话说明它的意思。", "Read a policy and say what it means."))(check)
    policies.command(
        "apply",
        help=say(
            "看看改用这份规则有什么变化；加 --confirm 更改。", "Show what a policy changes for issued lists; with --confirm make it so."
        ),
    )(apply)
    app.add_typer(policies, name="policy")


def show(title: OfList = "", year: OfYear = None, json: AsJson = False, now: Now = None) -> None:
    from zeren.policy import policy_in_force, policy_source

    if title:
        _show_of_list(title, year, now, as_json=json)
        return
    policy, source = policy_in_force(), policy_source().in_(language())
    if json:
        print_json({"source": source} | _as_json(policy))
        return
    typer.echo(say(f"新下发的清单用{source}：", f"Lists that are issued now get {source}:"))
    typer.echo(f"\n{policy.written.rstrip()}")


def _show_of_list(title: str, year: int | None, now: str | None, *, as_json: bool) -> None:
    from engine.policies import lists_named, policy_book, terms_of
    from zeren.clock import now_or
    from zeren.database import reading
    from zeren.settings import settings

    zone = settings().zone
    today = now_or(now, zone).astimezone(zone).date()
    with reading(settings().database_url) as session:
        ((list_id, known),) = lists_named(session, [title], year=year or today.year).items()
        policy, terms = policy_book(session, today).of(list_id), terms_of(session, list_id)
    held = [term for term in terms if term.from_on <= today]
    later = [term for term in terms if term.from_on > today]
    if as_json:
        print_json(
            {"list": known, "from": f"{held[-1].from_on}" if held else None} | _as_json(policy) | {"later": [_term(t) for t in later]}
        )
        return
    since = say(f"自{held[-1].from_on}起", f"since {held[-1].from_on}") if held else say("一直", "has always")
    typer.echo(say(f"《{known}》{since}用以下规则：", f"“{known}” {since}, the policy:"))
    for term in later:
        typer.echo(say(f"（自{term.from_on}起改用另一份，已定）", f"(from {term.from_on} on another one, as was decided)"))
    typer.echo(f"\n{policy.written.rstrip()}")


def init(now: Now = None) -> None:
    from office.files import unwritable
    from office.policy_text import default_text
    from zeren.settings import settings

    path = Path(settings().policy_file)
    try:
        with path.open("x", encoding="utf-8") as file:
            file.write(default_text())
    except OSError as error:
        raise unwritable(error, path) from None
    typer.echo(say(f"已写好默认规则：{path}。改好后用 zeren policy check 检查。", f"{path} is written; check it with zeren policy check."))


def check(file: File = None, json: AsJson = False, now: Now = None) -> None:
    from engine.policies import astray
    from office.policy_words import meaning
    from zeren.database import rehearsal
    from zeren.settings import settings

    policy, source = _policy_meant(file)
    warnings: Sequence[Text] = ()
    if policy.exceptions:
        with rehearsal(settings().database_url) as session:
            unchecked = Text(
                "还没有数据库，例外里的清单和序号没有核对", "There is no database yet to look for the lists of its exceptions in"
            )
            warnings = (unchecked,) if session is None else astray(session, policy)
    if json:
        said = [text.in_(language()) for text in meaning(policy)]
        print_json({"source": source.in_(language()), "meaning": said, "warnings": [text.in_(language()) for text in warnings]})
        return
    typer.echo(say(f"{source.zh}没有错误，意思是：", f"{source.en} has no faults. It means:"))
    for text in meaning(policy):
        typer.echo(f"  {text.in_(language())}" + say("。", "."))
    for text in warnings:
        typer.echo(say("注意：", "Mind: ") + text.in_(language()) + say("。", "."))


def apply(
    from_: From,
    year: Year,
    file: File = None,
    titles: Lists = None,
    confirm: Confirm = False,
    by: By = OFFICER,
    json: AsJson = False,
    now: Now = None,
) -> None:
    from engine.policies import astray, lists_named
    from engine.policy_changes import change_policy, foresee_policy, refuse_past

    from_on = civil_date(from_, "--from")
    policy, source = _policy_meant(file)
    with working(now, keep=confirm) as (session, sender, moment):
        refuse_past(from_on, moment.astimezone(sender.zone).date())
        lists = lists_named(session, titles or [], year=year)
        changes = foresee_policy(session, policy, lists, from_on=from_on, zone=sender.zone)
        warnings = astray(session, policy)
        changed = change_policy(session, policy, lists, from_on=from_on, by=by, zone=sender.zone, now=moment) if confirm else 0
    if json:
        print_json(
            {
                "from": f"{from_on}",
                "source": source.in_(language()),
                "changed": changed,
                "lists": [_change_json(change) for change in changes],
                "warnings": [text.in_(language()) for text in warnings],
            }
        )
        return
    typer.echo(say(f"自{from_on}起改用{source.zh}：", f"From {from_on} on, {source.en}:"))
    for change in changes:
        _print_change(change)
    for text in warnings:
        typer.echo(say("注意：", "Mind: ") + text.in_(language()) + say("。", "."))
    typer.echo(_outcome(changes, changed, confirm=confirm).in_(language()))


def _outcome(changes: "Sequence[ListChange]", changed: int, *, confirm: bool) -> Text:
    if confirm:
        return (
            Text(f"已更改{changed}份清单的督办规则。", f"The policy of {changed} lists is changed.")
            if changed
            else Text("没有变化。", "Nothing changes.")
        )
    if all(change.holds_already for change in changes):
        return Text("没有变化。", "Nothing changes.")
    return Text("预览：还没有更改；确认无误后加 --confirm。", "Only shown: nothing is changed; add --confirm to make it so.")


def _policy_meant(file: Path | None) -> "tuple[Policy, Text]":
    from zeren.policy import policy_in_force, policy_source, read_policy_file

    return (policy_in_force(), policy_source()) if file is None else (read_policy_file(file), Text(str(file), str(file)))


def _print_change(change: "ListChange") -> None:
    from rich.table import Table
    from rich.text import Text as Plain

    from engine.policy_changes import notice_words
    from zeren.cli.preview_tables import console

    typer.echo(change.said.in_(language()) + say("。", "."))
    if not change.examples:
        return
    table = Table(box=None, pad_edge=False)
    for zh, en in (
        ("编号", "ID"),
        ("责任人", "Person"),
        ("事项", "Duty"),
        ("提醒", "Notice"),
        ("原定", "Before"),
        ("改为", "After"),
        ("同样的", "Alike"),
    ):
        table.add_column(say(zh, en), no_wrap=zh in ("编号", "责任人", "原定", "改为", "同样的"))
    for one in change.examples:
        content = one.content if len(one.content) <= CONTENT_SHOWN else f"{one.content[: CONTENT_SHOWN - 1]}…"
        style = "red" if one.moved.goes_up_earlier else ""
        notice = Plain(notice_words(one.moved.stage).in_(language()), style=style)
        days = (str(one.moved.before_on or "—"), str(one.moved.after_on or "—"))
        duty = Plain(f"{content} {one.period}")
        table.add_row(str(one.assignment_id), Plain(one.person or one.party), duty, notice, *days, str(one.alike))
    console().print(table)


def _as_json(policy: "Policy") -> dict[str, Any]:
    rules = policy.rules.model_dump(exclude={"is_urgent"})
    exceptions = [{"list": each.list_title, "item": each.item, "urgent": each.is_urgent, **each.parts} for each in policy.exceptions]
    return rules | {"mail": policy.mail.model_dump(), "meeting": policy.meeting.model_dump(), "exceptions": exceptions, "text": policy.text}


def _term(term: "Term") -> dict[str, Any]:
    return {"from": f"{term.from_on}", "by": term.decided_by, "at": term.decided_at.isoformat()} | _as_json(term.policy)


def _change_json(change: "ListChange") -> dict[str, Any]:
    return {
        "list": change.title,
        "holds_already": change.holds_already,
        "assignments": change.assignments,
        "shifted": {shift.value: count for shift, count in change.shifted.items()},
        "goes_up_earlier": change.goes_up_earlier,
        "goes_up_at_once": change.goes_up_at_once,
        "until": f"{change.until}" if change.until else None,
        "examples": [_example_json(one) for one in change.examples],
    }


def _example_json(one: "Example") -> dict[str, Any]:
    from engine.policy_changes import notice_words

    moved = one.moved
    return {
        "assignment": one.assignment_id,
        "person": one.person,
        "party": one.party,
        "content": one.content,
        "period": one.period,
        "notice": notice_words(moved.stage).in_(language()),
        "before": f"{moved.before_on}" if moved.before_on else None,
        "after": f"{moved.after_on}" if moved.after_on else None,
        "goes_up_earlier": moved.goes_up_earlier,
        "alike": one.alike,
    }
