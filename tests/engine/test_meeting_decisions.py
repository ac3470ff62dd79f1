"""What a meeting decided becomes a list of duties: once, or not at all."""

from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from engine.meeting_decisions import Decided, record_decisions
from engine.meetings import last_meeting
from engine.policies import policy_book
from engine.roster import store_roster
from models import Assignment, Message, Person, RegularMeeting, ResponsibilityList
from notifications.sender import SHANGHAI, Sender
from office.policy import Policy, default_policy, read_policy
from office.policy_text import default_text
from office.text import Refused
from tests import factories

SENDER = Sender("责任办 <office@example.com>", portal_url="https://duties.example")
HELD_ON = date(2026, 3, 31)
NOW = datetime(2026, 4, 1, 1, 0, tzinfo=UTC)
LINES = """修订造林检查办法 | 造林科 | 4月20日前 | 周启明
各支部补齐党费台账 | 各党支部 | 下次例会前
清点苗木 | 石小满 | 会后7日内"""


@pytest.fixture
def office(session: Session) -> Session:
    store_roster(session, factories.roster_value(), year=2026, now=NOW, zone=SHANGHAI)
    return session


def record(session: Session, written: str = LINES, held_on: date = HELD_ON, policy: Policy | None = None, days: int = 0) -> Decided:
    return record_decisions(session, written, held_on, policy=policy, sender=SENDER, now=NOW + timedelta(days=days))


def test_each_line_becomes_dated_duties_of_who_the_roster_says_and_they_are_told(office: Session) -> None:
    decided = record(office)
    assert (decided.issued.title, decided.issued.assignments, decided.questions) == ("2026年3月31日例会议定事项", 6, ())
    assert decided.duties[0] == ("修订造林检查办法", ("造林科（孟松年）",), ("周启明",), "4月20日前", (date(2026, 4, 20),))
    rows = office.execute(
        select(Assignment.party, Person.name, Assignment.due_on)
        .join(Person, Person.id == Assignment.person_id)
        .order_by(Assignment.due_on, Assignment.id)
    ).all()
    assert rows[0] == ("石小满", "石小满", date(2026, 4, 7))
    assert rows[1] == ("造林科", "孟松年", date(2026, 4, 20))
    assert {row.due_on for row in rows[2:]} == {date(2026, 4, 30)}
    told = set(office.scalars(select(Message.address).where(Message.kind == "issued")))
    assert {"p6@example.com", "p7@example.com", "p2@example.com"} <= told


def test_the_same_lines_again_change_nothing(office: Session) -> None:
    record(office)

    def counts() -> list[int | None]:
        return [
            office.scalar(select(func.count()).select_from(table)) for table in (Assignment, Message, ResponsibilityList, RegularMeeting)
        ]

    before = counts()
    again = record(office, days=3)
    assert (again.issued.first_time, again.issued.assignments, again.issued.messages) == (False, 0, 0)
    assert counts() == before


def test_the_meeting_points_to_the_list_whether_or_not_it_was_prepared(office: Session) -> None:
    office.add(RegularMeeting(held_on=HELD_ON, prepared_at=NOW))
    office.flush()
    prepared = record(office)
    extra = record(office, "另一件 | 办公室 | 5月底前", date(2026, 3, 17))
    rows = office.execute(select(RegularMeeting.held_on, RegularMeeting.list_id).order_by(RegularMeeting.held_on)).all()
    assert rows == [(date(2026, 3, 17), extra.issued.list_id), (HELD_ON, prepared.issued.list_id)]
    assert last_meeting(office, default_policy().meeting, HELD_ON) == date(2026, 3, 17)


def test_the_policy_that_is_given_holds_for_the_new_list(office: Session) -> None:
    policy = read_policy(default_text().replace("before = [7, 3, 1]", "before = [2]"), place="policy.toml")
    decided = record(office, policy=policy)
    assert policy_book(office, date(2026, 4, 1)).of(decided.issued.list_id) == policy


@pytest.mark.parametrize(
    ("written", "place", "said"),
    [
        ("好的 | 办公室 | 5月底前\n甲 | 办公室", "第2行", "有2栏"),
        ("好的 | 办公室 | 5月底前\n\n甲 | 不存在科 | 5月底前", "第3行", "不存在科"),
        ("甲 | 造林科、不存在科 | 5月底前", "第1行", "不存在科"),
        ("甲 | 造林科 | 5月底前 | 不存在的人", "第1行", "不存在的人"),
        ("甲 | 造林科配合 | 5月底前", "第1行", "没有写明责任单位"),
        ("  \n", "", "请填写议定事项"),
    ],
)
def test_a_bad_line_is_refused_with_its_number_and_nothing_is_stored(office: Session, written: str, place: str, said: str) -> None:
    with pytest.raises(Refused, match=said) as refused:
        record(office, written)
    assert refused.value.place == place
    for table in (ResponsibilityList, Assignment, Message, RegularMeeting):
        assert office.scalar(select(func.count()).select_from(table)) == 0


def test_a_meeting_to_come_has_decided_nothing(office: Session) -> None:
    with pytest.raises(Refused, match="还没有开"):
        record(office, held_on=date(2026, 4, 2))


def test_other_decisions_of_the_same_meeting_are_refused(office: Session) -> None:
    record(office)
    with pytest.raises(Refused, match="这份内容不同"):
        record(office, f"{LINES}\n漏记的 | 办公室 | 5月底前")


def test_an_office_without_a_roster_is_told_so(sqlite_session: Session) -> None:
    with pytest.raises(Refused, match="还没有名册"):
        record(sqlite_session)
