"""What another policy moves: each notice earlier or later, new or dropped, and what goes up earlier."""

from datetime import date

import pytest
from sqlalchemy.orm import Session

from engine.clocks import Running
from engine.follow_up import follow_up
from engine.policies import lists_named, policy_book
from engine.policy_changes import Moved, Shift, change_policy, foresee_policy, moved_notices, notice_words
from models import AssignmentState
from notifications.sender import SHANGHAI
from office.policy import Policy, Rules, default_policy, read_policy
from office.text import Refused
from tests.engine.followed_office import SENDER, at, ledger, office

DUE = date(2026, 6, 30)  # a Tuesday; no day off around it
SENT = AssignmentState.SENT
IN_WORK = Running(AssignmentState.ACKNOWLEDGED, DUE, date(2026, 1, 5))
DEFAULT = default_policy().rules


def policy(text: str) -> Policy:
    return read_policy(text, place="policy.toml")


def rules(text: str) -> Rules:
    return policy(text).rules


def told(moved: tuple[Moved, ...]) -> list[tuple[str, str, str, bool]]:
    def day(on: date | None) -> str:
        return f"{on:%m-%d}" if on else ""

    return [(each.stage.name, day(each.before_on), day(each.after_on), each.goes_up_earlier) for each in moved]


# One assignment


def test_a_level_on_another_day_moves_alone() -> None:
    moved = moved_notices(IN_WORK, DEFAULT, rules("[overdue]\nprincipal = 5\nparty_group = 20"), (), from_on=date(2026, 6, 1))
    assert told(moved) == [("level principal", "07-09", "07-07", True), ("level party_group", "07-21", "07-28", False)]
    assert [each.shift for each in moved] == [Shift.EARLIER, Shift.LATER]


def test_warnings_on_other_days_are_dropped_and_new() -> None:
    moved = moved_notices(IN_WORK, DEFAULT, rules("[warning]\nbefore = [10, 1]"), (), from_on=date(2026, 6, 1))
    shifts = [(each.stage.name, each.shift) for each in moved]
    assert shifts == [("warning 7", Shift.DROPPED), ("warning 3", Shift.DROPPED), ("warning 10", Shift.NEW)]
    assert not any(each.goes_up_earlier for each in moved)


def test_the_same_rules_move_nothing() -> None:
    assert moved_notices(IN_WORK, DEFAULT, rules("# 同样"), (), from_on=date(2026, 6, 1)) == ()


def test_a_level_that_is_reached_already_is_told_on_the_first_working_day() -> None:
    running = Running(AssignmentState.ACKNOWLEDGED, date(2026, 6, 10), date(2026, 1, 5))
    saturday = date(2026, 6, 20)  # 端午: Friday the 19th is off
    moved = moved_notices(running, DEFAULT, rules("[overdue]\nprincipal = 4\nparty_group = 5"), (), from_on=saturday)
    assert told(moved) == [("level party_group", "07-02", "06-22", True)]  # the principal was to hear on the 22nd anyway


def test_what_was_said_is_not_said_again() -> None:
    running = Running(AssignmentState.ACKNOWLEDGED, date(2026, 6, 1), date(2026, 1, 5))
    said = {("completion", date(2026, 6, 1), "level principal")}
    later = rules("[overdue]\nprincipal = 12")
    assert moved_notices(running, DEFAULT, later, said, from_on=date(2026, 6, 11)) == ()


def test_what_the_old_rules_say_before_the_day_is_said_by_then() -> None:
    later = rules("[overdue]\nprincipal = 12")
    assert moved_notices(IN_WORK, DEFAULT, later, (), from_on=date(2026, 7, 10)) == ()
    assert told(moved_notices(IN_WORK, DEFAULT, later, (), from_on=date(2026, 7, 9))) == [("level principal", "07-09", "07-16", False)]


def test_an_older_warning_that_is_overtaken_is_not_new() -> None:
    moved = moved_notices(IN_WORK, DEFAULT, rules("[warning]\nbefore = [20, 15, 7, 3, 1]"), (), from_on=date(2026, 6, 15))
    assert told(moved) == [("warning 15", "", "06-15", False)]  # that of the 20th day before is overtaken by it


def test_other_clocks_move_by_their_own_days() -> None:
    sent = Running(SENT, DUE, date(2026, 6, 1))
    assert told(moved_notices(sent, DEFAULT, rules("[acknowledgement]\ncontact_leader = 4"), (), from_on=date(2026, 6, 2))) == [
        ("level contact_leader", "06-09", "06-05", True)
    ]
    reported = Running(AssignmentState.REPORTED, DUE, date(2026, 1, 5), reported_on=date(2026, 6, 1))
    assert told(moved_notices(reported, DEFAULT, rules("[review]\nafter = [1, 5]"), (), from_on=date(2026, 6, 2))) == [
        ("review 4", "06-05", "", False),
        ("review 5", "", "06-08", False),
    ]


def test_every_notice_has_words() -> None:
    sent = Running(SENT, DUE, date(2026, 1, 5))
    reported = Running(AssignmentState.REPORTED, DUE, date(2026, 1, 5), reported_on=date(2026, 6, 1))
    nothing = rules("[warning]\nbefore = []\n[review]\nafter = []")
    stages = [each.stage for running in (sent, reported) for each in moved_notices(running, nothing, DEFAULT, (), from_on=date(2026, 1, 6))]
    later = rules(
        "[acknowledgement]\nassignee = 7\ncontact_leader = 8\n[overdue]\nassignee = 2\ncontact_leader = 4\nprincipal = 8\nparty_group = 16"
    )
    stages += [each.stage for each in moved_notices(sent, DEFAULT, later, (), from_on=date(2026, 1, 6))]
    assert [notice_words(stage).zh for stage in stages] == [
        "到期前第7个工作日预警",
        "到期前第3个工作日预警",
        "到期前第1个工作日预警",
        "报送后第1个工作日催审核",
        "报送后第4个工作日催审核",
        "催签收",
        "未签收，告知联系领导",
        "逾期提醒责任人",
        "逾期，报联系领导",
        "逾期，报主要负责人",
        "逾期，报党组",
    ]


# Lists


def changed(session: Session, given: Policy, from_on: date, today: date) -> int:
    lists = lists_named(session, [], year=2026)
    return change_policy(session, given, lists, from_on=from_on, by="计划员", zone=SHANGHAI, now=at(today))


def test_a_list_is_foreseen_and_the_follow_up_does_as_foreseen(session: Session) -> None:
    office(session, "造林科", "市苗圃站", due_on=date(2026, 6, 10))
    for day in (1, 3, 5, 9, 11, 15):
        follow_up(session, sender=SENDER, now=at(date(2026, 6, day)))
    lists, given, from_on = lists_named(session, [], year=2026), policy("[overdue]\nprincipal = 4\nparty_group = 5"), date(2026, 6, 18)
    (foreseen,) = foresee_policy(session, given, lists, from_on=from_on, zone=SHANGHAI)
    assert (foreseen.assignments, dict(foreseen.shifted), foreseen.holds_already) == (2, {Shift.EARLIER: 2}, False)
    assert (foreseen.goes_up_earlier, foreseen.goes_up_at_once) == (2, 2)
    assert foreseen.said.zh == f"《{foreseen.title}》：未办结任务2项，其中提醒提前的2项；更早上报2项，其中2项第一天即上报"
    first, second = foreseen.examples
    assert (first.person, first.content, first.alike, told((first.moved,))) == (
        "孟松年",
        "第1项",
        2,
        [("level principal", "06-22", "06-18", True)],
    )
    assert told((second.moved,)) == [("level party_group", "07-02", "06-18", True)]
    assert policy_book(session, from_on).of(foreseen.list_id) == default_policy(), "nothing is stored by looking"

    assert changed(session, given, from_on, date(2026, 6, 17)) == 1
    follow_up(session, sender=SENDER, now=at(from_on))
    assert {stage for _, stage, _ in ledger(session)} >= {"level principal", "level party_group"}
    assert changed(session, given, from_on, date(2026, 6, 18)) == 0
    (again,) = foresee_policy(session, given, lists, from_on=from_on, zone=SHANGHAI)
    assert (again.holds_already, again.examples) == (True, ())
    assert again.said.zh == f"《{again.title}》：用的已是这份规则，没有变化"


def test_exceptions_move_only_what_they_are_about(sqlite_session: Session) -> None:
    office(sqlite_session, "造林科", "市苗圃站", policy=policy(""))
    ((list_id, title),) = lists_named(sqlite_session, [], year=2026).items()
    given = policy(f'[[exceptions]]\nlist = "{title}"\nitem = "2"\nurgent = true')
    (foreseen,) = foresee_policy(sqlite_session, given, {list_id: title}, from_on=date(2026, 2, 2), zone=SHANGHAI)
    assert (foreseen.assignments, foreseen.goes_up_earlier, foreseen.goes_up_at_once) == (2, 1, 0)
    assert {one.person for one in foreseen.examples} == {"石小满"}


def test_a_policy_that_is_decided_for_later_is_said(sqlite_session: Session) -> None:
    office(sqlite_session, "造林科")
    changed(sqlite_session, policy("[overdue]\nprincipal = 5"), date(2026, 8, 3), date(2026, 2, 2))
    lists = lists_named(sqlite_session, [], year=2026)
    (foreseen,) = foresee_policy(sqlite_session, policy("[mail]\na_day = 3"), lists, from_on=date(2026, 2, 2), zone=SHANGHAI)
    assert foreseen.said.zh.endswith("：未办结任务1项，提醒的日期都不变；自2026-08-03起另有已定的规则")


def test_a_day_that_is_over_is_refused(sqlite_session: Session) -> None:
    office(sqlite_session, "造林科")
    with pytest.raises(Refused, match=r"^2026-02-02已经过去，最早可从今天（2026-02-03）起用$"):
        changed(sqlite_session, policy(""), date(2026, 2, 2), date(2026, 2, 3))
