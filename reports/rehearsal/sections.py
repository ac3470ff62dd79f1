"""Figures → the sections of the report: of one policy, or of two side by side."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence

from engine.rehearsal_figures import ABOVE, Figures, Gap, PersonMails, ProfileFigures, worked_before
from office.policy import LEVEL_WORDS, Level
from office.text import Text
from reports.rehearsal.blocks import Block, Cell, PeopleWeeks, Report, Section, Table, Weeks, Words
from reports.rehearsal.differences import policy_differences
from reports.rehearsal.words import BEHAVIOUR_WORDS, Figure, day, figures, joined, month

PEOPLE_SHOWN = 12  # of one level; JSON has all
PEOPLE_DRAWN = 25
ROWS_SHOWN = 20
NOTHING = Text("没有。", "None.")
DUTIES = Text("任务", "duties")


def report_of(first: Figures, second: Figures | None = None) -> Report:
    """The report of one policy, or of two; what does not depend on a policy is said once."""
    title = Text(f"{first.title}：{first.year}年督办预演", f"{first.title}: the follow-up of {first.year} rehearsed")
    sections = _of_one(first) if second is None else _of_two(first, second)
    return Report(title, tuple(_about(first, second)), (*sections, *_of_list_and_roster(first), _what_counts()))


def _about(first: Figures, second: Figures | None) -> Iterator[Text]:
    policies = Text(f"规则：{first.policy_name}。", f"Policy: {first.policy_name}.")
    if second is not None:
        names = first.policy_name, second.policy_name
        policies = Text("规则：甲 {}，乙 {}。".format(*names), "Policies: A {}, B {}.".format(*names))
    issued = day(first.issued_on, first.year)
    yield Text(
        f"责任事项{first.items}项，任务{first.assignments}个，{issued.zh}下发。{policies.zh}",
        f"{first.items} items, {first.assignments} assignments, issued on {issued.en}. {policies.en}",
    )
    if first.waiting or first.unowned:
        yield Text(
            f"没有算进来的步骤：等待事件{first.waiting}个，无人负责{first.unowned}个。",
            f"Not counted are the steps that wait for an event ({first.waiting}) or that nobody is accountable for ({first.unowned}).",
        )
    yield from (Text(f"请注意：{doubt.zh}。", f"Note: {doubt.en}.") for doubt in first.doubts)
    yield Text("没有发出任何邮件，没有写入任何内容。", "No mail has left, nothing is written.")


# One policy


def _of_one(one: Figures) -> tuple[Section, ...]:
    rows = [figures(profile, one.policy, one.year) for profile in one.profiles]
    table = Table(
        (Text("", ""), *(profile.behaviour.words for profile in one.profiles)),
        tuple((_label(same[0]), *map(_cell, same)) for same in zip(*rows, strict=True)),
        numbers_from=1,
    )
    behaviours = (Words(_behaviour(profile)) for profile in one.profiles)
    return (
        Section(Text("一年多少邮件", "The mails of the year"), (table, *behaviours, *_weeks(one))),
        Section(Text("会报到谁那里", "Whom it goes up to"), tuple(_upwards([one]))),
        Section(Text("每人每周的邮件", "Mails per person and week"), (*_people([one]), *_people_drawn(one))),
        Section(Text("高峰日", "Peak days"), (_peaks([one]),)),
    )


def _label(figure: Figure) -> Text:
    return Text(f"　{figure.words.zh}", f"· {figure.words.en}") if figure.part else figure.words


def _cell(figure: Figure) -> Cell:
    return figure.said if figure.number is None else figure.number


def _behaviour(profile: ProfileFigures) -> Text:
    name, does = profile.behaviour.words, BEHAVIOUR_WORDS[profile.behaviour.name]
    return Text(f"{name.zh}：{does.zh}。", f"{name.en}: {does.en}.")


def _weeks(*several: Figures) -> Iterator[Block]:
    highest = max((sum(week.values()) for one in several for profile in one.profiles for week in profile.weeks.values()), default=0)
    for profiles in zip(*(one.profiles for one in several), strict=True):
        for mark, profile in zip(_marks(several), profiles, strict=True):
            if not profile.weeks:
                continue
            words = profile.behaviour.words
            most = max(sum(week.values()) for week in profile.weeks.values())
            title = Text(f"{words.zh}{mark.zh}，每周邮件（最多{most}封）", f"mails per week, {words.en}{mark.en} (at most {most})")
            yield Weeks(title, profile.weeks, highest)


def _marks(several: Sequence[Figures]) -> tuple[Text, ...]:
    """What tells two policies apart; nothing where there is one."""
    return (Text("", ""),) if len(several) == 1 else (Text("（甲）", " (A)"), Text("（乙）", " (B)"))


def _columns(several: Sequence[Figures]) -> list[tuple[Text, ProfileFigures, int]]:
    """Every behaviour under every policy: its head, its figures, and the year of the list."""
    return [
        (Text(f"{profile.behaviour.words.zh}{mark.zh}", f"{profile.behaviour.words.en}{mark.en}"), profile, one.year)
        for profiles in zip(*(one.profiles for one in several), strict=True)
        for one, mark, profile in zip(several, _marks(several), profiles, strict=True)
    ]


def _people(several: Sequence[Figures]) -> Iterator[Block]:
    """Totals and fullest weeks of everybody, who gets most first."""
    columns = _columns(several)
    by_name = [{person.name: person for person in profile.people} for _, profile, _ in columns]
    names = sorted(dict.fromkeys(name for people in by_name for name in people), key=lambda name: -_most(name, by_name))
    rows = ((name, *(_total(people.get(name)) for people in by_name)) for name in names)
    yield Words(Text("全年封数，括号里是最多的一周。", "Mails of the year, and of the fullest week."))
    yield Table((Text("姓名", "name"), *(head for head, _, _ in columns)), tuple(rows), numbers_from=1)


def _people_drawn(one: Figures) -> Iterator[Block]:
    """All weeks of those who get most."""
    highest = max((person.busiest[1] for profile in one.profiles for person in profile.people), default=0)
    for profile in (each for each in one.profiles if each.people):
        shown = tuple((_counted(person), person.weeks) for person in profile.people[:PEOPLE_DRAWN])
        yield PeopleWeeks(profile.behaviour.words, tuple(profile.weeks), shown, len(profile.people) - len(shown), highest)


def _most(name: str, by_name: Sequence[Mapping[str, PersonMails]]) -> int:
    return max(people[name].mails for people in by_name if name in people)


def _total(person: PersonMails | None) -> Cell:
    return 0 if person is None else Text(f"{person.mails}（{person.busiest[1]}）", f"{person.mails} ({person.busiest[1]})")


def _counted(person: PersonMails) -> str:
    return f"{person.name} {person.mails}"


def _peaks(several: Sequence[Figures]) -> Table:
    def cell(profile: ProfileFigures, year: int, place: int) -> Cell:
        if place >= len(profile.peaks):
            return ""
        peak = profile.peaks[place]
        on = day(peak.on, year)
        return Text(f"{on.zh} {peak.mails}封（{peak.people}人）", f"{on.en}: {peak.mails} ({peak.people} people)")

    columns = _columns(several)
    most = max(len(profile.peaks) for _, profile, _ in columns)
    return Table(
        tuple(head for head, _, _ in columns),
        tuple(tuple(cell(profile, year, place) for _, profile, year in columns) for place in range(most)),
        numbers_from=len(columns),
    )


def _upwards(several: Sequence[Figures]) -> Iterator[Block]:
    """How many duties reach each level, and how many notices each person of it gets, of every profile (and policy)."""
    columns = _columns(several)
    rows: list[tuple[Cell, ...]] = []
    for level in ABOVE:
        reached = [next(up for up in profile.upwards if up.level is level) for _, profile, _ in columns]
        words = LEVEL_WORDS[level]
        rows.append((Text(f"{words.zh}（任务）", f"{words.en} (duties)"), *(up.duties for up in reached)))
        names = list(dict.fromkeys(name for up in reversed(reached) for name in up.notices))
        rows += [(Text(f"　{name}", f"· {name}"), *(up.notices.get(name, 0) for up in reached)) for name in names[:PEOPLE_SHOWN]]
        if left := len(names) - PEOPLE_SHOWN if len(names) > PEOPLE_SHOWN else 0:
            rows.append((Text(f"　另有{left}人", f"· {left} people more"), *("" for _ in reached)))
    yield Table((Text("级别和人（条）", "level, people (notices)"), *(head for head, _, _ in columns)), tuple(rows), numbers_from=1)


# Two policies


def _of_two(first: Figures, second: Figures) -> tuple[Section, ...]:
    differences = policy_differences(first.policy, second.policy)
    table: Block = Table(
        (Text("项目", "entry"), Text("甲", "A"), Text("乙", "B")), tuple((each.entry, each.first, each.second) for each in differences), 3
    )
    same = Words(Text("两份规则相同。", "The two policies are the same."))
    return (
        Section(Text("规则的不同之处", "Where the policies differ"), (table if differences else same,)),
        Section(Text("甲乙对照", "A and B side by side"), (_side_by_side(first, second), *map(Words, map(_behaviour, first.profiles)))),
        Section(Text("会报到谁那里", "Whom it goes up to"), tuple(_upwards([first, second]))),
        Section(Text("每周邮件", "Mails per week"), tuple(_weeks(first, second))),
        Section(Text("每人的邮件", "Mails per person"), tuple(_people([first, second]))),
        Section(Text("高峰日", "Peak days"), (_peaks([first, second]),)),
    )


def _side_by_side(first: Figures, second: Figures) -> Table:
    """A row a figure that is a number: of each behaviour both policies, and the change."""
    ours, theirs = (zip(*(figures(profile, one.policy, one.year) for profile in one.profiles), strict=True) for one in (first, second))
    rows = []
    for mine, other in zip(ours, theirs, strict=True):
        if mine[0].number is not None:
            pairs = zip(mine, other, strict=True)
            rows.append(
                (_label(mine[0]), *(cell for a, b in pairs for cell in (_cell(a), _cell(b), _change((b.number or 0) - (a.number or 0)))))
            )
    heads = (profile.behaviour.words for profile in first.profiles)
    columns = (column for head in heads for column in (Text(f"{head.zh}甲", f"{head.en}: A"), Text("乙", "B"), Text("增减", "±")))
    return Table((Text("", ""), *columns), tuple(rows), numbers_from=1)


def _change(by: int) -> str:
    return f"{by:+d}" if by else "·"


# What no policy changes


def _of_list_and_roster(one: Figures) -> tuple[Section, ...]:
    return (
        Section(Text("到期日是休息日", "Deadlines on days off"), tuple(_days_off(one))),
        Section(Text(f"一个月超过{one.many}个期限的人", f"More than {one.many} deadlines for one person in a month"), tuple(_crowded(one))),
        Section(Text("空缺的级别", "Levels with nobody in them"), tuple(_gaps(one))),
    )


def _days_off(one: Figures) -> Iterator[Block]:
    if not one.days_off:
        yield Words(NOTHING)
        return
    days = ((holiday.holiday, on, count) for holiday in one.days_off for on, count in holiday.days)
    rows = ((holiday, day(on, one.year), day(worked_before(on), one.year), count) for holiday, on, count in days)
    columns = (Text("假日", "holiday"), Text("到期日", "due"), Text("之前最后一个工作日", "last working day before"), DUTIES)
    total = sum(holiday.deadlines for holiday in one.days_off)
    yield Words(Text(f"{total}个任务在休息日到期。", f"{total} assignments fall due on days off."))
    yield Table(columns, tuple(rows), numbers_from=3)


def _crowded(one: Figures) -> Iterator[Block]:
    if not one.crowded:
        yield Words(NOTHING)
        return
    columns = (Text("责任人", "person"), Text("月份", "month"), Text("期限", "deadlines"))
    rows = ((each.person, month(each.month, one.year), each.deadlines) for each in one.crowded[:ROWS_SHOWN])
    yield Table(columns, tuple(rows), numbers_from=2)
    yield from _left_out(len(one.crowded))


def _gaps(one: Figures) -> Iterator[Block]:
    if not one.gaps:
        yield Words(NOTHING)
        return
    columns = (Text("级别", "level"), Text("谁的任务", "whose"), Text("原因", "why"), Text("改报给", "reaches instead"), DUTIES)
    alike: dict[tuple[Cell, ...], int] = defaultdict(int)
    for gap in one.gaps:
        alike[_gap(gap, one.year)] += gap.duties
    yield Table(columns, tuple((*said, duties) for said, duties in alike.items())[:ROWS_SHOWN], numbers_from=4)
    yield from _left_out(len(alike))


def _gap(gap: Gap, year: int) -> tuple[Cell, ...]:
    """All but the duties. Several people of one unit may say the same: each is left out of whom it reaches, which is said in short."""
    since, until = (day(on, year) if on else Text("", "") for on in (gap.from_on, gap.until_on))
    when = Text(f"（{since.zh}至{until.zh}）", f" ({since.en} to {until.en})") if since.zh or until.zh else Text("", "")
    of = Text(f"{gap.of}{when.zh}", f"{gap.of}{when.en}")
    instead = _names(gap.instead) if gap.instead else Text("计划员", "planning officer")
    return LEVEL_WORDS[Level(gap.level)], of, joined(gap.why), instead


def _names(people: Sequence[str]) -> Text:
    """Of a whole party group only the first."""
    if len(people) <= 2:
        return Text("、".join(people), ", ".join(people))
    return Text(f"{people[0]}等{len(people)}人", f"{people[0]} and {len(people) - 1} more")


def _left_out(count: int) -> Iterator[Block]:
    if (left := count - ROWS_SHOWN) > 0:
        yield Words(Text(f"另有{left}行，--json 全部列出。", f"{left} rows more: --json has them all."))


def _what_counts() -> Section:
    lines = (
        Text(
            "每个工作日早上先看督办，再由大家签收、报送、审核。",
            "The follow-up looks on each working morning, then people acknowledge, report and review.",
        ),
        Text(
            "督办提示一人一天合成一封；上报的抄告责任人。审核结果一个任务一封。",
            "Notices make one digest a person and day; the assignee has a copy of what goes up. Each review is a mail.",
        ),
        Text(
            "职务按名册的任期接任；没有人担任的职务不签收、不报送。",
            "Duties follow the terms of posts in the roster. What nobody carries is not answered.",
        ),
        Text(
            "请假、延期、退回、各人关掉的预警、每周知情汇总和例会不在预演之内。",
            "Leaves, more time, returns, declined warnings, the weekly informed digests and regular meetings are not rehearsed.",
        ),
    )
    return Section(Text("怎么算的", "How it is counted"), tuple(map(Words, lines)))
