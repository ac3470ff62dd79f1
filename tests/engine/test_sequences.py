"""No sequence of actions by anybody leaves the table of moves: whatever people try, in whatever order, the histories stay true."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any

from hypothesis import event, settings
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule
from hypothesis.strategies import booleans, integers, just, one_of, sampled_from
from sqlalchemy import create_engine, select, update
from sqlalchemy.orm import Session

from engine.auditing import altered
from engine.deciding import ByHand, decide_by_hand
from engine.extending import ask_extension, decide_extension, deciders, extensions_of
from engine.history import ASK_EXTENSION, DENY_EXTENSION, EXTEND, HAND_OVER, open_histories
from engine.moves import MOVES, OFFICER, Action
from engine.reassigning import reassign
from engine.reporting import acknowledge, report
from engine.reviewing import Decision, review
from engine.substitutes import stand_in
from engine.succession import hand_over_open
from engine.withdrawing import withdraw_items
from models import (
    Assignment,
    AssignmentEvent,
    AssignmentState,
    Base,
    Extension,
    Grant,
    Message,
    Person,
    Post,
    Report,
    Substitution,
    Verdict,
)
from notifications.sender import SHANGHAI, Sender
from office.text import Refused
from tests import factories

SENDER = Sender("责任办 <office@example.com>")
STARTS = datetime(2026, 6, 1, 1, tzinfo=UTC)
LEAVES_THE_STATE = {ASK_EXTENSION, EXTEND, DENY_EXTENSION, HAND_OVER}
TABLES = (Assignment, AssignmentEvent, Report, Extension, Substitution, Message)
CARRIER, COLLEAGUE, CONTACT, PRINCIPAL = "何青禾", "孟松年", "吴望舒", "周启明"

anybody = sampled_from((CARRIER, COLLEAGUE, CONTACT, PRINCIPAL, OFFICER, "路人"))
MAY = "who may"  # half of the time somebody tries who may, so that sequences come far
somebody = one_of(just(MAY), anybody)
latest = one_of(just(0), integers(1, 3))  # number of a report or a request; 0 is the latest
words = sampled_from(("驻村", "驻村", "驻村", ""))
which = integers(0, 1)
rare = integers(0, 4).map(lambda drawn: drawn == 3)  # ends tend to be drawn more often
days = integers(-5, 20)


class Office(RuleBasedStateMachine):
    """A branch with two assignments, one of its head and one of the post by name; a contact leader, a principal, a passer-by."""

    def __init__(self) -> None:
        super().__init__()
        self.engine = create_engine("sqlite://")
        Base.metadata.create_all(self.engine)
        self.session = Session(self.engine)
        self.now = STARTS
        self._furnish()

    def _furnish(self) -> None:
        session = self.session
        bureau = factories.unit(session, name="市林业局", kind="局")
        group = factories.unit(session, name="局党组", kind="党组", parent_id=bureau.id)
        branch = factories.unit(session, name="望山支部", kind="党支部", parent_id=bureau.id)
        people = {name: factories.person(session, name=name).id for name in (CARRIER, COLLEAGUE, CONTACT, PRINCIPAL, "路人")}
        self.people = people
        factories.post(session, person_id=people[PRINCIPAL], unit_id=group.id, title="党组书记")
        self.head = factories.post(session, person_id=people[CARRIER], unit_id=branch.id, title="书记").id
        factories.post(session, person_id=people[COLLEAGUE], unit_id=branch.id, title="副书记")
        factories.contact_point(session, leader_id=people[CONTACT], branch_id=branch.id)
        item = factories.item(session, number="7")
        step = factories.step(session, item_id=item.id)
        given: dict[str, Any] = {"unit_id": branch.id, "person_id": people[CARRIER], "step_id": step.id, "due_on": date(2026, 6, 30)}
        rows = [
            factories.assignment(session, **given, leader_id=people[PRINCIPAL]),
            factories.assignment(session, **given, post_title="书记", party=CARRIER, period="7月"),
        ]
        keys = {row.id: row.natural_key for row in rows}
        open_histories(session, keys, action="issue", to_value="sent", reason="", at=STARTS, by="officer")
        self.ids = sorted(keys)
        session.commit()

    def teardown(self) -> None:
        self.session.close()
        self.engine.dispose()

    def _stored(self) -> list[tuple[Any, ...]]:
        rows = [tuple(row) for table in TABLES for row in self.session.execute(select(table.__table__))]
        self.session.expire_all()
        return rows

    def _try(self, action: Callable[[], object]) -> None:
        """What is refused, or does not count, changes nothing."""
        before, name = self._stored(), action.__qualname__.split(".")[1]
        try:
            done = action()
        except Refused:
            event(f"refused: {name}")
            assert self._stored() == before
            return
        if isinstance(done, Decision) and not done.counted:
            event(f"did not count: {name}")
            assert self._stored() == before
        else:
            event(f"done: {name}")

    def _carrier(self, n: int) -> str:
        carried = select(Person.name).join(Assignment, Assignment.person_id == Person.id).where(Assignment.id == self.ids[n])
        return self.session.scalars(carried).one()

    # What people do

    @rule(hours=integers(1, 48))
    def time_passes(self, hours: int) -> None:
        self.now += timedelta(hours=hours)

    @rule(n=which, by=anybody)
    def acknowledge(self, n: int, by: str) -> None:
        self._try(lambda: acknowledge(self.session, [self.ids[n]], by=by, now=self.now))

    @rule(n=which, by=somebody, text=words)
    def report(self, n: int, by: str, text: str) -> None:
        by = self._carrier(n) if by == MAY else by
        self._try(lambda: report(self.session, self.ids[n], text=text, by=by, now=self.now))

    @rule(n=which, by=somebody, verdict=sampled_from(Verdict), comment=words, number=latest)
    def review(self, n: int, by: str, verdict: Verdict, comment: str, number: int) -> None:
        by = OFFICER if by == MAY else by
        given: dict[str, Any] = {"number": number or None, "verdict": verdict, "comment": comment, "by": by}
        self._try(lambda: review(self.session, self.ids[n], **given, sender=SENDER, now=self.now))

    @rule(n=which, by=somebody, later=days, reason=words)
    def ask_for_more_time(self, n: int, by: str, later: int, reason: str) -> None:
        by = self._carrier(n) if by == MAY else by
        wanted = date(2026, 6, 30) + timedelta(days=later)
        given: dict[str, Any] = {"wanted_on": wanted, "reason": reason, "progress": "过半", "by": by}
        self._try(lambda: ask_extension(self.session, self.ids[n], **given, sender=SENDER, now=self.now))

    @rule(n=which, by=somebody, number=latest, grant=sampled_from(Grant), later=days, comment=words)
    def decide_about_more_time(self, n: int, by: str, number: int, grant: Grant, later: int, comment: str) -> None:
        by = deciders(self.session, self.ids[n], on=self.now.date())[0] if by == MAY else by
        number = number or len(extensions_of(self.session, self.ids[n]))
        until = date(2026, 6, 30) + timedelta(days=later) if grant is Grant.GRANTED else None
        given: dict[str, Any] = {"grant": grant, "granted_on": until, "comment": comment, "by": by}
        self._try(lambda: decide_extension(self.session, self.ids[n], number, **given, sender=SENDER, now=self.now))

    @rule(n=which, by=somebody, to=sampled_from((CARRIER, COLLEAGUE, CONTACT)), reason=words)
    def give_to_a_colleague(self, n: int, by: str, to: str, reason: str) -> None:
        by = self._carrier(n) if by == MAY else by
        self._try(lambda: reassign(self.session, self.ids[n], to=to, reason=reason, by=by, sender=SENDER, now=self.now))

    @rule(n=which, decision=sampled_from((ByHand.COMPLETED, ByHand.FAILED, ByHand.FAILED, ByHand.CANCELLED)), reason=words, rarely=rare)
    def decide_by_hand(self, n: int, decision: ByHand, reason: str, rarely: bool) -> None:
        if not rarely:
            return
        self._try(lambda: decide_by_hand(self.session, self.ids[n], decision, reason=reason, by=OFFICER, sender=SENDER, now=self.now))

    @rule(reason=words, rarely=rare)
    def withdraw(self, reason: str, rarely: bool) -> None:
        given: dict[str, Any] = {"year": 2026, "title": "", "numbers": ["7"], "reason": reason, "by": OFFICER}
        if rarely:  # nothing can be done after it
            self._try(lambda: withdraw_items(self.session, **given, sender=SENDER, now=self.now))

    @rule(person=anybody, substitute=anybody, first=days, long=integers(-1, 20))
    def go_on_leave(self, person: str, substitute: str, first: int, long: int) -> None:
        starts = self.now.date() + timedelta(days=first)
        given: dict[str, Any] = {"starts_on": starts, "ends_on": starts + timedelta(days=long), "reason": "", "by": OFFICER}
        self._try(lambda: stand_in(self.session, person=person, substitute=substitute, **given, sender=SENDER, now=self.now))

    @rule(to=sampled_from((CARRIER, COLLEAGUE, CONTACT)), again=booleans())
    def hand_the_post_over(self, to: str, again: bool) -> None:
        self.session.execute(update(Post).where(Post.id == self.head).values(person_id=self.people[to]))
        hand_over_open(self.session, sender=SENDER, now=self.now)
        if again:
            before = self._stored()
            hand_over_open(self.session, sender=SENDER, now=self.now)
            assert self._stored() == before

    # What holds whatever they do

    @invariant()
    def every_change_of_a_state_is_a_move(self) -> None:
        for assignment_id in self.ids:
            state: AssignmentState | None = None
            row = AssignmentEvent
            rows = self.session.execute(
                select(row.action, row.from_value, row.to_value).where(row.assignment_id == assignment_id).order_by(row.position)
            )
            for action, before, after in rows:
                if action in LEAVES_THE_STATE:
                    continue
                if action == "issue":
                    assert (state, after) == (None, AssignmentState.SENT)
                    state = AssignmentState.SENT
                else:
                    assert before == state
                    state = MOVES[AssignmentState(before or ""), Action(action)]
                    assert after == state
            assert self.session.scalar(select(Assignment.state).where(Assignment.id == assignment_id)) is state

    @invariant()
    def nothing_looks_altered(self) -> None:
        assert altered(self.session, zone=SHANGHAI) == ()

    @invariant()
    def one_request_waits_at_most(self) -> None:
        waiting = self.session.scalars(select(Extension.assignment_id).where(Extension.grant.is_(None))).all()
        assert len(waiting) == len(set(waiting))


Office.TestCase.settings = settings(max_examples=30, stateful_step_count=40)
TestNoSequenceLeavesTheTable = Office.TestCase
