"""More time: who asks, who decides, what moves."""

from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from engine.auditing import altered
from engine.completion import Completion
from engine.deciding import ByHand, decide_by_hand
from engine.extending import ask_extension, decide_extension, deciders, extensions_of, extensions_to_decide
from engine.history import open_histories
from engine.reporting import report
from engine.reviewing import Decision, standing
from models import Assignment, AssignmentEvent, AssignmentState, Extension, Grant, Message, Person, Substitution
from notifications.reading import message_text
from notifications.sender import SHANGHAI, Sender
from office.text import Refused
from tests import factories

SENDER = Sender("责任办 <office@example.com>", portal_url="https://duties.example")
NOW = datetime(2026, 6, 20, 1, 0, tzinfo=UTC)  # a Saturday
TODAY, DUE, LATER = date(2026, 6, 20), date(2026, 6, 30), date(2026, 7, 15)


def owed(session: Session, **fields: object) -> int:
    """An assignment of 何青禾 in a branch that 吴望舒 covers; 周启明 is the party group's secretary."""
    branch = factories.unit(session, kind="党支部")
    bureau = factories.unit(session, name="市林业局", kind="局")
    group = factories.unit(session, name="局党组", kind="党组", parent_id=bureau.id)
    head = factories.person(session, name="周启明", email="zhou@example.com")
    factories.post(session, person_id=head.id, unit_id=group.id, title="党组书记")
    contact = factories.person(session, name="吴望舒", email="wu@example.com")
    factories.contact_point(session, leader_id=contact.id, branch_id=branch.id)
    carrier = factories.person(session, name="何青禾", email="he@example.com")
    given = {"unit_id": branch.id, "person_id": carrier.id, "due_on": DUE} | fields
    row = factories.assignment(session, **given)
    open_histories(session, {row.id: row.natural_key}, action="issue", to_value="sent", reason="", at=NOW, by="officer")
    return row.id


def ask(session: Session, assignment: int, wanted: date = LATER, by: str = "何青禾", now: datetime = NOW, reason: str = "场地检修") -> int:
    return ask_extension(session, assignment, wanted_on=wanted, reason=reason, progress="方案已定", by=by, sender=SENDER, now=now)


def decide(
    session: Session,
    assignment: int,
    until: date | None = LATER,
    by: str = "吴望舒",
    number: int = 1,
    comment: str = "",
    now: datetime = NOW,
    grant: Grant = Grant.GRANTED,
) -> Decision:
    return decide_extension(session, assignment, number, grant=grant, granted_on=until, comment=comment, by=by, sender=SENDER, now=now)


def dates(session: Session, assignment: int) -> tuple[date, date | None]:
    due_on, original = session.execute(select(Assignment.due_on, Assignment.original_due_on).where(Assignment.id == assignment)).one()
    return due_on, original


def history(session: Session, assignment: int) -> list[tuple[str, str | None, str | None, str, str]]:
    event = AssignmentEvent
    query = select(event.action, event.from_value, event.to_value, event.by, event.reason).where(event.assignment_id == assignment)
    return [tuple(row) for row in session.execute(query.order_by(event.position).offset(1))]  # type: ignore[misc]


def mails(session: Session) -> list[tuple[str, str, str]]:
    return [tuple(row) for row in session.execute(select(Message.kind, Message.address, Message.subject).order_by(Message.id))]  # type: ignore[misc]


def person_id(session: Session, name: str) -> int:
    return session.scalars(select(Person.id).where(Person.name == name)).one()


def test_a_request_is_kept_and_the_contact_leader_is_asked(session: Session) -> None:
    assignment = owed(session)
    assert ask(session, assignment) == 1
    (asked,) = extensions_of(session, assignment)
    assert (asked.due_on, asked.wanted_on, asked.reason, asked.progress, asked.asked_by) == (DUE, LATER, "场地检修", "方案已定", "何青禾")
    assert (asked.asked_at, asked.grant, asked.decided_by) == (NOW, None, None)
    assert dates(session, assignment) == (DUE, None)
    assert history(session, assignment) == [("ask extension", "2026-06-30", "2026-07-15", "何青禾", "场地检修；目前进展：方案已定")]
    ((kind, address, subject),) = mails(session)
    assert (kind, address, subject[:9]) == ("asked", "wu@example.com", "请您决定：延期 开")
    text = message_text(session, session.scalars(select(Message.id)).one())
    for said in (
        "何青禾申请把下面这项任务延期：原定6月30日，申请延至7月15日。",
        "场地检修",
        "方案已定",
        "此前没有延期过",
        f"/duties/{assignment}",
    ):
        assert said in text
    assert altered(session, zone=SHANGHAI) == ()


def test_a_granted_one_moves_the_due_date_at_once_and_keeps_the_first(session: Session) -> None:
    assignment = owed(session)
    ask(session, assignment)
    decision = decide(session, assignment, date(2026, 7, 10), comment="抓紧")
    assert (decision.counted, decision.said.zh) == (True, "已准予延期，期限由2026-06-30改为2026-07-10")
    assert dates(session, assignment) == (date(2026, 7, 10), DUE)
    assert history(session, assignment)[-1] == ("extend", "2026-06-30", "2026-07-10", "吴望舒", "抓紧")
    late_june = datetime(2026, 7, 5, 1, tzinfo=UTC)
    assert standing(session, assignment, zone=SHANGHAI, now=late_june) is Completion.DUE_SOON
    assert mails(session)[-1][:2] == ("decided", "he@example.com")
    text = message_text(session, session.scalars(select(Message.id).order_by(Message.id.desc()).limit(1)).one())
    assert "吴望舒已准予延期，新的期限是7月10日（原为6月30日）" in text
    assert altered(session, zone=SHANGHAI) == ()


def test_a_denied_one_changes_nothing_but_is_said(session: Session) -> None:
    assignment = owed(session)
    ask(session, assignment)
    decision = decide(session, assignment, None, comment="上级限期", grant=Grant.DENIED)
    assert (decision.counted, decision.said.zh) == (True, "已不予延期，期限仍是2026-06-30")
    assert dates(session, assignment) == (DUE, None)
    assert history(session, assignment)[-1] == ("deny extension", None, None, "吴望舒", "上级限期")
    assert mails(session)[-1][2].startswith("未准延期：")
    assert altered(session, zone=SHANGHAI) == ()


def test_the_first_decision_counts_and_the_other_is_told_which(session: Session) -> None:
    assignment = owed(session, leader_id=factories.person(session, name="郑临川").id)
    ask(session, assignment)
    assert deciders(session, assignment, on=TODAY) == ("郑临川", "吴望舒")
    assert decide(session, assignment).counted
    second = decide(session, assignment, None, by="郑临川", comment="不行", grant=Grant.DENIED)
    assert (second.counted, second.said.zh) == (False, "吴望舒已于2026-06-20 09:00准予延期至2026-07-15，这次决定没有计入")
    assert dates(session, assignment) == (LATER, DUE)


def test_again_the_principal_decides_and_the_first_date_of_all_is_kept(session: Session) -> None:
    assignment = owed(session)
    ask(session, assignment)
    decide(session, assignment)
    assert ask(session, assignment, date(2026, 8, 1)) == 2
    assert deciders(session, assignment, on=TODAY) == ("周启明",)
    assert mails(session)[-1][1] == "zhou@example.com"
    with pytest.raises(Refused, match="吴望舒不能决定这次延期；可以决定的有：周启明"):
        decide(session, assignment, date(2026, 8, 1), number=2)
    assert decide(session, assignment, date(2026, 8, 1), by="周启明", number=2).counted
    assert dates(session, assignment) == (date(2026, 8, 1), DUE)
    assert altered(session, zone=SHANGHAI) == ()


def test_after_a_denial_the_contact_leader_is_asked_again(session: Session) -> None:
    assignment = owed(session)
    ask(session, assignment)
    decide(session, assignment, None, comment="上级限期", grant=Grant.DENIED)
    assert ask(session, assignment) == 2
    assert deciders(session, assignment, on=TODAY) == ("吴望舒",)


def test_nobody_decides_their_own(session: Session) -> None:
    owed(session)
    of = {name: person_id(session, name) for name in ("吴望舒", "周启明")}
    branch = session.scalars(select(Assignment.unit_id)).one()
    contacts_own = factories.assignment(session, unit_id=branch, person_id=of["吴望舒"]).id
    heads_own = factories.assignment(session, person_id=of["周启明"]).id
    assert deciders(session, contacts_own, on=TODAY) == ("周启明",)
    assert deciders(session, heads_own, on=TODAY) == ("计划员",)
    ask(session, heads_own, by="周启明")
    assert mails(session)[-1][1] == "office@example.com"
    assert decide(session, heads_own, by="计划员（Prefect 界面）").counted


def test_who_asked_as_the_substitute_does_not_decide(session: Session) -> None:
    assignment = owed(session)
    ids = (person_id(session, "何青禾"), person_id(session, "吴望舒"))
    leave = Substitution(
        person_id=ids[0], substitute_id=ids[1], starts_on=TODAY, ends_on=LATER, reason="", entered_at=NOW, entered_by="何青禾"
    )
    session.add(leave)
    assert deciders(session, assignment, on=TODAY) == ("周启明",)
    ask(session, assignment, by="吴望舒")
    assert deciders(session, assignment, on=date(2026, 8, 1)) == ("周启明",)  # the leave is over, the request is still hers
    assert "吴望舒代何青禾申请" in message_text(session, session.scalars(select(Message.id)).one())


def test_where_no_decider_has_an_address_the_officer_is_told(session: Session) -> None:
    assignment = owed(session)
    session.execute(update(Person).where(Person.name == "吴望舒").values(email=None))
    ask(session, assignment)
    assert mails(session)[0][1] == "office@example.com"
    assert "应由吴望舒决定" in message_text(session, session.scalars(select(Message.id)).one())


@pytest.mark.parametrize(
    ("wanted", "fields", "said"),
    [
        (LATER, {"by": "吴望舒"}, "不承办"),
        (LATER, {"by": "计划员" * 20}, "不承办"),
        (LATER, {"reason": " "}, "原因"),
        (LATER, {"now": datetime(2026, 6, 29, 16, 0, tzinfo=UTC)}, "到期日之前申请，这项任务2026-06-30到期"),  # the due day begins
        (DUE, {}, "晚于目前的期限"),
        (date(2026, 6, 1), {}, "晚于目前的期限"),
        (DUE + timedelta(days=367), {}, "一年以上"),
    ],
)
def test_an_unfit_request_is_refused_and_changes_nothing(session: Session, wanted: date, fields: dict[str, object], said: str) -> None:
    assignment = owed(session)
    with pytest.raises(Refused, match=said):
        ask(session, assignment, wanted, **fields)  # type: ignore[arg-type]
    assert (extensions_of(session, assignment), history(session, assignment), mails(session)) == ((), [], [])


def test_a_request_says_how_far_it_is(session: Session) -> None:
    with pytest.raises(Refused, match="目前进展"):
        ask_extension(session, owed(session), wanted_on=LATER, reason="场地", progress="\n", by="何青禾", sender=SENDER, now=NOW)


def test_there_is_one_open_request_at_a_time(session: Session) -> None:
    assignment = owed(session)
    ask(session, assignment)
    with pytest.raises(Refused, match="还没有决定"):
        ask(session, assignment)


def test_what_is_to_be_made_up_has_until_the_day_of_issue_and_gets_no_more(session: Session) -> None:
    issued = factories.responsibility_list(session, issued_at=datetime(2026, 6, 25, 1, tzinfo=UTC))
    step = factories.step(session, item_id=factories.item(session, list_id=issued.id).id)
    assignment = owed(session, step_id=step.id, due_on=date(2026, 3, 31), make_up=True)
    with pytest.raises(Refused, match="2026-06-25到期"):
        ask(session, assignment, now=datetime(2026, 6, 25, 2, tzinfo=UTC))


@pytest.mark.parametrize("hand", [ByHand.COMPLETED, ByHand.CANCELLED])
def test_what_has_ended_is_not_extended(session: Session, hand: ByHand) -> None:
    assignment, asked = owed(session), 0
    ask(session, assignment)
    decide_by_hand(session, assignment, hand, reason="已办", by="计划员", sender=SENDER, now=NOW)
    asked = len(history(session, assignment))
    late = decide(session, assignment)
    assert (late.counted, "这次决定没有计入" in late.said.zh) == (False, True)
    assert (dates(session, assignment), len(history(session, assignment))) == ((DUE, None), asked)
    assert extensions_to_decide(session, "吴望舒", on=TODAY) == ()
    with pytest.raises(Refused, match="不能再申请延期"):
        ask(session, assignment)


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"until": None}, "写明新的期限"),
        ({"until": DUE}, "晚于目前的期限"),
        ({"until": DUE + timedelta(days=400)}, "一年以上"),
        ({"grant": Grant.DENIED}, "写明理由"),
        ({"by": "何青禾"}, "不能决定"),
        ({"by": "计划员"}, "不能决定"),
        ({"number": 2}, "没有第2次"),
    ],
)
def test_an_unfit_decision_is_refused_and_leaves_it_open(session: Session, fields: dict[str, object], said: str) -> None:
    assignment = owed(session)
    ask(session, assignment)
    with pytest.raises(Refused, match=said):
        decide(session, assignment, **fields)  # type: ignore[arg-type]
    assert extensions_of(session, assignment)[0].grant is None
    assert dates(session, assignment) == (DUE, None)


def test_what_waits_for_somebody_is_listed_the_oldest_first(session: Session) -> None:
    first = owed(session, period="上半年", party="第三支部")
    branch = session.scalars(select(Assignment.unit_id)).one()
    second = factories.assignment(session, unit_id=branch, person_id=person_id(session, "何青禾")).id
    ask(session, second, now=NOW - timedelta(hours=1))
    ask(session, first)
    waiting = extensions_to_decide(session, "吴望舒", on=TODAY)
    assert [one.asked.assignment_id for one in waiting] == [second, first]
    assert (waiting[1].period, waiting[1].party, waiting[1].person, waiting[1].granted_before) == ("上半年", "第三支部", "何青禾", 0)
    assert waiting[1].asked == extensions_of(session, first)[0]
    assert [extensions_to_decide(session, name, on=TODAY) for name in ("周启明", "计划员", "何青禾")] == [(), (), ()]
    decide(session, first)
    assert len(extensions_to_decide(session, "吴望舒", on=TODAY)) == 1


def test_what_is_reported_may_still_be_extended(session: Session) -> None:
    assignment = owed(session)
    ask(session, assignment)
    report(session, assignment, text="办了", by="何青禾", now=NOW)
    assert decide(session, assignment).counted
    assert session.scalars(select(Assignment.state)).one() is AssignmentState.REPORTED


@pytest.mark.parametrize(
    "edit",
    [
        update(Assignment).values(due_on=date(2026, 12, 1)),
        update(Assignment).values(original_due_on=None),
        update(Assignment).values(original_due_on=date(2026, 6, 1)),
        update(Extension).values(granted_on=date(2026, 12, 1)),
        update(Extension).values(grant=None),
        update(Extension).values(reason="改过"),
        update(Extension).values(progress="改过"),
        update(Extension).values(decided_by="周启明"),
        update(Extension).values(asked_by="周启明"),
        update(AssignmentEvent).where(AssignmentEvent.action == "extend").values(to_value=None),
    ],
)
def test_an_edit_of_an_extension_outside_the_program_shows(sqlite_session: Session, edit: object) -> None:
    assignment = owed(sqlite_session)
    ask(sqlite_session, assignment)
    decide(sqlite_session, assignment)
    assert altered(sqlite_session, zone=SHANGHAI) == ()
    sqlite_session.execute(edit)  # type: ignore[call-overload]
    sqlite_session.expire_all()
    assert altered(sqlite_session, zone=SHANGHAI) == (assignment,)
