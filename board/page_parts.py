"""What the pages of a year are made of: their keys, tables of figures with links, charts in the colours of the runs. Pure.

In: how the year or a part of it stands, and where its pages and runs are on the server. Out: Markdown.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from board import links
from board.charts import AMBER, BLUE, GREEN, GREY, OLIVE, RED, Share, image, meter, shares_bar
from board.markdown import link, plain, shortened, table
from engine.completion import COMPLETION_WORDS, LIGHT_MEANINGS, LIGHT_SIGNS, LIGHT_WORDS, Completion, Light
from engine.escalation import Superior
from engine.standing import Named, OverdueDuty, Tally, YearStanding
from office.policy import LEVEL_WORDS

OVERDUE_SHOWN = 300  # rows of an overdue list: beyond them the Runs page is the better place
CONTENT_SHOWN = 24  # characters: the present UI breaks no lines in tables
COUNTED = ("灯", "任务", "已签收", "在办", "待审核", "按期办结", "逾期办结", "逾期", "到期办结率")
NUMBERS = range(2, len(COUNTED))


def lit(light: Light) -> str:
    """🔴 红灯: a sign, and a word for whoever does not tell the colours apart."""
    return f"{LIGHT_SIGNS[light]} {LIGHT_WORDS[light].zh}"


EXPLAINED = (
    "在办：未到期的待签收、办理中、临期、退回重办。任务＝在办＋待审核＋按期办结＋逾期办结＋逾期。"
    "到期办结率：到期日已过的任务中，已办结（含逾期办结）的占比；还没有任务到期的记“—”。"
    "灯：" + "；".join(f"{lit(each)}＝{LIGHT_MEANINGS[each].zh}" for each in Light) + "。"
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


def unit_key(year: int, unit_id: int) -> str:
    """The page of a branch, or of another unit: one kind of key, because the address has to last when the unit's class changes."""
    return f"year-{year}-branch-{unit_id}"


def person_key(year: int, person_id: int) -> str:
    """The page of a leader, or of somebody who only carries duties: whoever becomes a leader keeps the address."""
    return f"year-{year}-leader-{person_id}"


def composed(key: str, name: str, standing: YearStanding, *parts: str) -> Page:
    """Parts with an empty line between them; empty ones are left out."""
    day = standing.today
    return Page(key, name, "\n\n".join((f"# {name}", f"截至 {day.year}年{day.month}月{day.day}日", *filter(None, parts))))


def on_a_line(parts: Iterable[str]) -> str:
    """Links side by side; empty ones are left out."""
    return " · ".join(filter(None, parts))


def to_page(words: str, key: str, places: Places) -> str:
    """A link to another page; empty while it is not there."""
    id_ = places.artifacts.get(key)
    return link(words, links.to_artifact(id_)) if id_ else ""


def months(standing: YearStanding) -> list[tuple[str, Tally]]:
    """Rows by the month in which duties are due."""
    return [(month(name, standing.year), each) for name, each, _ in standing.by_month()]


def units(named: Iterable[Named], kind: str, year: int, places: Places) -> list[tuple[str, Tally]]:
    """Rows of units, each with a link to its own page; to its runs (tag `kind`) while there is no page."""
    return [(_own(each, unit_key(year, each.id or 0), kind, year, places), each.tally) for each in named]


def people(named: Iterable[Named], kind: str, year: int, places: Places) -> list[tuple[str, Tally]]:
    """Rows of people, linked like those of units."""
    return [(_own(each, person_key(year, each.id or 0), kind, year, places), each.tally) for each in named]


def _own(each: Named, key: str, kind: str, year: int, places: Places) -> str:
    return to_page(each.name, key, places) or link(each.name, links.to_runs(links.tag(kind, each.name), year))


def tallies(heading: str, rows: Sequence[tuple[str, Tally]], total: Tally | None = None) -> str:
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
    return (lit(each.light), *map(str, counts), meter(each.completion_rate))


def in_words(total: Tally) -> str:
    """The figures that matter most in one sentence: tables reach beyond the edge of a phone."""
    withdrawn = f"另有已撤销 {total.withdrawn} 项，各表均不计入。" if total.withdrawn else ""
    overdue = f"，逾期 **{total[Completion.OVERDUE]}** 项" if total[Completion.OVERDUE] else ""
    rate = "—" if total.completion_rate is None else f"{int(total.completion_rate * 100)}%"
    return f"全年任务 **{total.assigned}** 项，已办结 **{total.done}** 项{overdue}；到期办结率 {rate}。{withdrawn}"


def bar(total: Tally) -> str:
    """All states of these duties in one bar."""
    parts = shares(total)
    return image(shares_bar(parts), "，".join(f"{share.name} {share.count}" for share in parts if share.count) or "还没有任务")


def shares(each: Tally) -> tuple[Share, ...]:
    """In the colours that the runs have."""
    words = COMPLETION_WORDS
    return (
        Share(words[Completion.DONE_IN_TIME].zh, GREEN, each[Completion.DONE_IN_TIME]),
        Share(words[Completion.DONE_LATE].zh, OLIVE, each[Completion.DONE_LATE]),
        Share(words[Completion.REPORTED].zh, GREY, each[Completion.REPORTED]),
        Share("在办未临期", BLUE, each.in_work - each[Completion.DUE_SOON]),
        Share(words[Completion.DUE_SOON].zh, AMBER, each[Completion.DUE_SOON]),
        Share(words[Completion.OVERDUE].zh, RED, each[Completion.OVERDUE]),
    )


def overdue_table(standing: YearStanding, places: Places, *, parties: bool = True) -> str:
    """What is overdue of this standing, the longest first: whom it should have gone up to, and whom it did. `parties`: whose it is."""
    headings = ("任务", "责任人", "到期", "超期", "应报至", "已报至", "单位")
    shown = len(headings) if parties else -1
    rows = [_overdue_row(duty, places, standing.year)[:shown] for duty in standing.overdue[:OVERDUE_SHOWN]]
    return table(headings[:shown], rows, numbers=(3,))


def left_out(standing: YearStanding) -> str:
    """Says that the table of overdue duties does not show all of them; empty where it does."""
    count = len(standing.overdue)
    return f"这里列出超期最久的 {OVERDUE_SHOWN} 项，共 {count} 项。" if count > OVERDUE_SHOWN else ""


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


def month(name: str, year: int) -> str:
    """`2026-03` → 3月; a month of another year with its year."""
    its_year, number = name.split("-")
    return f"{int(number)}月" if int(its_year) == year else f"{its_year}年{int(number)}月"
