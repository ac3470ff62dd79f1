"""What a meeting decided becomes a list of duties: once, or not at all."""

from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from engine.meeting_decisions import Decided, DecidedDuty, record_decisions
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


def record(
    session: Session, written: str = LINES, held_on: date = HELD_ON, policy: Policy | None = None, days: int = 0, *, named: bool = True
) -> Decided:
    return record_decisions(session, written, held_on, named=named, policy=policy, sender=SENDER, now=NOW + timedelta(days=days))


def test_each_line_becomes_dated_duties_of_who_the_roster_says_and_they_are_told(office: Session) -> None:
    decided = record(office)
    assert (decided.issued.title, decided.issued.assignments, decided.questions) == ("2026年3月31日例会议定事项", 6, ())
    assert decided.duties[0] == DecidedDuty(
        content="修订造林检查办法",
        parties=("造林科（孟松年）",),
        assisting=(),
        leaders=("周启明",),
        phrase="4月20日前",
        due=(date(2026, 4, 20),),
    )
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


def titles(session: Session) -> list[str]:
    return list(session.scalars(select(ResponsibilityList.title).order_by(ResponsibilityList.id)))


def test_forgotten_decisions_become_a_supplement_and_what_was_issued_is_not_issued_twice(office: Session) -> None:
    record(office)
    forgotten = record(office, f"{LINES}\n漏记的 | 办公室 | 5月底前")
    assert (forgotten.issued.title, forgotten.issued.assignments) == ("2026年3月31日例会议定事项（补充）", 1)
    assert ([duty.content for duty in forgotten.duties], forgotten.issued_before) == (["漏记的"], 3)
    more = record(office, "又漏了的 | 造林科 | 5月底前")
    assert (more.issued.title, more.issued_before) == ("2026年3月31日例会议定事项（补充2）", 0)
    assert len(titles(office)) == 3
    assert office.scalars(select(RegularMeeting.list_id)).all() == [office.scalar(select(func.min(ResponsibilityList.id)))]


@pytest.mark.parametrize("again", ["漏记的 | 办公室 | 5月底前", f"{LINES}\n漏记的 | 办公室 | 5月底前", LINES.splitlines()[1]])
def test_lines_of_any_batch_again_change_nothing(office: Session, again: str) -> None:
    record(office)
    record(office, "漏记的 | 办公室 | 5月底前")
    repeated = record(office, again, days=30, named=False)
    assert (repeated.issued.first_time, repeated.issued.assignments, repeated.issued.messages) == (False, 0, 0)
    assert titles(office) == ["2026年3月31日例会议定事项", "2026年3月31日例会议定事项（补充）"]


@pytest.mark.parametrize(
    "line", ["修订造林检查办法 | 造林科 | 5月20日前 | 周启明", "修订造林检查办法 | 办公室，造林科配合 | 4月20日前 | 周启明"]
)
def test_a_decision_with_another_party_or_date_is_issued_and_asked_about(office: Session, line: str) -> None:
    record(office)
    (question,) = record(office, line).questions
    assert question.zh.startswith("第1行：“修订造林检查办法”已按另外的责任单位或时限下发过")


def test_who_assists_is_shown_and_which_leader_leads_which_party(office: Session) -> None:
    assists, branches = record(office, "报送进展 | 造林科牵头，办公室配合 | 5月底前\n补齐台账 | 各党支部 | 5月底前").duties
    assert (assists.parties, assists.assisting) == (("造林科（孟松年）",), ("办公室",))
    assert len(branches.leaders) > 1
    assert all("（" in leader and "支部" in leader for leader in branches.leaders)


def test_a_date_that_is_past_is_asked_about_where_the_day_of_the_meeting_was_named(office: Session) -> None:
    questions = record(office, days=8).questions
    assert [question.zh for question in questions] == ["第3行：“会后7日内”即2026-04-07，已经过去"]


def test_a_date_that_is_past_is_refused_where_the_last_meeting_was_taken(office: Session) -> None:
    with pytest.raises(Refused, match=r"没有写会议日期，按最近一次例会（2026-03-31）算，“会后7日内”即2026-04-07，已经过去") as refused:
        record(office, days=8, named=False)
    assert refused.value.place == "第3行"


def test_what_is_wrong_with_lines_is_said_alike_before_and_after(office: Session) -> None:
    with pytest.raises(Refused) as refused:
        record(office, "甲 | 办公室\n乙 | 办公室")
    assert refused.value.text.zh.endswith("。共2行有问题")
    assert "下发" not in refused.value.text.zh


def test_an_office_without_a_roster_is_told_so(sqlite_session: Session) -> None:
    with pytest.raises(Refused, match="还没有名册"):
        record(sqlite_session)
