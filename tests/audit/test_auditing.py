"""A ledger that was written by hand is right; whatever is planted in it is found, and nothing else."""

from collections.abc import Callable
from datetime import date, timedelta

import pytest
from sqlalchemy import Engine, delete, select, update
from sqlalchemy.orm import Session

from audit.faults import FaultKind
from models import AssignmentEvent, AssignmentState, FollowUpRun, Message, MessageState, NoticeCopy, NoticeOutcome, Preference
from office.text import Refused, Text
from tests import factories
from tests.audit.office import CONTACT, DUE, LAST, NOW, PRINCIPAL, Office, at, office

DAY = timedelta(days=1)


@pytest.fixture
def clean(sqlite_session: Session) -> Office:
    return office(sqlite_session)


def found(office: Office, **given: object) -> list[tuple[str, str]]:
    """Kind and stage of every fault."""
    return [(fault.kind.value, fault.stage) for fault in office.audited(**given).faults]  # type: ignore[arg-type]


def test_a_ledger_that_says_what_it_should_has_no_faults(session: Session) -> None:
    report = office(session).audited()
    assert report.faults == ()
    assert (report.duties, report.notices, report.made_up) == (2, 13, 0)


def test_an_office_without_duties_has_no_faults(sqlite_session: Session) -> None:
    assert Office(sqlite_session).audited().faults == ()


# What is planted, and what the audit makes of it.


def deleted(office: Office) -> None:
    office.drop(office.row("林一", "warning 3"))


def deleted_of_a_closed_duty(office: Office) -> None:
    office.drop(office.row("陈二", "review 4", "review"))


def deleted_today(office: Office) -> None:
    office.drop(office.row("林一", "level principal"))


def another_stage(office: Office) -> None:
    office.change(office.row("林一", "warning 3"), stage="warning 4")


def another_start(office: Office) -> None:
    office.change(office.row("林一", "note principal"), from_on=DUE - DAY)


def before_its_day(office: Office) -> None:
    office.notice("林一", "completion", DUE, "note party_group", date(2026, 2, 26), "red", "林一", decided_at=at(LAST))


def said_too_early(office: Office) -> None:
    office.change(office.row("林一", "warning 1"), decided_at=at(date(2026, 1, 28)))


def of_a_closed_duty(office: Office) -> None:
    office.notice("陈二", "completion", date(2026, 3, 20), "warning 7", date(2026, 2, 3), "blue", "陈二")


def on_a_day_off(office: Office) -> None:
    office.change(office.row("林一", "level assignee"), decided_at=at(date(2026, 2, 7)))


def told_after_a_report(office: Office) -> None:
    office.happened("林一", "report", at(date(2026, 2, 3), 15), before="acknowledged", after="reported")
    for stage in ("note principal", "level principal"):
        office.drop(office.row("林一", stage))
    office.change_duty("林一", state=AssignmentState.REPORTED)
    for n, day in ((1, 4), (4, 9)):
        office.notice("林一", "review", date(2026, 2, 3), f"review {n}", date(2026, 2, day), "blue", CONTACT)


def before_the_issue(office: Office) -> None:
    office.change(office.row("陈二", "level assignee", "acknowledgement"), decided_at=at(date(2026, 1, 4)))


def late(office: Office) -> None:
    office.decided(office.row("林一", "warning 7"), at(date(2026, 1, 26)))


def without_a_mail(office: Office) -> None:
    office.session.execute(delete(NoticeCopy).where(NoticeCopy.notice_id == office.row("林一", "warning 1").id))


def whose_mail_is_gone(office: Office) -> None:
    """Behind the back of the program, which would refuse it."""
    (message_id,) = office.session.scalars(select(NoticeCopy.message_id).where(NoticeCopy.notice_id == office.row("林一", "warning 1").id))
    office.session.commit()
    engine = office.session.get_bind()
    assert isinstance(engine, Engine)
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.exec_driver_sql("PRAGMA foreign_keys = OFF")
        connection.exec_driver_sql("DELETE FROM message_contents WHERE message_id = ?", (message_id,))
        connection.exec_driver_sql("DELETE FROM messages WHERE id = ?", (message_id,))
        connection.exec_driver_sql("PRAGMA foreign_keys = ON")


def told_twice(office: Office) -> None:
    office.copy(office.row("林一", "warning 1"), office.digest("林一", at(date(2026, 1, 30))))


def told_to_nobody_of_its_mails(office: Office) -> None:
    office.change(office.row("林一", "level principal"), told=f"{PRINCIPAL}、{CONTACT}")


def overtaken_and_yet_mailed(office: Office) -> None:
    office.change(office.row("林一", "warning 1"), outcome=NoticeOutcome.OVERTAKEN)


def overtaken_by_nothing(office: Office) -> None:
    without_a_mail(office)
    office.change(office.row("林一", "warning 1"), outcome=NoticeOutcome.OVERTAKEN)


def declined_by_nobody(office: Office) -> None:
    without_a_mail(office)
    office.change(office.row("林一", "warning 1"), outcome=NoticeOutcome.DECLINED)


def another_day_in_the_row(office: Office) -> None:
    office.change(office.row("林一", "warning 1"), owed_on=date(2026, 1, 28))


def another_colour(office: Office) -> None:
    office.change(office.row("林一", "level contact_leader"), colour="yellow")


def of_colour(stage: str, colour: str, whose: str = "林一", clock: str = "completion") -> Callable[[Office], None]:
    def plant(office: Office) -> None:
        office.change(office.row(whose, stage, clock), colour=colour)

    return plant


def two_digests(office: Office) -> None:
    message = office.digest("林一", at(date(2026, 1, 29)))
    factories.message(
        office.session,
        key="digest:2026-01-30:林一",
        kind="digest",
        person_id=message.person_id,
        address=message.address,
        queued_at=message.queued_at,
        state=MessageState.SENT,
    )


def of_mail(state: MessageState, **fields: object) -> Callable[[Office], None]:
    def plant(office: Office) -> None:
        message = office.digest(CONTACT, at(date(2026, 1, 26)))
        office.session.execute(update(Message).where(Message.id == message.id).values(state=state, **fields))

    return plant


def a_policy_that_nobody_followed(office: Office) -> None:
    factories.policy_term(office.session, list_id=office.list_id, text="[warning]\nbefore = [5, 3, 1]\n")


def an_exception_that_nobody_followed(office: Office) -> None:
    words = '[[exceptions]]\nlist = "年度清单"\nitem = "1"\n[exceptions.overdue]\nprincipal = 8\n'
    factories.policy_term(office.session, list_id=office.list_id, text=words)


def a_return_that_nobody_saw(office: Office) -> None:
    """The report was not approved on 27 January but sent back; the duty was due on the 29th."""
    office.session.execute(update(AssignmentEvent).where(AssignmentEvent.action == "approve").values(action="return", to_value="returned"))
    office.change_duty("陈二", due_on=date(2026, 1, 29), state=AssignmentState.RETURNED)


OWED_SINCE = (
    "warning 7",
    "warning 1",
    "level assignee",
    "note contact_leader",
    "level contact_leader",
    "note principal",
    "level principal",
)


@pytest.mark.parametrize(
    ("plant", "faults"),
    [
        (deleted, [("missing", "warning 3")]),
        (deleted_of_a_closed_duty, [("missing", "review 4")]),
        (deleted_today, [("missing", "level principal")]),
        (another_stage, [("missing", "warning 3"), ("extra", "warning 4")]),
        (another_start, [("missing", "note principal"), ("extra", "note principal")]),
        (before_its_day, [("extra", "note party_group")]),
        (said_too_early, [("extra", "warning 1")]),
        (of_a_closed_duty, [("extra", "warning 7")]),
        (on_a_day_off, [("late", "level assignee"), ("extra", "level assignee")]),
        (told_after_a_report, [("extra", "level contact_leader")]),
        (before_the_issue, [("extra", "level assignee")]),
        (late, [("late", "warning 7")]),
        (without_a_mail, [("missing", "warning 1")]),
        (whose_mail_is_gone, [("missing", "warning 1")]),
        (told_twice, [("extra", "warning 1")]),
        (told_to_nobody_of_its_mails, [("wrong", "level principal")]),
        (overtaken_and_yet_mailed, [("wrong", "warning 1"), ("wrong", "warning 1")]),
        (overtaken_by_nothing, [("wrong", "warning 1")]),
        (declined_by_nobody, [("wrong", "warning 1")]),
        (another_day_in_the_row, [("wrong", "warning 1")]),
        (another_colour, [("wrong", "level contact_leader")]),
        (of_colour("warning 3", "red"), [("wrong", "warning 3")]),
        (of_colour("warning 1", "blue"), [("wrong", "warning 1")]),
        (of_colour("note principal", "yellow"), [("wrong", "note principal")]),
        (of_colour("level assignee", "yellow", "陈二", "acknowledgement"), [("wrong", "level assignee")]),
        (of_colour("review 4", "", "陈二", "review"), [("wrong", "review 4")]),
        (two_digests, [("extra", "")]),
        (of_mail(MessageState.REFUSED, server_words="550 no such user"), [("not delivered", "")]),
        (of_mail(MessageState.UNKNOWN), [("not delivered", "")]),
        (of_mail(MessageState.QUEUED), [("not sent", "")]),
        (of_mail(MessageState.DEFERRED, attempts=7, due_at=NOW + DAY), [("not sent", "")]),
        (a_policy_that_nobody_followed, [("missing", "warning 5"), ("extra", "warning 7")]),
        (an_exception_that_nobody_followed, [("extra", "note principal"), ("extra", "level principal")]),
        (a_return_that_nobody_saw, [("missing", stage) for stage in OWED_SINCE]),
    ],
    ids=lambda value: value.__name__ if callable(value) else "",
)
def test_what_is_planted_is_found_and_nothing_else(clean: Office, plant: Callable[[Office], None], faults: list[tuple[str, str]]) -> None:
    plant(clean)
    assert sorted(found(clean)) == sorted(faults)


def test_a_fault_says_what_is_wrong_with_whose_duty_in_both_languages(clean: Office) -> None:
    deleted(clean)
    (fault,) = clean.audited().faults
    duty = clean.duties["林一"]
    assert (fault.assignment_id, fault.owed_on, fault.kind) == (duty.id, date(2026, 1, 27), FaultKind.MISSING)
    assert fault.line("zh").startswith(f"任务{duty.id} {duty.party}（林一）“")
    assert fault.line("zh").endswith("：“到期前第3个工作日的预警”应在2026-01-27写入，台账中没有")
    assert fault.line("en").endswith(": “warning 3 working days before” was owed on 2026-01-27 and is not in the ledger")


def test_a_report_keeps_to_the_days_that_are_asked_for(clean: Office) -> None:
    deleted(clean)
    late(clean)
    assert found(clean) == [("missing", "warning 3"), ("late", "warning 7")]
    assert found(clean, since=date(2026, 1, 27)) == [("missing", "warning 3")]
    assert found(clean, since=date(2026, 1, 28)) == []


def test_a_first_day_to_come_is_refused(clean: Office) -> None:
    assert clean.audited(since=LAST).faults == ()
    with pytest.raises(Refused, match="起始日期2026-02-11还没有到，今天是2026-02-10"):
        clean.audited(since=LAST + DAY)


def test_a_report_says_from_which_day_on_it_looked(clean: Office) -> None:
    assert clean.audited(since=LAST).words.zh == "核对了2项任务、13条通知，只看2026-02-10及以后：应发的都已发，没有多发"
    deleted_today(clean)
    assert clean.audited(since=LAST).words == Text(
        "核对了2项任务、12条通知，只看2026-02-10及以后：遗漏 1 处", "2 assignments and 12 notices looked at, from 2026-02-10 on: 1 missing"
    )


def test_the_same_faults_have_the_same_code(clean: Office) -> None:
    deleted(clean)
    code = clean.audited().code
    assert clean.audited(now=NOW + timedelta(hours=1)).code == code
    late(clean)
    assert clean.audited().code != code


# Lateness


def test_who_had_their_digest_before_the_follow_up_looked_waits_a_working_day(clean: Office) -> None:
    row = clean.row("林一", "warning 7")
    clean.decided(row, at(date(2026, 1, 22)))
    assert found(clean) == [("late", "warning 7")]
    clean.change(clean.digest("林一", at(date(2026, 1, 21))), queued_at=at(date(2026, 1, 21), 7, 50))
    assert found(clean) == []
    clean.decided(row, at(date(2026, 1, 23)))
    assert found(clean) == [("late", "warning 7")]


def test_a_later_look_of_the_same_day_is_in_time(clean: Office) -> None:
    clean.change(clean.row("林一", "warning 7"), decided_at=at(date(2026, 1, 21), 16))
    assert found(clean) == []


@pytest.mark.parametrize(
    ("minute", "if_said", "if_not"),
    [
        (20, [("extra", "level principal")], []),
        (28, [], []),  # so close to the look of half past eight it may have been seen or not
        (32, [], []),
        (40, [], [("missing", "level principal")]),
    ],
)
def test_what_a_look_cannot_have_missed_it_has_to_say(
    clean: Office, minute: int, if_said: list[tuple[str, str]], if_not: list[tuple[str, str]]
) -> None:
    clean.happened("林一", "report", at(LAST, 8, minute), before="acknowledged", after="reported")
    clean.change_duty("林一", state=AssignmentState.REPORTED)
    assert found(clean) == if_said
    clean.drop(clean.row("林一", "level principal"))
    assert found(clean) == if_not


# Days on which nobody looked


def not_run(office: Office, *days: date) -> None:
    office.session.execute(delete(FollowUpRun).where(FollowUpRun.on_day.in_(days)))


def test_missed_runs_are_said_once_and_what_was_made_up_is_not_late(clean: Office) -> None:
    tuesday = date(2026, 1, 27)
    not_run(clean, tuesday, date(2026, 2, 6))
    clean.decided(clean.row("林一", "warning 3"), at(tuesday + DAY))
    report = clean.audited()
    assert [(fault.kind, fault.assignment_id) for fault in report.faults] == [(FaultKind.MISSED_RUNS, None)]
    assert report.made_up == 1
    assert report.faults[0].words.zh == "2个工作日没有运行督办：2026-01-27、2026-02-06；因此迟告、后来补上的通知1条"


def test_what_missed_runs_led_to_is_counted_from_the_day_that_is_asked_for(clean: Office) -> None:
    tuesday = date(2026, 1, 27)
    not_run(clean, tuesday, LAST)
    clean.decided(clean.row("林一", "warning 3"), at(tuesday + DAY))
    clean.drop(clean.row("林一", "level principal"))
    (fault,) = clean.audited(since=LAST).faults
    assert fault.words.zh == "1个工作日没有运行督办：2026-02-10；因此迟告、后来补上的通知0条，还有1条等下一次运行补上"
    assert clean.audited(since=LAST).made_up == 0


def test_of_what_is_made_up_only_the_last_stage_is_told(clean: Office) -> None:
    thursday, friday = date(2026, 1, 29), date(2026, 1, 30)
    not_run(clean, *(thursday - timedelta(days=n) for n in range(3)))
    for stage in ("warning 3", "warning 1"):
        clean.decided(clean.row("林一", stage), at(friday))
    assert found(clean) == [("missed runs", ""), ("wrong", "warning 3")]
    row = clean.row("林一", "warning 3")
    clean.session.execute(delete(NoticeCopy).where(NoticeCopy.notice_id == row.id))
    clean.change(row, outcome=NoticeOutcome.OVERTAKEN, told="", colour="")
    assert found(clean) == [("missed runs", "")]


def test_what_was_reported_before_anybody_looked_is_missed_for_good(clean: Office) -> None:
    not_run(clean, LAST, date(2026, 2, 9))
    for stage in ("note principal", "level principal"):
        clean.drop(clean.row("林一", stage))
    report = clean.audited()
    assert [fault.kind for fault in report.faults] == [FaultKind.MISSED_RUNS]
    assert report.faults[0].words.zh.endswith("还有2条等下一次运行补上")
    clean.happened("林一", "report", at(LAST, 14), before="acknowledged", after="reported")
    clean.change_duty("林一", state=AssignmentState.REPORTED)
    assert found(clean) == [("missed runs", ""), ("missed", "note principal"), ("missed", "level principal")]


def test_today_counts_once_the_follow_up_should_have_run(clean: Office) -> None:
    not_run(clean, LAST)
    clean.drop(clean.row("林一", "level principal"))
    assert found(clean, now=at(LAST, 8, 25)) == []
    assert found(clean, now=at(LAST, 9, 10)) == [("missed runs", "")]


def test_an_office_that_never_followed_up_is_told_that_today_nobody_looked(sqlite_session: Session) -> None:
    row = factories.assignment(sqlite_session, due_on=DUE)
    factories.assignment_event(sqlite_session, assignment_id=row.id)
    assert found(Office(sqlite_session), now=at(date(2026, 1, 5), 9, 10)) == []  # issued at nine
    (fault,) = Office(sqlite_session).audited(now=at(date(2026, 2, 5), 9, 10)).faults
    assert (fault.kind, fault.owed_on) == (FaultKind.MISSED_RUNS, date(2026, 2, 5))


# Warnings that somebody does without


def test_a_warning_is_declined_by_whoever_carries_the_duty_and_the_last_one_never(clean: Office) -> None:
    for stage in ("warning 3", "warning 1"):
        row = clean.row("林一", stage)
        clean.session.execute(delete(NoticeCopy).where(NoticeCopy.notice_id == row.id))
        clean.change(row, outcome=NoticeOutcome.DECLINED, told="", colour="")
    assert found(clean) == [("wrong", "warning 3"), ("wrong", "warning 1")]
    person_id = clean.people["林一"].id
    given = {"in_the_afternoon": False, "informed": True, "changed_at": factories.NOW}
    clean.session.add(Preference(person_id=person_id, skipped_warnings=[3, 1], **given))
    assert found(clean) == [("wrong", "warning 1")]


# Policies


def test_a_policy_holds_from_its_day_and_not_before_it_was_decided(clean: Office) -> None:
    words = "[overdue]\nprincipal = 6\n"
    clean.change(clean.row("林一", "level principal"), owed_on=date(2026, 2, 9))
    factories.policy_term(clean.session, list_id=clean.list_id, text=words, from_on=date(2026, 2, 2), decided_at=at(LAST, 8, 0))
    assert found(clean) == []  # decided on the morning of the tenth: what was the sixth working day is made up on that day
    factories.policy_term(clean.session, list_id=clean.list_id, text="[overdue]\nparty_group = 8\n", from_on=LAST + DAY)
    assert found(clean) == []
    assert found(clean, now=at(LAST + DAY, 9)) == [("missed runs", "")]


def test_a_policy_that_cannot_be_read_is_a_fault_of_its_list_and_of_no_other(clean: Office) -> None:
    other = factories.responsibility_list(clean.session, title="另一份清单", issued_at=factories.NOW)
    step = factories.step(clean.session, item_id=factories.item(clean.session, list_id=other.id).id)
    factories.assignment(clean.session, step_id=step.id)
    factories.policy_term(clean.session, list_id=other.id, text="[warning]\nbefore = 7\n")
    deleted(clean)
    report = clean.audited()
    assert [(fault.kind.value, fault.stage) for fault in report.faults] == [("missing", "warning 3"), ("wrong", "")]
    assert report.faults[1].words.zh.startswith("《另一份清单》自2026-01-05起的督办规则读不出来，这份清单没有核对：")
    assert report.duties == 2
    assert found(clean, since=LAST) == [("wrong", "")]
