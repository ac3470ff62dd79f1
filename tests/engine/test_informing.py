"""The weekly digest: who hears of what, once a working week."""

from datetime import UTC, date, datetime, time, timedelta
from email import message_from_bytes
from email import policy as mail_policy
from email.message import EmailMessage

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from engine.informing import inform
from engine.preferences import stop_informing
from models import AssignmentState, AssistingParty, Message, MessageContent, Person
from notifications.sender import SHANGHAI, Sender
from tests import factories

SENDER = Sender("责任办 <office@example.com>", portal_url="https://duties.example")
MONDAY = date(2026, 6, 15)  # the 19th is 端午: ten working days later is Tuesday, 30 June
LAST = date(2026, 6, 30)


def run(session: Session, day: date = MONDAY, hour: int = 8, sender: Sender = SENDER) -> int:
    session.flush()
    return inform(session, sender=sender, now=datetime(day.year, day.month, day.day, hour, 30, tzinfo=SHANGHAI).astimezone(UTC))


def person(session: Session, name: str, **fields: object) -> int:
    return factories.person(session, name=name, **fields).id


def duty(session: Session, content: str = "清点苗木", *, assisting: int | None = None, **fields: object) -> int:
    """Of a branch, carried by nobody unless the fields say so."""
    step = factories.step(session, item_id=factories.item(session, content=content).id, text=content)
    if assisting is not None:
        session.add(AssistingParty(step_id=step.id, party="信息科", person_id=assisting))
    return factories.assignment(session, step_id=step.id, **({"due_on": LAST} | fields)).id


def mails(session: Session) -> dict[str, EmailMessage]:
    """What was queued, by its key."""
    rows = session.execute(select(Message.key, MessageContent.content).join(MessageContent, MessageContent.message_id == Message.id))
    return {key: message_from_bytes(content, policy=mail_policy.default) for key, content in rows}


def text_of(mail: EmailMessage) -> str:
    part = mail.get_body(("plain",))
    assert part is not None
    return str(part.get_content())


def told(session: Session) -> list[str]:
    return sorted(key.rpartition(":")[2] for key in mails(session))


def test_who_leads_and_who_assists_hear_of_what_is_overdue_or_due_within_ten_working_days(session: Session) -> None:
    leader, assistant = person(session, "吴望舒"), person(session, "孟松年")
    branch = factories.unit(session, name="望山支部", kind="党支部").id
    carrier = person(session, "石小满")
    duty(session, "清点苗木", leader_id=leader, unit_id=branch, person_id=carrier, period="上半年")
    duty(session, "巡山护林", leader_id=leader, unit_id=branch, person_id=carrier, due_on=date(2026, 6, 10))
    duty(session, "年终总结", leader_id=leader, unit_id=branch, due_on=date(2026, 7, 1))
    duty(session, "防火演练", assisting=assistant, unit_id=branch, person_id=carrier)
    assert run(session) == 2
    found = mails(session)
    led, assisted = found["informed:2026-06-15:吴望舒"], found["informed:2026-06-15:孟松年"]
    assert led["Subject"] == "每周摘要：1项逾期，1项在10个工作日内到期"
    text = text_of(led)
    assert text.index("望山支部") < text.index("巡山护林") < text.index("清点苗木"), "the most urgent first"
    assert "逾期3个工作日" in text
    assert "年终总结" not in text
    assert assisted["Subject"] == "每周摘要：1项在10个工作日内到期"
    assert "您配合的任务" in text_of(assisted)
    assert "防火演练" in text_of(assisted)


def test_a_leader_gets_the_way_to_each_duty_and_who_assists_none_that_would_not_open(session: Session) -> None:
    leader, assistant = person(session, "吴望舒"), person(session, "孟松年")
    id_ = duty(session, leader_id=leader, assisting=assistant)
    run(session)
    found = mails(session)
    assert f"/duties/{id_}" in text_of(found["informed:2026-06-15:吴望舒"])
    assert "/duties/" not in text_of(found["informed:2026-06-15:孟松年"])


def test_it_can_be_ended_at_one_click(session: Session) -> None:
    duty(session, leader_id=person(session, "吴望舒"))
    run(session)
    (mail,) = mails(session).values()
    assert str(mail["List-Unsubscribe"]).strip().startswith("<https://duties.example/unsubscribe/")
    assert mail["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"


@pytest.mark.parametrize("days", [0, 1, 3])
def test_a_week_has_one_digest_on_its_first_run(session: Session, days: int) -> None:
    leader = person(session, "吴望舒")
    duty(session, leader_id=leader)
    assert run(session) == 1
    duty(session, "新的任务", leader_id=leader)
    for again in range(2):
        assert run(session, MONDAY + timedelta(days=days), hour=9 + again) == 0
    assert told(session) == ["吴望舒"]


def test_who_has_a_digest_of_the_day_gets_the_weeks_on_another(session: Session) -> None:
    leader = person(session, "吴望舒")
    duty(session, leader_id=leader)
    for days in (0, 1):
        on = MONDAY + timedelta(days=days)
        queued_at = datetime.combine(on, time(8, 30), SHANGHAI)
        factories.message(session, key=f"digest:{on}:吴望舒", kind="digest", person_id=leader, queued_at=queued_at, due_at=queued_at)
        assert run(session, on) == 0
    assert run(session, MONDAY + timedelta(days=2)) == 1


def test_a_missed_monday_is_made_up_and_the_next_week_has_its_own(session: Session) -> None:
    duty(session, leader_id=person(session, "吴望舒"))
    assert run(session, MONDAY + timedelta(days=2)) == 1
    assert run(session, MONDAY + timedelta(days=3)) == 0
    assert run(session, MONDAY + timedelta(days=7)) == 1
    assert list(mails(session)) == ["informed:2026-06-15:吴望舒", "informed:2026-06-22:吴望舒"]


@pytest.mark.parametrize("day", [date(2026, 6, 19), date(2026, 6, 20)], ids=["端午", "Saturday"])
def test_nothing_is_sent_on_a_day_off(sqlite_session: Session, day: date) -> None:
    duty(sqlite_session, leader_id=person(sqlite_session, "吴望舒"))
    assert run(sqlite_session, day) == 0


def test_where_there_is_nothing_to_say_there_is_no_mail(session: Session) -> None:
    leader = person(session, "吴望舒")
    duty(session, leader_id=leader, due_on=date(2026, 7, 1))
    for state in (AssignmentState.REPORTED, AssignmentState.CLOSED, AssignmentState.WITHDRAWN):
        duty(session, leader_id=leader, state=state)
    assert run(session) == 0


def test_who_carries_a_duty_is_told_of_it_otherwise(session: Session) -> None:
    carrier = person(session, "石小满")
    duty(session, leader_id=carrier, person_id=carrier)
    duty(session, assisting=carrier, person_id=carrier)
    assert run(session) == 0


def test_who_leads_and_assists_hears_of_it_once(session: Session) -> None:
    leader = person(session, "吴望舒")
    duty(session, leader_id=leader, assisting=leader)
    run(session)
    (mail,) = mails(session).values()
    assert mail["Subject"] == "每周摘要：1项在10个工作日内到期"
    assert text_of(mail).count("清点苗木") == 1
    assert "您配合的任务" not in text_of(mail)


def test_who_does_without_it_or_left_or_has_no_address_is_left_out(session: Session) -> None:
    without, gone = person(session, "吴望舒"), person(session, "孟松年")
    for id_ in (without, gone, person(session, "罗一鸣", email=None), person(session, "周启明")):
        duty(session, leader_id=id_)
    stop_informing(session, without, now=factories.NOW)
    session.get_one(Person, gone).left_on = MONDAY
    assert run(session) == 1
    assert told(session) == ["周启明"]


def test_without_a_portal_it_has_no_links(session: Session) -> None:
    duty(session, leader_id=person(session, "吴望舒"))
    assert run(session, sender=Sender("责任办 <office@example.com>")) == 1
    (mail,) = mails(session).values()
    assert mail["List-Unsubscribe"] is None
    assert "http" not in text_of(mail)


def test_a_duty_to_be_made_up_counts_by_the_day_until_which_it_has_time(session: Session) -> None:
    issued = factories.responsibility_list(session, issued_at=datetime(2026, 6, 12, 1, tzinfo=UTC))
    step = factories.step(session, item_id=factories.item(session, list_id=issued.id).id)
    factories.assignment(session, step_id=step.id, due_on=date(2026, 3, 31), make_up=True, leader_id=person(session, "吴望舒"))
    run(session)
    (mail,) = mails(session).values()
    assert mail["Subject"] == "每周摘要：1项逾期"
    assert "逾期1个工作日" in text_of(mail)


def test_of_very_many_duties_the_most_urgent_are_listed(session: Session, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("engine.informing.SHOWN", 2)
    leader = person(session, "吴望舒")
    for n, content in enumerate(("第一项", "第二项", "第三项")):
        duty(session, content, leader_id=leader, due_on=LAST - timedelta(days=n))
    run(session)
    (mail,) = mails(session).values()
    assert mail["Subject"] == "每周摘要：3项在10个工作日内到期"
    assert [content in text_of(mail) for content in ("第一项", "第二项", "第三项")] == [False, True, True]
