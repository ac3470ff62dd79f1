"""Two people at once, in two sessions of their own, on both databases: one decision counts, and nothing is half done."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime
from threading import Barrier, Event

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from engine import history
from engine.deciding import ByHand, decide_by_hand
from engine.extending import ask_extension, decide_extension
from engine.reporting import report
from engine.reviewing import Decision, review
from models import Assignment, AssignmentEvent, AssignmentState, Grant, Message, Report, Verdict
from notifications.sender import Sender
from office.text import Refused
from tests import factories
from zeren.database import transaction

SENDER = Sender("责任办 <office@example.com>")
NOW = datetime(2026, 7, 2, 1, 30, tzinfo=UTC)
REVIEWERS = ("计划员", "周启明")


@pytest.fixture
def reported(database_url: str) -> int:
    with transaction(database_url) as session:
        carrier, leader = factories.person(session, name="何青禾"), factories.person(session, name="周启明")
        assignment = factories.assignment(session, person_id=carrier.id, leader_id=leader.id).id
        report(session, assignment, text="办了", by="何青禾", now=NOW)
        return assignment


def reviewed(session: Session, assignment: int, by: str, verdict: Verdict) -> Decision:
    return review(session, assignment, number=1, verdict=verdict, comment="意见", by=by, sender=SENDER, now=NOW)


Decide = Callable[[Session], Decision]


def one_after_the_other(database_url: str, first: Decide, second: Decide) -> Decision:
    """What comes of `second`, which begins when `first` has decided and not committed yet."""
    begins = Event()

    def meanwhile() -> Decision:
        begins.set()
        with transaction(database_url) as session:
            return second(session)

    with ThreadPoolExecutor(1) as pool:
        with transaction(database_url) as session:
            assert first(session).counted
            waiting = pool.submit(meanwhile)
            begins.wait()
            with pytest.raises(TimeoutError):  # it waits for the commit
                waiting.result(timeout=0.3)
        return waiting.result()


@pytest.mark.parametrize("verdicts", [(Verdict.APPROVED, Verdict.RETURNED), (Verdict.RETURNED, Verdict.APPROVED)])
def test_of_two_reviewers_the_first_counts_and_the_second_is_told_what_she_decided(
    database_url: str, reported: int, verdicts: tuple[Verdict, Verdict]
) -> None:
    second = one_after_the_other(
        database_url,
        lambda session: reviewed(session, reported, "周启明", verdicts[0]),
        lambda session: reviewed(session, reported, "计划员", verdicts[1]),
    )
    assert (second.counted, second.said.zh.startswith("周启明已于2026-07-02 09:30")) == (False, True)
    with transaction(database_url) as session:
        assert session.execute(select(Report.verdict, Report.reviewed_by)).one() == (verdicts[0], "周启明")
        assert session.scalars(select(Message.kind)).all() == ["decided"]


def test_a_review_of_what_is_withdrawn_meanwhile_does_not_count(database_url: str, reported: int) -> None:
    def withdraw(session: Session) -> Decision:
        return decide_by_hand(session, reported, ByHand.CANCELLED, reason="取消", by="计划员", sender=SENDER, now=NOW)

    second = one_after_the_other(database_url, withdraw, lambda session: reviewed(session, reported, "周启明", Verdict.APPROVED))
    assert (second.counted, "撤销" in second.said.zh) == (False, True)
    with transaction(database_url) as session:
        assert session.scalars(select(Assignment.state)).one() is AssignmentState.WITHDRAWN
        assert session.scalars(select(Report.verdict)).one() is None


def test_of_two_who_decide_about_more_time_the_first_counts(database_url: str) -> None:
    due, until = date(2026, 7, 31), date(2026, 8, 15)
    with transaction(database_url) as session:
        branch = factories.unit(session, kind="党支部").id
        for name in ("周启明", "吴望舒"):
            factories.contact_point(session, branch_id=branch, leader_id=factories.person(session, name=name).id)
        carrier = factories.person(session, name="何青禾").id
        owed = factories.assignment(session, unit_id=branch, person_id=carrier, due_on=due).id
        ask_extension(session, owed, wanted_on=until, reason="雨季", progress="过半", by="何青禾", sender=SENDER, now=NOW)

    def decided(session: Session, grant: Grant, granted_on: date | None, by: str) -> Decision:
        return decide_extension(session, owed, 1, grant=grant, granted_on=granted_on, comment="意见", by=by, sender=SENDER, now=NOW)

    second = one_after_the_other(
        database_url,
        lambda session: decided(session, Grant.GRANTED, until, "周启明"),
        lambda session: decided(session, Grant.DENIED, None, "吴望舒"),
    )
    assert (second.counted, second.said.zh.startswith("周启明已于2026-07-02 09:30准予延期")) == (False, True)
    with transaction(database_url) as session:
        assert session.execute(select(Assignment.due_on, Assignment.original_due_on)).one() == (until, due)
        assert session.scalars(select(Message.kind).where(Message.kind == "decided")).all() == ["decided"]


def test_of_many_reviewers_at_once_exactly_one_counts(database_url: str, reported: int) -> None:
    at_once = 6
    start = Barrier(at_once)

    def decide(n: int) -> Decision:
        start.wait()
        with transaction(database_url) as session:
            return reviewed(session, reported, REVIEWERS[n % 2], list(Verdict)[n % 2])

    with ThreadPoolExecutor(at_once) as pool:
        decisions = list(pool.map(decide, range(at_once)))
    assert sum(decision.counted for decision in decisions) == 1
    with transaction(database_url) as session:
        actions = session.scalars(select(AssignmentEvent.action).order_by(AssignmentEvent.position)).all()
        assert actions[0] == "report"
        assert actions[1:] in (["approve"], ["return"])
        assert history.broken(session) == ()
        assert len(session.scalars(select(Message)).all()) == 1


def test_of_two_reports_at_once_one_is_taken(database_url: str) -> None:
    with transaction(database_url) as session:
        assignment = factories.assignment(session).id
    start = Barrier(2)

    def hand_in(text: str) -> int | None:
        start.wait()
        try:
            with transaction(database_url) as session:
                return report(session, assignment, text=text, by="何青禾", now=NOW)
        except Refused:
            return None

    with ThreadPoolExecutor(2) as pool:
        numbers = list(pool.map(hand_in, ("甲", "乙")))
    assert sorted(number or 0 for number in numbers) == [0, 1]
    with transaction(database_url) as session:
        assert len(session.scalars(select(Report)).all()) == 1
