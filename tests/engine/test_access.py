"""Links into the portal: whom they stand for, and when they open nothing."""

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy.orm import Session

from engine.access import (
    Fault,
    NoEntry,
    Scope,
    calendar_address,
    evidence_addresses,
    form_mark,
    link_of,
    links_of,
    prepare,
    revoke,
    unsubscribe_links,
    visitor,
)
from engine.moves import OFFICER
from notifications.sender import Sender
from office.text import Refused
from tests import factories
from tests.factories import NOW, TODAY

SENDER = Sender("责任清单 <zeren@office.example>", portal_url="https://duties.example")


def token_of(address: str) -> str:
    return address.removeprefix("https://duties.example/l/").partition("/")[0]


def fault_of(session: Session, token: str, scope: Scope = Scope.ANSWER, *, sender: Sender = SENDER, days: int = 0) -> Fault:
    with pytest.raises(NoEntry) as refused:
        visitor(session, token, scope, sender=sender, now=NOW + timedelta(days=days))
    return refused.value.fault


def test_a_link_stands_for_the_person_it_was_made_for(session: Session) -> None:
    person = factories.person(session)
    address = link_of(session, person.name, sender=SENDER, now=NOW, to="/duties/12")
    assert address.endswith("/duties/12")
    seen = visitor(session, token_of(address), Scope.ANSWER, sender=SENDER, now=NOW)
    assert (seen.holder, seen.person_id, seen.is_officer) == (person.name, person.id, False)


def test_the_officer_has_a_link_without_being_in_the_roster(session: Session) -> None:
    token = token_of(link_of(session, OFFICER, sender=SENDER, now=NOW))
    assert visitor(session, token, Scope.ANSWER, sender=SENDER, now=NOW).is_officer


def test_without_a_portal_there_are_no_links(session: Session) -> None:
    assert links_of(session, ["林一"], sender=replace(SENDER, portal_url=""), now=NOW) == {}
    assert link_of(session, "林一", sender=replace(SENDER, portal_url=""), now=NOW) == ""


def test_a_changed_token_is_forged(session: Session) -> None:
    token = token_of(link_of(session, factories.person(session).name, sender=SENDER, now=NOW))
    for place in range(len(token) - 1):  # the last letter holds two bits that mean nothing
        other = "A" if token[place] != "A" else "B"
        assert fault_of(session, token[:place] + other + token[place + 1 :]) is Fault.FORGED
    for wrong in ("", ".", "a.b", token[:-1], token + "x", "\x00", "中文"):
        assert fault_of(session, wrong) is Fault.FORGED


def test_a_token_of_another_secret_is_forged(session: Session) -> None:
    token = token_of(link_of(session, factories.person(session).name, sender=replace(SENDER, secret_key="another"), now=NOW))
    assert fault_of(session, token) is Fault.FORGED


def test_a_link_is_good_on_its_last_day_and_not_after_it(session: Session) -> None:
    token = token_of(link_of(session, factories.person(session).name, sender=SENDER, now=NOW))
    assert visitor(session, token, Scope.ANSWER, sender=SENDER, now=NOW + timedelta(days=180))
    assert fault_of(session, token, days=181) is Fault.EXPIRED


def test_revoked_links_are_void_and_new_ones_are_good(session: Session) -> None:
    name = factories.person(session).name
    old = token_of(link_of(session, name, sender=SENDER, now=NOW))
    calendar = calendar_address(session, name, sender=SENDER, now=NOW).rpartition("/")[2].removesuffix(".ics")
    revoke(session, name, now=NOW)
    assert fault_of(session, old) is Fault.REVOKED
    assert fault_of(session, calendar, Scope.CALENDAR) is Fault.REVOKED
    new = token_of(link_of(session, name, sender=SENDER, now=NOW))
    assert visitor(session, new, Scope.ANSWER, sender=SENDER, now=NOW).holder == name
    with pytest.raises(Refused):
        revoke(session, "林某某", now=NOW)


def test_who_has_left_the_roster_gets_in_no_more(session: Session) -> None:
    person = factories.person(session)
    token = token_of(link_of(session, person.name, sender=SENDER, now=NOW))
    person.left_on = TODAY
    session.flush()
    assert fault_of(session, token) is Fault.REVOKED


def test_a_calendar_link_only_reads_dates_and_an_evidence_link_opens_one_file(session: Session) -> None:
    prepare(session, sender=SENDER, now=NOW)
    calendar = calendar_address(session, factories.person(session).name, sender=SENDER, now=NOW)
    token = calendar.rpartition("/")[2].removesuffix(".ics")
    assert fault_of(session, token) is Fault.FORGED
    address = evidence_addresses(session, [(7, NOW)], sender=SENDER, now=NOW)[7]
    token = address.rpartition("/")[2]
    assert fault_of(session, token) is Fault.FORGED
    assert visitor(session, token, Scope.EVIDENCE, sender=SENDER, now=NOW).subject == 7


def test_an_unsubscribing_link_allows_that_alone(session: Session) -> None:
    one, other = factories.person(session), factories.person(session)
    links = unsubscribe_links(session, [one.name, other.name], sender=SENDER, now=NOW)
    assert list(links) == [one.name, other.name]
    token = links[one.name].removeprefix("https://duties.example/unsubscribe/")
    assert visitor(session, token, Scope.UNSUBSCRIBE, sender=SENDER, now=NOW + timedelta(days=400)).holder == one.name
    assert fault_of(session, token, Scope.UNSUBSCRIBE, days=401) is Fault.EXPIRED
    assert [fault_of(session, token, scope) for scope in (Scope.ANSWER, Scope.CALENDAR, Scope.EVIDENCE)] == [Fault.FORGED] * 3
    answer = token_of(link_of(session, one.name, sender=SENDER, now=NOW))
    assert fault_of(session, answer, Scope.UNSUBSCRIBE) is Fault.FORGED
    assert unsubscribe_links(session, [one.name], sender=replace(SENDER, portal_url=""), now=NOW) == {}


def test_evidence_has_the_same_address_each_time(session: Session) -> None:
    assert evidence_addresses(session, [(7, NOW)], sender=SENDER, now=NOW) == {}
    prepare(session, sender=SENDER, now=NOW)
    first = evidence_addresses(session, [(7, NOW)], sender=SENDER, now=NOW)
    assert evidence_addresses(session, [(7, NOW), (8, NOW)], sender=SENDER, now=NOW + timedelta(days=30))[7] == first[7]


def test_the_mark_of_a_form_is_that_of_one_holder(session: Session) -> None:
    def mark(name: str, day: int = 0) -> str:
        token = token_of(link_of(session, name, sender=SENDER, now=NOW + timedelta(days=day)))
        seen = visitor(session, token, Scope.ANSWER, sender=SENDER, now=NOW)
        return form_mark(session, seen, sender=SENDER, now=NOW)

    one, other = factories.person(session).name, factories.person(session).name
    assert mark(one) == mark(one, day=3)  # a form that is open while the link of another mail is opened
    assert mark(one) != mark(other)


def test_two_links_of_one_moment_are_one_key(session: Session) -> None:
    name = factories.person(session).name
    assert links_of(session, [name, name], sender=SENDER, now=NOW) == links_of(session, [name], sender=SENDER, now=NOW)
