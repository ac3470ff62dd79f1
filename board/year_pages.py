"""What the pages of a year say: its figures as Markdown, with links from each number to the runs behind it. Pure.

In: how the year stands, and where its pages and runs are on the server. Out: the text of each page, by its key.
"""

from collections.abc import Mapping

from board import links
from board.charts import Column, columns, image
from board.markdown import link, plain, shortened, table
from board.page_parts import (
    EXPLAINED,
    Page,
    Places,
    bar,
    composed,
    in_words,
    left_out,
    month,
    on_a_line,
    overdue_table,
    people,
    shares,
    tallies,
    to_page,
    units,
)
from engine.completion import COMPLETION_WORDS, LIGHT_SIGNS, Completion
from engine.lights import red_of
from engine.standing import YearStanding

TITLE_SHOWN = 16  # characters of a list's title: the present UI breaks no lines in tables


def year_key(year: int) -> str:
    return f"year-{year}"


def branches_key(year: int) -> str:
    return f"year-{year}-branches"


def leaders_key(year: int) -> str:
    return f"year-{year}-leaders"


def overdue_key(year: int) -> str:
    return f"year-{year}-overdue"


def questions_key(year: int) -> str:
    return f"year-{year}-questions"


def page_keys(year: int) -> tuple[str, ...]:
    """The keys of the pages that are the whole year's."""
    return (year_key(year), branches_key(year), leaders_key(year), overdue_key(year), questions_key(year))


def entrance(ids: Mapping[int, str]) -> str:
    """Links to the own pages of years, as they stand on the page of the board's deployment."""
    return " · ".join(f"**{link(f'{year}年一览', f'../../artifacts/artifact/{id_}')}**" for year, id_ in ids.items())


def pages(standing: YearStanding, places: Places) -> tuple[Page, ...]:
    """The pages that are the whole year's; those of one unit or person are `board.own_pages`."""
    return (
        year_page(standing, places),
        branches_page(standing, places),
        leaders_page(standing, places),
        overdue_page(standing, places),
        questions_page(standing, places),
    )


def year_page(standing: YearStanding, places: Places) -> Page:
    """The year at a glance: what waits for the officer, how far all of it is, by month and by list."""
    year, total = standing.year, standing.total
    due = standing.by_month()
    month_rows = [(link(month(name, year), links.to_runs(links.tag(links.DUE, name), year)), each) for name, each, _ in due]
    list_rows = [
        (link(shortened(name, TITLE_SHOWN), links.to_runs(links.tag(links.LIST, name), year)), each) for name, each, _ in standing.by_list()
    ]
    return composed(
        year_key(year),
        f"{year}年责任清单一览",
        standing,
        _to_do(standing),
        bar(total),
        in_words(total),
        _red(standing),
        _other_pages(standing, places),
        "## 按到期月份",
        image(columns([Column(_month_in_short(name, year), shares(each)) for name, each, _ in due]), f"{year}年各月到期任务的办理状态"),
        tallies("月份", month_rows, total),
        "## 按清单",
        tallies("清单", list_rows, total),
        EXPLAINED,
    )


def branches_page(standing: YearStanding, places: Places) -> Page:
    """One row a branch; the other units below."""
    year = standing.year
    branches = units(standing.by_unit(branches=True), links.BRANCH, year, places)
    others = units(standing.by_unit(branches=False), links.OFFICE, year, places)
    nobodys = standing.of_no_unit()
    if nobodys.assigned:
        others.append(("（不属于单位）", nobodys))
    return composed(
        branches_key(year),
        f"{year}年各支部、各单位办理情况",
        standing,
        back(standing, places),
        "## 各党支部" if branches else "",
        tallies("支部", branches),
        "## 其他单位" if others else "",
        tallies("单位", others),
        EXPLAINED,
    )


def leaders_page(standing: YearStanding, places: Places) -> Page:
    """One row a leader: what each answers for, and the branches that each covers; one row for everybody who carries duties."""
    year = standing.year
    leaders = people(standing.by_leader(), links.LEADER, year, places)
    nobodys = standing.of_no_leader()
    if nobodys.assigned:
        leaders.append(("（未定责任领导）", nobodys))
    contacts = people(standing.by_contact(), links.CONTACT, year, places)
    carriers = people(standing.by_person(), links.PERSON, year, places)
    if (unnamed := standing.of_nobody()).assigned:
        carriers.append(("（未定责任人）", unnamed))
    return composed(
        leaders_key(year),
        f"{year}年各位领导、责任人的办理情况",
        standing,
        back(standing, places),
        "## 责任领导" if leaders else "",
        tallies("领导", leaders, standing.total),
        "## 联系领导（所联系支部的全部任务）" if contacts else "",
        tallies("领导", contacts),
        "## 责任人" if carriers else "",
        tallies("责任人", carriers, standing.total),
        EXPLAINED,
    )


def overdue_page(standing: YearStanding, places: Places) -> Page:
    """What is overdue, the longest first: whom it should have gone up to, and whom it did."""
    year, count = standing.year, len(standing.overdue)
    all_of_them = link("在 Runs 页查看全部", links.to_runs(links.state_tag(Completion.OVERDUE, year), year))
    return composed(
        overdue_key(year),
        f"{year}年逾期任务：{count} 项",
        standing,
        back(standing, places),
        f"共 **{count}** 项逾期。{left_out(standing)}{all_of_them}" if count else "没有逾期任务。",
        overdue_table(standing, places),
        "超期按工作日计。应报至：按该清单的督办规则，到今天应当知道的最高一级（先催责任人，再依次报联系领导、主要负责人、党组；"
        "有责任领导的，责任领导在联系领导之前）。已报至：办理记录中最近一次上报，由督办自动写入。",
    )


def questions_page(standing: YearStanding, places: Places) -> Page:
    """What the lists left open for the officer to decide."""
    questions = standing.questions
    return composed(
        questions_key(standing.year),
        f"{standing.year}年清单待确认的问题：{len(questions)} 个",
        standing,
        back(standing, places),
        f"读取清单时有 **{len(questions)}** 处拿不准，请逐条确认。" if questions else "没有待确认的问题。",
        table(("位置", "问题"), [(plain(question.address), plain(question.text_zh)) for question in questions]),
    )


def _to_do(standing: YearStanding) -> str:
    """The first line: what the officer looks for in the morning."""
    total, month, year = standing.total, standing.due_this_month, standing.year
    due = f"{standing.today:%Y-%m}"
    counted = (
        (COMPLETION_WORDS[Completion.REPORTED].zh, total[Completion.REPORTED], links.state_tag(Completion.REPORTED, year)),
        (COMPLETION_WORDS[Completion.OVERDUE].zh, total[Completion.OVERDUE], links.state_tag(Completion.OVERDUE, year)),
        (COMPLETION_WORDS[Completion.DUE_SOON].zh, total[Completion.DUE_SOON], links.state_tag(Completion.DUE_SOON, year)),
        (COMPLETION_WORDS[Completion.SENT].zh, total[Completion.SENT], links.state_tag(Completion.SENT, year)),
        ("本月到期", month.assigned, links.tag(links.DUE, due)),
        ("全年", total.assigned, links.tag(links.YEAR, year)),
    )
    return " · ".join(f"{link(name, links.to_runs(tag, year))} **{count}**" for name, count, tag in counted)


def _red(standing: YearStanding) -> str:
    """Which units have something overdue; empty where none has."""
    red = red_of([standing])
    return f"{LIGHT_SIGNS[red.light]} {plain(red.said.zh)}" if red else ""


def _other_pages(standing: YearStanding, places: Places) -> str:
    named = (
        (branches_key(standing.year), "各支部、各单位"),
        (leaders_key(standing.year), "各位领导、责任人"),
        (overdue_key(standing.year), f"逾期清单（{len(standing.overdue)} 项）"),
        (questions_key(standing.year), f"待确认的问题（{len(standing.questions)} 个）"),
    )
    there = on_a_line(to_page(name, key, places) for key, name in named)
    return f"细看：{there}" if there else ""


def back(standing: YearStanding, places: Places) -> str:
    """To the year's page; empty while it is not there."""
    return to_page(f"← {standing.year}年一览", year_key(standing.year), places)


def _month_in_short(name: str, year: int) -> str:
    """Below a narrow column: 3月, 次年1月."""
    its_year, month = (int(part) for part in name.split("-"))
    before = {year: "", year + 1: "次年", year - 1: "上年"}.get(its_year, f"{its_year}/")
    return f"{before}{month}月"
