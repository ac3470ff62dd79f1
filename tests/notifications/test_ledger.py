"""The states of a message, on SQLite and on PostgreSQL."""

from datetime import UTC, datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from models import Message, MessageState
from notifications.ledger import LEASE, Outcome, Verdict, claim, hasten, pause_after, queue, settle, under_way
from notifications.mime import Mail

NOW = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)


def mail(number: int, content: bytes = b"x") -> Mail:
    return Mail(f"k{number}", "issued", None, f"p{number}@office.example", "标题", f"<{number}@office.example>", content)


def states(session: Session) -> list[str]:
    session.expire_all()
    return [message.state.value for message in session.scalars(select(Message).order_by(Message.id))]


def test_the_same_thing_is_never_said_twice(session: Session) -> None:
    assert queue(session, [mail(1), mail(2)], now=NOW) == 2
    assert queue(session, [mail(2, b"other"), mail(3)], now=NOW) == 1
    assert queue(session, [], now=NOW) == 0
    assert [claimed.content for claimed in claim(session, now=NOW, limit=9)] == [b"x", b"x", b"x"]


def test_thousands_are_queued_at_once(session: Session) -> None:
    assert queue(session, (mail(number) for number in range(3000)), now=NOW) == 3000


def test_a_claim_takes_the_oldest_that_are_due_and_nobody_else_gets_them(session: Session) -> None:
    queue(session, [mail(1)], now=NOW, due_at=NOW + timedelta(hours=1))
    queue(session, [mail(2)], now=NOW, due_at=NOW - timedelta(hours=1))
    queue(session, [mail(3), mail(4)], now=NOW)
    assert [claimed.address for claimed in claim(session, now=NOW, limit=2)] == ["p2@office.example", "p3@office.example"]
    assert [claimed.address for claimed in claim(session, now=NOW, limit=2)] == ["p4@office.example"]
    assert claim(session, now=NOW, limit=2) == []
    assert under_way(session) == 3


def test_a_lease_that_ran_out_makes_the_message_unknown_and_its_second_sending_is_marked(session: Session) -> None:
    queue(session, [mail(1)], now=NOW)
    (first,) = claim(session, now=NOW, limit=1)
    assert claim(session, now=NOW + LEASE - timedelta(seconds=1), limit=1) == []
    (second,) = claim(session, now=NOW + LEASE, limit=1)
    assert (second.id, second.attempts) == (first.id, 2)
    assert session.scalars(select(Message.perhaps_twice)).one()
    settle(session, [Outcome(first, Verdict.NEVER, "550 too late")], now=NOW + LEASE)
    assert states(session) == ["sending"]  # the word of the one who lost the lease does not count
    settle(session, [Outcome(second, Verdict.SENT)], now=NOW + LEASE)
    assert states(session) == ["sent"]


def test_a_sender_that_was_slow_but_not_overtaken_still_settles(session: Session) -> None:
    queue(session, [mail(1)], now=NOW)
    claimed = claim(session, now=NOW, limit=1)
    claim(session, now=NOW + LEASE, limit=0)
    assert states(session) == ["unknown"]
    settle(session, [Outcome(claimed[0], Verdict.SENT)], now=NOW + LEASE)
    assert states(session) == ["sent"]


def test_each_verdict_has_its_state_and_only_a_real_attempt_counts(session: Session) -> None:
    queue(session, [mail(number) for number in range(5)], now=NOW)
    verdicts = [Verdict.SENT, Verdict.AGAIN, Verdict.NEVER, Verdict.UNKNOWN, Verdict.UNTRIED]
    outcomes = [Outcome(c, v, "words") for c, v in zip(claim(session, now=NOW, limit=5), verdicts, strict=True)]
    settle(session, outcomes, now=NOW)
    assert states(session) == ["sent", "deferred", "refused", "unknown", "queued"]
    messages = list(session.scalars(select(Message).order_by(Message.id)))
    assert [message.attempts for message in messages] == [1, 1, 1, 1, 0]
    assert [message.due_at - NOW for message in messages] == [timedelta(minutes=late) for late in (0, 1, 0, 1, 0)]
    assert [message.sent_at for message in messages] == [NOW, None, None, None, None]
    assert {message.lease_until for message in messages} == {None}


def test_pauses_grow_to_four_hours_and_stay_there() -> None:
    assert [pause_after(attempts).total_seconds() / 60 for attempts in (1, 2, 3, 4, 5, 6, 50)] == [1, 5, 15, 60, 240, 240, 240]


def test_who_asks_for_delivery_does_not_wait_for_a_pause(session: Session) -> None:
    queue(session, [mail(1), mail(2)], now=NOW)
    settle(session, [Outcome(c, v) for c, v in zip(claim(session, now=NOW, limit=2), (Verdict.AGAIN, Verdict.NEVER), strict=True)], now=NOW)
    assert claim(session, now=NOW, limit=2) == []
    hasten(session, now=NOW)
    assert [claimed.address for claimed in claim(session, now=NOW, limit=2)] == ["p1@office.example"]


def test_states_are_what_the_table_says() -> None:
    assert [state.value for state in MessageState] == ["queued", "sending", "sent", "deferred", "refused", "unknown"]
