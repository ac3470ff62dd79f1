"""例会材料 in words: headings, sentences and tables, the same for the Word file and for the page.

In: the material and a language. Out: parts in their order; cells are plain text, several lines in one where several parties said something.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from engine.completion import COMPLETION_WORDS, Completion, Light
from engine.meeting_material import Counted, Heard, Material, whose
from notifications.wording import day_in, names
from office.text import Language, Text

MOST_ROWS = 200  # of one table: a meeting reads no more, and the board shows all
MOST_WORDS = 20  # parties of one duty whose words are told
MOST_NAMES = 30
LONGEST = 300  # characters of what somebody said


@dataclass(frozen=True, slots=True)
class Column:
    title: str
    width: int  # as a share of the page's width
    is_number: bool = False
    light: Light | None = None  # what it counts


@dataclass(frozen=True, slots=True)
class Part:
    """A heading, a sentence (empty where the table says it), and a table (without columns: none)."""

    title: str
    said: str = ""
    columns: tuple[Column, ...] = ()
    rows: tuple[tuple[str, ...], ...] = ()


def title_of(held_on: date, language: Language) -> str:
    return Text(f"{held_on.year}年{held_on.month}月{held_on.day}日例会材料", f"Material for the regular meeting of {held_on}").in_(language)


def subtitle_of(material: Material, language: Language) -> str:
    """As of which day it stands, and since when it tells what was said and done."""
    made, since = (day_in(day, material.held_on.year, language) for day in (material.made_on, material.since))
    return Text(f"截至{made}；进展和办结自{since}（上次例会之后）起计", f"As of {made}; what was said and done is told since {since}").in_(
        language
    )


def parts_of(material: Material, language: Language) -> tuple[Part, ...]:
    return _Writer(material, language).parts()


@dataclass(frozen=True, slots=True)
class _Writer:
    material: Material
    language: Language

    def say(self, zh: str, en: str) -> str:
        return Text(zh, en).in_(self.language)

    def day(self, on: date) -> str:
        return day_in(on, self.material.held_on.year, self.language)

    def parts(self) -> tuple[Part, ...]:
        of, say = self.material, self.say
        counted = (
            (say("责任领导、联系领导", "Leaders"), say("领导", "Leader"), of.leaders),
            (say("党支部", "Party branches"), say("党支部", "Branch"), of.branches),
            (say("其他单位", "Other units"), say("单位", "Unit"), of.units),
        )
        written = [
            Part(say("总体情况", "As a whole"), self._total()),
            *(self._counts(title, heading, rows) for title, heading, rows in counted if rows),
            self._overdue(),
            self._heard(say("长期坚持和全年事项的进展", "Standing duties"), of.standing),
            self._heard(say("其他在办事项的进展", "Other duties in hand"), of.dated),
            self._done(),
            self._questions(),
        ]
        return tuple(part for part in written if part.said or part.rows)

    def _total(self) -> str:
        of, total = self.material, self.material.total
        red, yellow, green = (total.lit(light) for light in (Light.RED, Light.YELLOW, Light.GREEN))
        waits = total.tally[Completion.REPORTED]
        return self.say(
            f"未办结 {total.tally.open} 项：红灯 {red} 项，黄灯 {yellow} 项，绿灯 {green} 项（其中待审核 {waits} 项）。"
            f"上次例会以来办结 {of.done_since} 项。在办事项中，上次例会以来还没有报进展的 {of.silent} 项。",
            f"{total.tally.open} duties are open: {red} red, {yellow} yellow, {green} green ({waits} of them await review). "
            f"{of.done_since} were done since the last meeting. About {of.silent} duties in hand nothing was said since then.",
        )

    def _counts(self, title: str, heading: str, counted: Sequence[Counted]) -> Part:
        say = self.say
        columns = (
            Column(heading, 30),
            Column(say("未办结", "Open"), 10, is_number=True),
            Column(say("红灯", "Red"), 10, is_number=True, light=Light.RED),
            Column(say("黄灯", "Yellow"), 10, is_number=True, light=Light.YELLOW),
            Column(say("绿灯", "Green"), 10, is_number=True, light=Light.GREEN),
            Column(say("其中待审核", "Await review"), 12, is_number=True),
            Column(say("到期办结率", "Done of those due"), 18, is_number=True),
        )
        rows = []
        for each in counted:
            rate = each.tally.completion_rate
            lights = (each.lit(light) for light in (Light.RED, Light.YELLOW, Light.GREEN))
            numbers = (each.tally.open, *lights, each.tally[Completion.REPORTED])
            rows.append((each.name, *map(str, numbers), "—" if rate is None else f"{rate:.0%}"))
        return Part(title, "", columns, tuple(rows))

    def _overdue(self) -> Part:
        say, overdue = self.say, self.material.overdue
        title = say("逾期事项", "Overdue")
        if not overdue:
            return Part(title, say("没有逾期事项。", "Nothing is overdue."))
        columns = (
            Column(say("序号", "No."), 5, is_number=True),
            Column(say("事项", "Duty"), 27),
            Column(say("责任主体", "Whose"), 17),
            Column(say("应办结", "Due"), 10),
            Column(say("逾期工作日", "Working days over"), 8, is_number=True),
            Column(say("已报至", "Went up to"), 13),
            Column(say("最近一次进展", "Said last"), 20),
        )
        rows = []
        for number, (duty, about, text, said) in enumerate(overdue[:MOST_ROWS], 1):
            words = self._said(said.text, said.at.astimezone(self.material.zone).date()) if said else say("没有报过", "nothing")
            rows.append(
                (
                    str(number),
                    "\n".join(filter(None, (f"{about}（{duty.period}）" if duty.period else about, text))),
                    whose(duty.party, duty.person),
                    self.day(duty.due_on),
                    str(duty.workdays_over),
                    duty.has_reached or say("尚未上报", "not yet"),
                    words,
                )
            )
        return Part(title, self._left_out(len(overdue)), columns, tuple(rows))

    def _heard(self, title: str, heard: Sequence[Heard]) -> Part:
        say = self.say
        columns = (
            Column(say("序号", "No."), 5, is_number=True),
            Column(say("事项", "Duty"), 29),
            Column(say("期限", "Due"), 10),
            Column(say("最近进展", "Said last"), 34),
            Column(say("上次例会以来没有报进展的", "Nothing said since the last meeting"), 22),
        )
        rows = []
        for number, each in enumerate(heard[:MOST_ROWS], 1):
            about = "\n".join(filter(None, (each.title, each.text)))
            words = [self._word(word.whose, word.period, self._said(word.text, word.on)) for word in each.words[:MOST_WORDS]]
            if (more := len(each.words) - MOST_WORDS) > 0:
                words.append(say(f"另有 {more} 个已报", f"{more} more have said something"))
            rows.append((str(number), about, self.day(each.due_on), "\n".join(words) or "—", self._names(each.silent) or "—"))
        return Part(title, self._left_out(len(heard)), columns if rows else (), tuple(rows))

    def _done(self) -> Part:
        say, done = self.say, self.material.done
        title = say("上次例会以来办结的事项", "Done since the last meeting")
        if not done:
            return Part(title, say("没有。", "None."))
        columns = (
            Column(say("序号", "No."), 5, is_number=True),
            Column(say("事项", "Duty"), 45),
            Column(say("办结", "Done"), 8, is_number=True),
            Column(COMPLETION_WORDS[Completion.DONE_LATE].in_(self.language), 8, is_number=True),
            Column(say("责任主体", "Whose"), 34),
        )
        rows = [
            (str(number), "\n".join(filter(None, (each.title, each.text))), str(len(each.by)), str(each.late), self._names(each.by))
            for number, each in enumerate(done[:MOST_ROWS], 1)
        ]
        return Part(title, self._left_out(len(done)), columns, tuple(rows))

    def _questions(self) -> Part:
        say, questions = self.say, self.material.questions
        columns = (Column(say("位置", "Where"), 20), Column(say("清单待确认的问题", "Question about a list"), 80))
        rows = [(each.address, Text(each.text_zh, each.text_en).in_(self.language)) for each in questions[:MOST_ROWS]]
        return Part(say("待确认的问题", "Open questions"), self._left_out(len(questions)), columns if rows else (), tuple(rows))

    def _said(self, text: str, on: date) -> str:
        words = " ".join(text.split())
        short = words if len(words) <= LONGEST else f"{words[: LONGEST - 1]}…"
        return self.say(f"{self.day(on)}：{short}", f"{self.day(on)}: {short}")

    def _word(self, who: str, period: str, said: str) -> str:
        return " ".join(filter(None, (who, period, said)))

    def _names(self, of: Iterable[str]) -> str:
        listed = list(dict.fromkeys(of))
        shown = names(listed[:MOST_NAMES], self.language)
        more = len(listed) - MOST_NAMES
        return shown if more <= 0 else shown + self.say(f"等 {len(listed)} 个", f" and {more} more")

    def _left_out(self, count: int) -> str:
        if count <= MOST_ROWS:
            return ""
        return self.say(
            f"共 {count} 项，下面列出前 {MOST_ROWS} 项，其余见看板。", f"{count} in all; the first {MOST_ROWS} follow, the board has all."
        )
