"""What a morning's follow-up says, to whom, and that it never says it twice."""

from datetime import date

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from engine.follow_up import FollowedUp
from engine.history import record
from engine.issuing import issue
from engine.moves import Action, move
from engine.roster import store_roster
from engine.substitutes import stand_in
from intake.values import Parties
from models import (
    Assignment,
    AssignmentEvent,
    FollowUpRun,
    Message,
    MessageState,
    Notice,
    NoticeCopy,
    NoticeOutcome,
    Person,
    Preference,
)
from office.policy import read_policy
from tests import factories
from tests.engine.followed_office import SENDER, acknowledged, at, digests, every_day, ledger, office, run, text_of
from tests.factories import NOW


def test_a_duty_that_nobody_answers_for_goes_up_to_the_party_group(session: Session) -> None:
    acknowledged(session, office(session, "造林科"))
    every_day(session, date(2026, 6, 1), date(2026, 8, 31))
    assert ledger(session) == [
        ("06-18", "warning 7", "孟松年"),
        ("06-25", "warning 3", "孟松年"),
        ("06-29", "warning 1", "孟松年"),
        ("07-01", "level assignee", "孟松年"),
        ("07-02", "note contact_leader", "孟松年"),
        ("07-03", "level contact_leader", "吴望舒"),
        ("07-08", "note principal", "孟松年"),
        ("07-09", "level principal", "周启明"),
        ("07-20", "note party_group", "孟松年"),
        ("07-21", "level party_group", "周启明、吴望舒、郑临川"),
    ]


def test_a_second_run_of_a_day_sends_nothing(session: Session) -> None:
    office(session, "造林科")
    assert run(session, date(2026, 1, 8)).mails == 1
    again = run(session, date(2026, 1, 8), 16)
    assert (again.told, again.mails, again.waiting) == (0, 0, 0)


@pytest.mark.parametrize("day", [date(2026, 1, 10), date(2026, 2, 17)], ids=["a Saturday", "春节"])
def test_nothing_is_said_on_a_day_off(session: Session, day: date) -> None:
    office(session, "造林科", due_on=date(2026, 1, 7))
    assert run(session, day) == FollowedUp(day, day_off=True)
    assert digests(session) == []


def test_a_weekend_day_that_is_worked_is_a_day(session: Session) -> None:
    acknowledged(session, office(session, "造林科", due_on=date(2026, 2, 13)))
    every_day(session, date(2026, 1, 20), date(2026, 2, 14))
    assert ledger(session)[-1] == ("02-14", "level assignee", "孟松年")  # 调休 before 春节


def test_what_fell_due_while_nobody_looked_is_made_up_and_says_so(session: Session) -> None:
    acknowledged(session, office(session, "造林科"))
    run(session, date(2026, 6, 17))
    done = run(session, date(2026, 6, 26))
    assert (done.told, done.overtaken, done.missed) == (1, 1, 5)
    assert ledger(session) == [("06-25", "warning 3", "孟松年")]
    assert "本应6月25日通知，当天没有运行，今天补发" in text_of(session, date(2026, 6, 26), "孟松年")


def test_all_levels_that_were_reached_meanwhile_are_told(session: Session) -> None:
    acknowledged(session, office(session, "造林科"))
    run(session, date(2026, 6, 17))
    run(session, date(2026, 7, 10))
    assert [(stage, told) for _, stage, told in ledger(session)] == [("level contact_leader", "吴望舒"), ("level principal", "周启明")]
    assert digests(session) == [f"digest:2026-07-10:{name}" for name in ("吴望舒", "周启明", "孟松年")]


def test_what_is_reported_in_time_goes_up_to_nobody_and_waits_for_its_reviewer(session: Session) -> None:
    ids = office(session, "机关第二党支部")
    acknowledged(session, ids)
    every_day(session, date(2026, 6, 1), date(2026, 6, 24))
    move(session, ids, Action.REPORT, reason="", by="孟松年", now=at(date(2026, 6, 24), 15))
    every_day(session, date(2026, 6, 25), date(2026, 7, 31))
    assert ledger(session) == [("06-18", "warning 7", "孟松年"), ("06-25", "review 1", "吴望舒"), ("06-30", "review 4", "吴望舒")]


def test_who_stands_in_is_told_in_the_assignees_place(session: Session) -> None:
    acknowledged(session, office(session, "造林科"))
    stand_in(
        session,
        person="孟松年",
        substitute="石小满",
        starts_on=date(2026, 6, 15),
        ends_on=date(2026, 6, 30),
        reason="学习",
        by="孟松年",
        sender=SENDER,
        now=at(date(2026, 6, 12)),
    )
    run(session, date(2026, 6, 18))
    assert ledger(session) == [("06-18", "warning 7", "石小满")]


def test_a_leader_without_an_address_is_passed_over_with_a_line_that_says_so(session: Session) -> None:
    acknowledged(session, office(session, "造林科"))
    every_day(session, date(2026, 6, 30), date(2026, 7, 2))
    session.scalars(select(Person).where(Person.name == "吴望舒")).one().email = None
    run(session, date(2026, 7, 3))
    assert ledger(session)[-1] == ("07-03", "level contact_leader", "周启明")
    assert "联系领导吴望舒没有邮箱" in text_of(session, date(2026, 7, 3), "周启明")
    assert session.scalars(select(Notice.skipped).order_by(Notice.id.desc()).limit(1)).one() == "联系领导吴望舒没有邮箱"


def test_where_nobody_is_left_the_officer_is_told(session: Session) -> None:
    acknowledged(session, office(session, "造林科"))
    for person in session.scalars(select(Person)):
        person.email = None
    done = run(session, date(2026, 6, 18))
    assert (done.mails, done.to_officer) == (1, 1)
    (message,) = session.scalars(select(Message).where(Message.kind == "digest"))
    assert message.address == "office@example.com"
    assert session.scalars(select(Notice.outcome)).one() is NoticeOutcome.OFFICER


def test_where_nobody_is_left_above_the_officer_is_told_and_the_assignee_has_a_copy(session: Session) -> None:
    ids = office(session, "造林科")
    acknowledged(session, ids)
    every_day(session, date(2026, 7, 1), date(2026, 7, 2))
    for person in session.scalars(select(Person).where(Person.name != "孟松年")):
        person.email = None
    done = run(session, date(2026, 7, 3))
    assert (done.mails, done.to_officer) == (2, 1)
    readers = select(Message.key).where(Message.key.startswith("digest:2026-07-03")).order_by(Message.key)
    assert {key.rpartition(":")[2] for key in session.scalars(readers)} == {"孟松年", "计划员"}


def test_an_escalation_is_in_the_history_with_whom_and_why(session: Session) -> None:
    ids = office(session, "造林科")
    acknowledged(session, ids)
    every_day(session, date(2026, 7, 1), date(2026, 7, 3))
    event = session.scalars(select(AssignmentEvent).order_by(AssignmentEvent.id.desc()).limit(1)).one()
    assert (event.action, event.to_value, event.by) == ("escalate", "联系领导 吴望舒", "follow-up")
    assert event.reason == "到期后第3个工作日（审核期间不计）仍未报送"


def test_a_notice_for_somebody_who_had_their_digest_waits_for_the_next_working_day(session: Session) -> None:
    first, second = office(session, "造林科", "机关第二党支部", due_on=date(2026, 1, 7))
    move(session, [second], Action.REPORT, reason="", by="孟松年", now=at(date(2026, 1, 6), 15))
    run(session, date(2026, 1, 8))
    move(session, [second], Action.RETURN, reason="缺附件", by="吴望舒", now=at(date(2026, 1, 7), 15))  # what the run did not see
    later = run(session, date(2026, 1, 8), 14)
    assert (later.told, later.waiting) == (0, 1)
    assert session.get_one(Assignment, first).follow_up_on != session.get_one(Assignment, second).follow_up_on
    run(session, date(2026, 1, 9))
    assert "level assignee" in [notice.stage for notice in session.scalars(select(Notice).where(Notice.assignment_id == second))]


def test_a_warning_that_the_assignee_does_without_is_declined(session: Session) -> None:
    acknowledged(session, office(session, "造林科"))
    person_id = session.scalars(select(Person.id).where(Person.name == "孟松年")).one()
    session.add(Preference(person_id=person_id, skipped_warnings=[7], in_the_afternoon=True, informed=True, changed_at=NOW))
    every_day(session, date(2026, 6, 15), date(2026, 6, 25))
    assert ledger(session) == [("06-25", "warning 3", "孟松年")]
    assert NoticeOutcome.DECLINED in session.scalars(select(Notice.outcome)).all()
    due_at = session.scalars(select(Message.due_at).where(Message.kind == "digest")).one()
    assert due_at == at(date(2026, 6, 25), 14, 0)


@pytest.mark.parametrize(("hour", "minute"), [(0, 5), (8, 29), (20, 0), (22, 0)])
def test_out_of_hours_nothing_is_said_and_nothing_lost(session: Session, hour: int, minute: int) -> None:
    office(session, "造林科")
    assert run(session, date(2026, 1, 8), hour, minute) == FollowedUp(date(2026, 1, 8), out_of_hours=True)
    assert digests(session) == []
    assert run(session, date(2026, 1, 9)).told == 1


def test_it_goes_up_at_the_hour_that_the_assignee_was_told(session: Session) -> None:
    acknowledged(session, office(session, "造林科"))
    late = read_policy('[mail]\ngoes_up_at = "16:00"\n', place="policy.toml")
    every_day(session, date(2026, 6, 30), date(2026, 7, 1))
    run(session, date(2026, 7, 2), 16, policy=late)
    assert "明天（7月3日）16:00报联系领导吴望舒" in text_of(session, date(2026, 7, 2), "孟松年")
    assert run(session, date(2026, 7, 3), 15, policy=late).out_of_hours
    run(session, date(2026, 7, 3), 16, policy=late)
    assert ledger(session)[-1] == ("07-03", "level contact_leader", "吴望舒")


def test_every_told_notice_names_the_mails_that_say_it(session: Session) -> None:
    acknowledged(session, office(session, "造林科"))
    every_day(session, date(2026, 6, 30), date(2026, 7, 21))
    for notice in session.scalars(select(Notice).where(Notice.outcome == NoticeOutcome.TOLD)):
        query = select(Person.name).join(Message, Message.person_id == Person.id).join(NoticeCopy, NoticeCopy.message_id == Message.id)
        names = set(session.scalars(query.where(NoticeCopy.notice_id == notice.id)))
        assert names >= set(notice.told.split("、"))
        assert "孟松年" in names  # the assignee has a copy of what goes up


def test_a_clock_that_was_set_back_says_nothing_again(session: Session) -> None:
    acknowledged(session, office(session, "造林科"))
    every_day(session, date(2026, 6, 30), date(2026, 7, 3))
    before = ledger(session)
    back = run(session, date(2026, 6, 26))
    assert (back.told, back.missed) == (0, 0)
    every_day(session, date(2026, 6, 29), date(2026, 7, 3))
    assert ledger(session) == before


def test_a_leader_who_left_while_duties_are_open_is_told_nothing(session: Session) -> None:
    acknowledged(session, office(session, "造林科"))
    every_day(session, date(2026, 6, 30), date(2026, 7, 2))
    session.scalars(select(Person).where(Person.name == "吴望舒")).one().left_on = date(2026, 7, 2)
    run(session, date(2026, 7, 3))
    assert ledger(session)[-1] == ("07-03", "level contact_leader", "周启明")


def test_an_extension_that_moves_the_date_moves_what_is_said(session: Session) -> None:
    (id_,) = office(session, "造林科")
    acknowledged(session, [id_])
    run(session, date(2026, 6, 18))
    row = session.get_one(Assignment, id_)
    row.due_on, row.original_due_on = date(2026, 7, 31), row.due_on
    session.flush()
    record(session, [], at=at(date(2026, 6, 19)), by="吴望舒")
    every_day(session, date(2026, 6, 22), date(2026, 8, 3))
    assert [each[:2] for each in ledger(session)] == [
        ("06-18", "warning 7"),
        ("07-22", "warning 7"),
        ("07-28", "warning 3"),
        ("07-30", "warning 1"),
        ("08-03", "level assignee"),
    ]


def test_urgent_items_go_up_directly(session: Session) -> None:
    policy = read_policy('[[exceptions]]\nlist = "2026年度责任清单"\nitem = "1"\nurgent = true\n', place="policy.toml")
    acknowledged(session, office(session, "造林科", policy=policy))
    every_day(session, date(2026, 6, 30), date(2026, 7, 1))
    assert [each for each in ledger(session) if each[0] == "07-01"] == [
        ("07-01", "level contact_leader", "吴望舒"),
        ("07-01", "level principal", "周启明"),
    ]


def test_a_run_is_written_down(session: Session) -> None:
    office(session, "造林科")
    run(session, date(2026, 1, 7))
    run(session, date(2026, 1, 8))
    rows = session.scalars(select(FollowUpRun).order_by(FollowUpRun.id)).all()
    assert [(row.on_day, row.looked_at, row.notices, row.mails, row.missed) for row in rows] == [
        (date(2026, 1, 7), 0, 0, 0, 0),
        (date(2026, 1, 8), 1, 1, 1, 0),
    ]


def test_a_new_list_is_looked_at_when_it_first_has_something_to_say(session: Session) -> None:
    office(session, "造林科", due_on=date(2026, 1, 14))
    assert session.scalars(select(Assignment.follow_up_on)).one() == date(2026, 1, 8)  # not acknowledged


def test_a_changed_calendar_has_all_open_duties_looked_at(session: Session) -> None:
    acknowledged(session, office(session, "造林科"))
    run(session, date(2026, 1, 7))
    assert run(session, date(2026, 1, 8)).looked_at == 0
    session.scalars(select(FollowUpRun).order_by(FollowUpRun.id.desc())).first().grounds = "of another calendar"  # type: ignore[union-attr]
    session.flush()
    assert run(session, date(2026, 1, 9)).looked_at == 1


def test_mails_that_were_refused_stay_in_the_ledger(session: Session) -> None:
    office(session, "造林科")
    run(session, date(2026, 1, 8))
    session.scalars(select(Message).where(Message.kind == "digest")).one().state = MessageState.REFUSED
    run(session, date(2026, 1, 9))
    assert len(digests(session)) == 1


def test_of_two_items_with_one_number_only_the_one_whose_address_is_urgent_goes_up_directly(session: Session) -> None:
    store_roster(session, factories.roster_value(), year=2026, now=NOW)
    items = tuple(
        factories.item_value(content=f"{sheet}的工作", number="10", address=f"{sheet}!B26", parties=Parties(lead=(party,)))
        for sheet, party in (("领导班子", "造林科"), ("各支部", "机关第二党支部"))
    )
    policy = read_policy('[[exceptions]]\nlist = "清单"\nitem = "领导班子!B26"\nurgent = true', place="policy.toml")
    issue(session, factories.list_reading(items=items), year=2026, title="清单", file_name="a.xlsx", policy=policy, sender=SENDER, now=NOW)
    ids = list(session.scalars(select(Assignment.id).order_by(Assignment.id)))
    acknowledged(session, ids)
    every_day(session, date(2026, 7, 1), date(2026, 7, 1))
    stages = session.execute(select(Notice.assignment_id, Notice.stage).where(Notice.outcome == NoticeOutcome.TOLD)).all()
    assert {stage for assignment_id, stage in stages if assignment_id == ids[0]} == {"level contact_leader", "level principal"}
    assert {stage for assignment_id, stage in stages if assignment_id == ids[1]} == {"level assignee"}


def test_an_item_is_first_looked_at_by_the_exception_at_its_address(session: Session) -> None:
    store_roster(session, factories.roster_value(), year=2026, now=NOW)
    items = tuple(factories.item_value(content=f"第{row}行", number="10", address=f"领导班子!B{row}") for row in (26, 27))
    text = '[[exceptions]]\nlist = "清单"\nitem = "领导班子!B27"\n[exceptions.acknowledgement]\nassignee = 1'
    policy = read_policy(text, place="policy.toml")
    issue(session, factories.list_reading(items=items), year=2026, title="清单", file_name="a.xlsx", policy=policy, sender=SENDER, now=NOW)
    looks = session.scalars(select(Assignment.follow_up_on).order_by(Assignment.id)).all()
    assert looks == [date(2026, 1, 8), date(2026, 1, 6)]
