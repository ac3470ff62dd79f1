"""The example is read, planned and covered as its authors meant it; list-2026.toml says what they wrote."""

import io
import re
import tomllib
import zipfile
from datetime import date
from pathlib import Path
from typing import Any

import pytest

import examples
from engine.planning import Plan, plan
from engine.roster import roster_questions
from examples.build import build
from intake.reading import read_list
from intake.roster import read_roster
from intake.values import Item, ListReading, Roster, Step

FOLDER = Path(examples.__file__).parent
ISSUED_ON = date(2026, 1, 9)

MONTHLY = "01-31 02-28 03-31 04-30 05-31 06-30 07-31 08-31 09-30 10-31 11-30 12-31"
QUARTERLY = "03-31 06-30 09-30 12-31"

# Every deadline of the list: its due dates in 2026, or the duration that it counts from an event or from the issue.
READINGS = {
    "每月": MONTHLY,
    "每月至少两次": MONTHLY,
    "每月5日前": "01-05 02-05 03-05 04-05 05-05 06-05 07-05 08-05 09-05 10-05 11-05 12-05",
    "每季度": QUARTERLY,
    "每季度末": QUARTERLY,
    "每季度（全年不少于4次）": QUARTERLY,
    "每季度末（分别在6月、9月和12月底）": "06-30 09-30 12-31",
    "每半年": "06-30 12-31",
    "每半年至少1次": "06-30 12-31",
    "上半年、下半年": "06-30 12-31",
    "6月底、12月底": "06-30 12-31",
    "6月、12月": "06-30 12-31",
    "第二三季度": "06-30 09-30",
    "5月/10月": "05-31 10-31",
    "4月~6月/9月~11月": "06-30 11-30",
    "全年不少于2次": "12-31",
    "全年不少于3次": "12-31",
    "全年不少于4次": "12-31",
    "全年不少于6篇": "12-31",
    "全年不少于600人次": "12-31",
    "1月": "01-31",
    "2月": "02-28",
    "3月底前": "03-31",
    "1月20日前": "01-20",
    "1月底前": "01-31",
    "2月15日前": "02-15",
    "2月底前": "02-28",
    "年初": "03-31",
    "第一季度": "03-31",
    "3月上旬": "03-10",
    "3月10日前": "03-10",
    "3月～4月上旬": "04-10",
    "4月中旬": "04-20",
    "4月底前": "04-30",
    "5月上旬": "05-10",
    "3月至5月": "05-31",
    "6月前": "05-31",
    "6月上旬": "06-10",
    "年中": "06-30",
    "7月1日前": "07-01",
    "7-8月": "08-31",
    "7月至8月": "08-31",
    "8月31日前": "08-31",
    "9月中旬": "09-20",
    "9月底": "09-30",
    "10月底前": "10-31",
    "11月底前": "11-30",
    "12月10日前": "12-10",
    "12月20日前": "12-20",
    "12-1月": "2027-01-31",
    "下半年": "12-31",
    "年底前": "12-31",
    "2026年底前，并长期坚持": "12-31",
    "春节、中秋节前": "02-14 09-24",
    "清明、五一、国庆节前": "04-03 04-30 09-30",
    "节前": "02-14 04-03 04-30 06-18 09-24 09-30 12-31",
    "全年": "12-31",
    "长期坚持": "12-31",
    "适时": "12-31",
    "立行立改": "10wd",
    "会后7日内": "7d",
    "反馈后30个工作日内": "30wd",
}
TARGETS = {
    "每月至少两次": 2,
    "每季度（全年不少于4次）": 4,
    "全年不少于2次": 2,
    "全年不少于3次": 3,
    "全年不少于4次": 4,
    "全年不少于6篇": 6,
    "全年不少于600人次": 600,
}
STANDING = {"全年", "长期坚持", "适时", "2026年底前，并长期坚持"}
# The questions that the list is meant to raise: the reading's, and the one that needs the roster.
ASKED = {"6月前", "12-1月", "适时"}
UNKNOWN_UNIT = "市老龄协会"


def written() -> list[tuple[str, list[dict[str, Any]]]]:
    """The items as written: their content, and their dated steps with text, parties and deadline phrase."""
    source = tomllib.loads((FOLDER / "list-2026.toml").read_text(encoding="utf-8"))
    items = [item for duty_list in source["lists"] for section in duty_list["sections"] for item in section["items"]]
    return [(item["content"], [step for measure in item["measures"] for step in dated_steps(item | measure)]) for item in items]


def dated_steps(measure: dict[str, Any]) -> list[dict[str, Any]]:
    """One cell may hold several dated lines, each a step of its own."""
    if measure.get("deadline"):
        return [measure]
    lines = [line.rstrip("；").split("：", 1) for line in measure["text"].split("\n")]
    return [measure | {"deadline": deadline, "text": text} for deadline, text in lines]


def names(cell: str) -> tuple[str, ...]:
    """Names in a cell of the example: separated by 、 or ，, in brackets they belong to the name before, a role may stand before them."""
    return tuple(name for name in re.split(r"[、，；](?![^（]*）)|\w+单位：", cell) if name)


def reading_of(step: Step) -> str:
    return " ".join(day.isoformat().removeprefix("2026-") for day in step.deadline.due) or str(step.deadline.relative)


@pytest.fixture(scope="module", params=[examples.LIST_WORKBOOK, examples.LIST_DOCUMENT], ids=["workbook", "document"])
def reading(request: pytest.FixtureRequest) -> ListReading:
    return read_list(request.param, examples.YEAR)


@pytest.fixture(scope="module")
def roster() -> Roster:
    return read_roster(examples.ROSTER).roster


@pytest.fixture(scope="module")
def planned(reading: ListReading, roster: Roster) -> Plan:
    return plan(reading.items, roster, year=examples.YEAR, title=reading.title, issued_on=ISSUED_ON)


def test_the_committed_files_are_what_the_script_makes() -> None:
    def parts(package: bytes) -> dict[str, bytes]:
        with zipfile.ZipFile(io.BytesIO(package)) as opened:
            return {name: opened.read(name) for name in opened.namelist()}

    for name, content in build().items():
        assert parts((FOLDER / name).read_bytes()) == parts(content), f"{name}: run python -m examples.build"


def test_every_duty_is_read_with_its_steps_as_written(reading: ListReading) -> None:
    assert [(item.content, [step.text for step in item.steps]) for item in reading.items] == [
        (content, [step["text"] for step in steps]) for content, steps in written()
    ]
    assert len(reading.items) == 45
    assert reading.problems == ()


def test_workbook_and_document_say_the_same() -> None:
    def without_places(item: Item) -> tuple[object, ...]:
        steps = tuple((step.text, step.deadline, step.parties or item.parties) for step in item.steps)
        return item.number, item.content, item.standard, item.points, steps

    workbook, document = (read_list(path, examples.YEAR) for path in (examples.LIST_WORKBOOK, examples.LIST_DOCUMENT))
    assert workbook.title == document.title
    assert [without_places(item) for item in workbook.items] == [without_places(item) for item in document.items]


def test_every_deadline_is_read_as_meant(reading: ListReading) -> None:
    read = [
        (step, meant["deadline"])
        for item, (_, steps) in zip(reading.items, written(), strict=True)
        for step, meant in zip(item.steps, steps, strict=True)
    ]
    assert [(phrase, reading_of(step)) for step, phrase in read] == [(phrase, READINGS[phrase]) for _, phrase in read]
    assert [(phrase, step.deadline.target and step.deadline.target.amount) for step, phrase in read] == [
        (phrase, TARGETS.get(phrase)) for _, phrase in read
    ]
    assert {phrase for step, phrase in read if step.deadline.standing} == STANDING
    assert {phrase for step, phrase in read if step.deadline.ask} == ASKED
    assert set(READINGS) == {phrase for _, phrase in read}, "each form is used"


def test_every_party_is_read_in_its_role(reading: ListReading) -> None:
    for item, (content, steps) in zip(reading.items, written(), strict=True):
        for step, meant in zip(item.steps, steps, strict=True):
            parties = step.parties or item.parties
            assert (content, parties.leader) == (content, names(meant.get("leader", "")))
            assert (content, parties.lead + parties.responsible) == (content, names(meant.get("responsible", "")))
            assert (content, parties.assisting) == (content, names(meant.get("assisting", "")))


def test_only_the_intended_questions_are_asked(reading: ListReading, planned: Plan) -> None:
    assert len(reading.questions) == len(ASKED)
    assert [question.text.zh for question in planned.questions if UNKNOWN_UNIT in question.text.zh] != []
    assert len(planned.questions) == 1


def test_titles_sections_totals_and_notes_are_passed_over(reading: ListReading) -> None:
    told = " ".join(skipped.text for skipped in reading.skipped)
    assert all(word in told for word in ("二、建强基层组织和服务群众", "合计", "注：", "责任主体：局党组主要负责人"))
    assert reading.title == "临岚市民政局2026年度全面从严治党主体责任清单"


def test_the_roster_raises_no_question(roster: Roster) -> None:
    read = read_roster(examples.ROSTER)
    assert (read.problems, read.questions) == ((), ())
    assert roster_questions(roster, ISSUED_ON) == ()


def test_twelve_branches_are_each_covered_by_a_leader_of_the_party_group(roster: Roster) -> None:
    branches = {unit.name for unit in roster.units if unit.kind == "党支部"}
    leaders = {post.person for post in roster.posts if post.unit == "局党组"}
    assert len(branches) == 12
    assert {point.branch for point in roster.contact_points} == branches
    assert {point.leader for point in roster.contact_points} == leaders


def test_everybody_has_an_address_of_the_example_domain(roster: Roster) -> None:
    assert [person.name for person in roster.people if not (person.email or "").endswith("@example.com")] == []


def test_every_duty_but_those_that_wait_for_an_event_becomes_assignments(planned: Plan) -> None:
    assert len(planned.assignments) == 882
    assert [step.step.deadline.phrase for step in planned.waiting] == ["会后7日内", "反馈后30个工作日内"]
    assert planned.unowned == ()
    assert {assignment.party.person for assignment in planned.assignments} >= {"沈怀瑾", "贺知秋", "方启文", "高秉文", "彭立新"}
