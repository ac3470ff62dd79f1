"""What the pages of a year say: its figures as Markdown, with links from each number to the runs behind it. Pure.

In: how the year stands, and where its pages and runs are on the server. Out: the text of each page, by its key.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from board import links
from board.charts import AMBER, BLUE, GREEN, GREY, OLIVE, RED, Column, Share, columns, image, meter, shares_bar
from board.markdown import link, plain, shortened, table
from engine.completion import COMPLETION_WORDS, Completion
from engine.escalation import LEVEL_WORDS, Superior
from engine.standing import Named, OverdueDuty, Tally, YearStanding

OVERDUE_SHOWN = 300  # rows of the overdue list: beyond them the Runs page is the better place
CONTENT_SHOWN = 24  # characters: the present UI breaks no lines in tables
TITLE_SHOWN = 16
COUNTED = ("任务", "已签收", "在办", "待审核", "按期办结", "逾期办结", "逾期", "到期办结率")
NUMBERS = range(1, len(COUNTED))
EXPLAINED = (
    "在办：未到期的待签收、办理中、临期、退回重办。任务＝在办＋待审核＋按期办结＋逾期办结＋逾期。"
    "到期办结率：到期日已过的任务中，已办结（含逾期办结）的占比；还没有任务到期的记“—”。"
)


@dataclass(frozen=True, slots=True)
class Page:
    """One page: its key on the server, the Chinese name that stands beside it there, and its Markdown."""

    key: str
    name: str
    markdown: str


@dataclass(frozen=True, slots=True)
class Places:
    """What is where on the server: artifacts by key, runs by assignment. What is not there yet is not linked to."""

    artifacts: Mapping[str, str]
    runs: Mapping[int, str]


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
    """The keys of all pages of the year."""
    return (year_key(year), branches_key(year), leaders_key(year), overdue_key(year), questions_key(year))


def entrance(ids: Mapping[int, str]) -> str:
    """Links to the own pages of years, as they stand on the page of the board's deployment."""
    return " · ".join(f"**{link(f'{year}年一览', f'../../artifacts/artifact/{id_}')}**" for year, id_ in ids.items())


def pages(standing: YearStanding, places: Places) -> tuple[Page, ...]:
    """All pages of the year."""
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
    months = standing.by_month()
    month_rows = [(link(_month(name, year), links.to_runs(links.tag(links.DUE, name), year)), each) for name, each in months]
    list_rows = [
        (link(shortened(name, TITLE_SHOWN), links.to_runs(links.tag(links.LIST, name), year)), each) for name, each in standing.by_list()
    ]
    return _page(
        year_key(year),
        f"{year}年责任清单一览",
        standing,
        _to_do(standing),
        image(shares_bar(_shares(total)), _in_words(total)),
        f"全年任务 **{total.assigned}** 项，已办结 **{total.done}** 项；到期办结率 {_percent(total.completion_rate)}。"
        + (f"另有已撤销 {total.withdrawn} 项，各表均不计入。" if total.withdrawn else ""),
        _other_pages(standing, places),
        "## 按到期月份",
        image(columns([Column(_month_in_short(name, year), _shares(each)) for name, each in months]), f"{year}年各月到期任务的办理状态"),
        _tallies("月份", month_rows, total),
        "## 按清单",
        _tallies("清单", list_rows, total),
        EXPLAINED,
    )


def branches_page(standing: YearStanding, places: Places) -> Page:
    """One row a branch; the other units below."""
    year = standing.year
    branches = _linked(standing.by_unit(branches=True), links.BRANCH, year)
    others = _linked(standing.by_unit(branches=False), links.OFFICE, year)
    nobodys = standing.of_no_unit()
    if nobodys.assigned:
        others.append(("（不属于单位）", nobodys))
    return _page(
        branches_key(year),
        f"{year}年各支部、各单位办理情况",
        standing,
        _back(standing, places),
        "## 各党支部" if branches else "",
        _tallies("支部", branches),
        "## 其他单位" if others else "",
        _tallies("单位", others),
        EXPLAINED,
    )


def leaders_page(standing: YearStanding, places: Places) -> Page:
    """One row a leader: what each answers for, and the branches that each covers."""
    year = standing.year
    leaders = _linked(standing.by_leader(), links.LEADER, year)
    nobodys = standing.of_no_leader()
    if nobodys.assigned:
        leaders.append(("（未定责任领导）", nobodys))
    contacts = _linked(standing.by_contact(), links.CONTACT, year)
    return _page(
        leaders_key(year),
        f"{year}年各位领导负责事项的办理情况",
        standing,
        _back(standing, places),
        "## 责任领导" if leaders else "",
        _tallies("领导", leaders, standing.total),
        "## 联系领导（所联系支部的全部任务）" if contacts else "",
        _tallies("领导", contacts),
        EXPLAINED,
    )


def overdue_page(standing: YearStanding, places: Places) -> Page:
    """What is overdue, the longest first: whom it should have gone up to, and whom it did."""
    year, duties = standing.year, standing.overdue
    shown = duties[:OVERDUE_SHOWN]
    all_of_them = link("在 Runs 页查看全部", links.to_runs(links.state_tag(Completion.OVERDUE), year))
    rest = f"这里列出超期最久的 {len(shown)} 项，共 {len(duties)} 项。" if len(duties) > len(shown) else ""
    return _page(
        overdue_key(year),
        f"{year}年逾期任务：{len(duties)} 项",
        standing,
        _back(standing, places),
        f"共 **{len(duties)}** 项逾期。{rest}{all_of_them}" if duties else "没有逾期任务。",
        table(
            ("任务", "责任人", "到期", "超期", "应报至", "已报至", "单位"),
            [_overdue_row(duty, places, year) for duty in shown],
            numbers=(3,),
        ),
        "超期按工作日计。应报至：按规定，逾期即催责任人，满3个工作日报联系领导（有责任领导的报责任领导），满7个工作日报主要负责人，"
        "满15个工作日报党组。已报至：办理记录中最近一次上报；目前不自动上报，由您决定是否上报。",
    )


def questions_page(standing: YearStanding, places: Places) -> Page:
    """What the lists left open for the officer to decide."""
    questions = standing.questions
    return _page(
        questions_key(standing.year),
        f"{standing.year}年清单待确认的问题：{len(questions)} 个",
        standing,
        _back(standing, places),
        f"读取清单时有 **{len(questions)}** 处拿不准，请逐条确认。" if questions else "没有待确认的问题。",
        table(("位置", "问题"), [(plain(question.address), plain(question.text_zh)) for question in questions]),
    )


def _page(key: str, name: str, standing: YearStanding, *parts: str) -> Page:
    """Parts with an empty line between them; empty ones are left out."""
    day = standing.today
    return Page(key, name, "\n\n".join((f"# {name}", f"截至 {day.year}年{day.month}月{day.day}日", *filter(None, parts))))


def _to_do(standing: YearStanding) -> str:
    """The first line: what the officer looks for in the morning."""
    total, month, year = standing.total, standing.due_this_month, standing.year
    due = f"{standing.today:%Y-%m}"
    counted = (
        (COMPLETION_WORDS[Completion.REPORTED].zh, total[Completion.REPORTED], links.state_tag(Completion.REPORTED)),
        (COMPLETION_WORDS[Completion.OVERDUE].zh, total[Completion.OVERDUE], links.state_tag(Completion.OVERDUE)),
        (COMPLETION_WORDS[Completion.DUE_SOON].zh, total[Completion.DUE_SOON], links.state_tag(Completion.DUE_SOON)),
        (COMPLETION_WORDS[Completion.SENT].zh, total[Completion.SENT], links.state_tag(Completion.SENT)),
        ("本月到期", month.assigned, links.tag(links.DUE, due)),
        ("全年", total.assigned, links.tag(links.YEAR, year)),
    )
    return " · ".join(f"{link(name, links.to_runs(tag, year))} **{count}**" for name, count, tag in counted)


def _other_pages(standing: YearStanding, places: Places) -> str:
    named = (
        (branches_key(standing.year), "各支部、各单位"),
        (leaders_key(standing.year), "各位领导"),
        (overdue_key(standing.year), f"逾期清单（{len(standing.overdue)} 项）"),
        (questions_key(standing.year), f"待确认的问题（{len(standing.questions)} 个）"),
    )
    there = [link(name, links.to_artifact(places.artifacts[key])) for key, name in named if key in places.artifacts]
    return f"细看：{' · '.join(there)}" if there else ""


def _back(standing: YearStanding, places: Places) -> str:
    to = places.artifacts.get(year_key(standing.year))
    return link(f"← {standing.year}年一览", links.to_artifact(to)) if to else ""


def _linked(named: Iterable[Named], kind: str, year: int) -> list[tuple[str, Tally]]:
    return [(link(name, links.to_runs(links.tag(kind, name), year)), each) for name, each in named]


def _tallies(heading: str, rows: Sequence[tuple[str, Tally]], total: Tally | None = None) -> str:
    """A table of tallies; those without a duty but withdrawn ones are left out."""
    counted = [(name, each) for name, each in rows if each.assigned]
    if total is not None and len(counted) > 1:
        counted.append(("**合计**", total))
    return table((heading, *COUNTED), [(name, *_figures(each)) for name, each in counted], numbers=NUMBERS)


def _figures(each: Tally) -> tuple[str, ...]:
    counts = (
        each.assigned,
        each.acknowledged,
        each.in_work,
        each[Completion.REPORTED],
        each[Completion.DONE_IN_TIME],
        each[Completion.DONE_LATE],
        each[Completion.OVERDUE],
    )
    return (*map(str, counts), meter(each.completion_rate))


def _shares(each: Tally) -> tuple[Share, ...]:
    """In the colours that the runs have."""
    words = COMPLETION_WORDS
    return (
        Share(words[Completion.DONE_IN_TIME].zh, GREEN, each[Completion.DONE_IN_TIME]),
        Share(words[Completion.DONE_LATE].zh, OLIVE, each[Completion.DONE_LATE]),
        Share(words[Completion.REPORTED].zh, GREY, each[Completion.REPORTED]),
        Share("在办", BLUE, each.in_work - each[Completion.DUE_SOON]),
        Share(words[Completion.DUE_SOON].zh, AMBER, each[Completion.DUE_SOON]),
        Share(words[Completion.OVERDUE].zh, RED, each[Completion.OVERDUE]),
    )


def _in_words(each: Tally) -> str:
    return "，".join(f"{share.name} {share.count}" for share in _shares(each) if share.count) or "还没有任务"


def _overdue_row(duty: OverdueDuty, places: Places, year: int) -> tuple[str, ...]:
    words = shortened(f"{duty.content}（{duty.period}）" if duty.period else duty.content, CONTENT_SHOWN)
    run = places.runs.get(duty.id)
    due = duty.due_on
    return (
        link(words, f"../../runs/flow-run/{run}") if run else plain(words),
        plain(duty.person) or "（未定）",
        f"{due.month}月{due.day}日" if due.year == year else f"{due.year}年{due.month}月{due.day}日",
        f"{duty.workdays_over}天",
        plain(_level(duty.should_reach)),
        plain(duty.has_reached) or "—",
        plain(duty.party),
    )


def _level(superior: Superior) -> str:
    """联系领导 吴望舒, 局党组; says where the roster knows nobody."""
    level, name = LEVEL_WORDS[superior.level].zh, superior.name
    if not name:
        return f"{level}（名册未定）"
    return name if level in name else f"{level} {name}"


def _month_in_short(name: str, year: int) -> str:
    """Below a narrow column: 3月, 次年1月."""
    its_year, month = (int(part) for part in name.split("-"))
    before = {year: "", year + 1: "次年", year - 1: "上年"}.get(its_year, f"{its_year}/")
    return f"{before}{month}月"


def _month(name: str, year: int) -> str:
    """`2026-03` → 3月; a month of another year with its year."""
    its_year, month = name.split("-")
    return f"{int(month)}月" if int(its_year) == year else f"{its_year}年{int(month)}月"


def _percent(rate: float | None) -> str:
    return "—" if rate is None else f"{int(rate * 100)}%"
