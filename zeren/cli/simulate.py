"""`zeren simulate`: a list lives through its year on a calendar of its own, under one policy or two, and no mail leaves."""

from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from office.text import Refused, Text
from zeren.cli.files import Force, write
from zeren.cli.options import AsJson, ListParty, Now, Year, language, print_json, say

if TYPE_CHECKING:
    from engine.rehearsing import Rehearsal
    from intake.values import ListReading
    from office.policy import Policy
    from reports.rehearsal.blocks import Report

File = Annotated[Path, typer.Argument(metavar="LIST", help=say("清单文件：.xlsx .docx .csv", "the list: .xlsx, .docx or .csv"))]
RosterFile = Annotated[Path, typer.Option("--roster", metavar="R", help=say("名册 .xlsx", "the roster, .xlsx"))]
Title = Annotated[str, typer.Option("--title", metavar="TITLE", help=say("清单标题，代替文件中的", "title of the list, not the file's"))]
IssuedOn = Annotated[
    str, typer.Option("--issued", metavar="DATE", help=say("下发日期，默认当年第一个工作日", "day of issue; the first working day"))
]
PolicyFile = Annotated[
    Path | None,
    typer.Option(
        "--policy",
        metavar="FILE",
        help=say("督办规则；默认当前目录的 policy.toml，没有则用内置的", "the policy; policy.toml, else the built-in"),
    ),
]
CompareFile = Annotated[
    Path | None, typer.Option("--compare", metavar="FILE2", help=say("与另一份规则对照", "another policy, side by side"))
]
Output = Annotated[
    Path | None, typer.Option("--output", metavar="FILE", help=say("写成 .md 或 .html（带图）", "write .md, or .html with charts"))
]
Many = Annotated[int, typer.Option("--many", metavar="N", min=0, help=say("一人一月超过几个期限就列出", "list months with more deadlines"))]


def register(app: typer.Typer) -> None:
    app.command("simulate", help=say("预演一年的督办：多少邮件、报给谁、哪天最忙。", "Rehearse a year: how many mails, to whom, when."))(
        simulate
    )


def simulate(
    file: File,
    roster: RosterFile,
    year: Year,
    policy: PolicyFile = None,
    compare: CompareFile = None,
    issued: IssuedOn = "",
    title: Title = "",
    party: ListParty = "",
    many: Many = 10,
    output: Output = None,
    force: Force = False,
    json: AsJson = False,
    now: Now = None,
) -> None:
    from engine.rehearsal_figures import figures_of
    from intake.reading import read_list
    from reports.rehearsal.plain import plain
    from reports.rehearsal.sections import report_of

    _refuse_unfit_output(output)
    issued_on = _day_of_issue(issued, year)
    policies = _policies(policy, compare)
    reading = read_list(file, year, party=party)
    if reading.problems:
        _say_problems(reading, json=json)
        raise typer.Exit(1)
    rehearsal = _planned(reading, roster, year=year, title=title, file_name=file.name, issued_on=issued_on)
    first, *others = [figures_of(rehearsal, one, policy_name=name, many=many) for name, one in policies]
    second = others[0] if others else None
    report = report_of(first, second)
    if output is not None:
        _write(output, report, force=force)
    if json:
        print_json(plain(first, second, language=language()))
    elif output is None:
        from reports.rehearsal.markdown import markdown

        typer.echo(markdown(report, language=language()), nl=False)
    else:
        typer.echo(say(f"已写好：{output}", f"Written: {output}"))


def _planned(reading: "ListReading", roster: Path, *, year: int, title: str, file_name: str, issued_on: date) -> "Rehearsal":
    from engine.issuing import refuse_no_roster, refuse_nothing_planned, refuse_unfit, title_of
    from engine.loading import sound
    from engine.planning import plan
    from engine.rehearsing import Rehearsal
    from intake.roster import read_roster

    refuse_unfit(reading)
    known = sound(read_roster(roster)).roster
    refuse_no_roster(known)
    title = title_of(reading, file_name, title)
    planned = plan(reading.items, known, year=year, title=title, issued_on=issued_on)
    refuse_nothing_planned(planned)
    if not planned.assignments:
        raise Refused(Text("没有一项有期限，没有可以预演的", "Nothing has a date yet: there is nothing to rehearse"), place=file_name)
    return Rehearsal(planned, known, title=title, issued_on=issued_on)


def _day_of_issue(written: str, year: int) -> date:
    from office.workdays import workdays_after

    if not written:
        return workdays_after(date(year - 1, 12, 31), 1)
    try:
        day = datetime.strptime(written, "%Y-%m-%d").date()  # noqa: DTZ007 - a civil date
    except ValueError:
        raise Refused(
            Text(f"--issued 不是日期：{written}（例：{year}-01-05）", f"--issued is no date: {written} (like {year}-01-05)")
        ) from None
    if day.year not in (year - 1, year):
        raise Refused(Text(f"--issued 应在{year - 1}年或{year}年：{written}", f"--issued has to lie in {year - 1} or {year}: {written}"))
    return day


def _policies(given: Path | None, compared: Path | None) -> "list[tuple[str, Policy]]":
    """The policies to live by, with what to call them."""
    from office.policy import default_policy
    from zeren.policy import policy_file, read_policy_file

    own = given or policy_file()
    built_in = Text("内置", "built-in").in_(language())
    policies = [(built_in, default_policy()) if own is None else (own.name, read_policy_file(own))]
    return [*policies, (compared.name, read_policy_file(compared))] if compared is not None else policies


def _say_problems(reading: "ListReading", *, json: bool) -> None:
    if json:
        print_json({"problems": [{"address": note.address, "text": note.text.in_(language())} for note in reading.problems]})
        return
    from zeren.cli.reading_page import print_problems

    print_problems(reading.problems)


def _refuse_unfit_output(output: Path | None) -> None:
    if output is not None and output.suffix not in (".md", ".html"):
        raise Refused(Text("--output 应为 .md 或 .html 文件", "--output has to be a .md or .html file"), place=str(output))


def _write(output: Path, report: "Report", *, force: bool) -> None:
    if output.suffix == ".html":
        from reports.rehearsal.page import page as written
    else:
        from reports.rehearsal.markdown import markdown as written
    write(output, written(report, language=language()).encode(), force=force)
