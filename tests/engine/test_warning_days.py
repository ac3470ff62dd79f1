"""Whoever asks how a duty stands gets one answer: that of the policy of its list."""

from collections.abc import Callable
from datetime import UTC, date, datetime

import pytest
from sqlalchemy.orm import Session

from board.cards import card_of
from board.duties import duties
from engine.answering import own_duties
from engine.completion import Completion
from engine.listing import listed_assignments
from engine.policies import adopt
from engine.reviewing import standing
from engine.standing import year_standing
from engine.status import status
from notifications.sender import SHANGHAI as ZONE
from office.policy import read_policy
from tests import factories

NOW = datetime(2026, 6, 16, 1, tzinfo=UTC)  # the ninth working day before the last of June: 端午 is on the 19th
TODAY = date(2026, 6, 16)
LONGER = """
[warning]
before = [10, 1]

[[exceptions]]
list = "主体责任清单"
item = "3"
warning = { before = [2] }

[[exceptions]]
list = "主体责任清单"
item = "领导班子!B26"
warning = { before = [2] }
"""


def duty(session: Session, list_id: int, number: str, person_id: int, *, address: str = "Sheet1!B2") -> int:
    step = factories.step(session, item_id=factories.item(session, list_id=list_id, number=number, address=address).id)
    return factories.assignment(session, step_id=step.id, person_id=person_id, due_on=date(2026, 6, 30)).id


def as_the_portal(session: Session, person_id: int) -> dict[int, Completion]:
    return {duty.id: duty.completion for duty in own_duties(session, [person_id], zone=ZONE, now=NOW)}


def as_the_command_line(session: Session, person_id: int) -> dict[int, Completion]:
    return {duty.id: duty.completion for duty in listed_assignments(session, zone=ZONE, now=NOW)}


def as_the_board(session: Session, person_id: int) -> dict[int, Completion]:
    ids = list(as_the_portal(session, person_id))
    return {duty.id: card_of(duty, today=TODAY, zone=ZONE).how for duty in duties(session, ids, today=TODAY)}


def as_a_decision(session: Session, person_id: int) -> dict[int, Completion]:
    return {id_: standing(session, id_, zone=ZONE, now=NOW) for id_ in as_the_portal(session, person_id)}


@pytest.mark.parametrize("asked", [as_the_portal, as_the_command_line, as_the_board, as_a_decision])
def test_a_duty_is_due_soon_by_the_policy_of_its_list(session: Session, asked: Callable[[Session, int], dict[int, Completion]]) -> None:
    person = factories.person(session).id
    one, other = (factories.responsibility_list(session, title=title).id for title in ("主体责任清单", "其他清单"))
    usual, excepted, elsewhere = duty(session, one, "1", person), duty(session, one, "3", person), duty(session, other, "1", person)
    adopt(session, [one], read_policy(LONGER, place="policy.toml"), from_on=TODAY, by="计划员", now=NOW)
    assert asked(session, person) == {usual: Completion.DUE_SOON, excepted: Completion.SENT, elsewhere: Completion.SENT}
    assert year_standing(session, 2026, zone=ZONE, now=NOW).total[Completion.DUE_SOON] == 1
    assert status(session, zone=ZONE, now=NOW).standing == {"due_soon": 1, "sent": 2}


@pytest.mark.parametrize("asked", [as_the_portal, as_the_command_line, as_the_board, as_a_decision])
def test_of_items_with_one_number_an_exception_is_for_the_one_at_its_address(
    session: Session, asked: Callable[[Session, int], dict[int, Completion]]
) -> None:
    person, issued = factories.person(session).id, factories.responsibility_list(session, title="主体责任清单").id
    excepted, other = (duty(session, issued, "10", person, address=f"{sheet}!B26") for sheet in ("领导班子", "各支部"))
    adopt(session, [issued], read_policy(LONGER, place="policy.toml"), from_on=TODAY, by="计划员", now=NOW)
    assert asked(session, person) == {excepted: Completion.SENT, other: Completion.DUE_SOON}
    assert year_standing(session, 2026, zone=ZONE, now=NOW).total[Completion.DUE_SOON] == 1
    assert status(session, zone=ZONE, now=NOW).standing == {"due_soon": 1, "sent": 1}
