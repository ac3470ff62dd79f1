"""A year that nobody lives: what is said on which day, to whom, by how people behave."""

from dataclasses import replace
from datetime import date

import pytest

from engine.planning import plan
from engine.rehearsing import BEHAVIOURS, IN_TIME, LATE, NEVER, Behaviour, MailKind, Rehearsal, Year
from intake.values import Parties, PostRow, Roster
from office.policy import Level, Policy, default_policy, read_policy
from tests import factories
from tests.factories import TODAY, roster_value

TITLE = "2026年度责任清单"
DUE = date(2026, 6, 30)


def rehearsal(*parties: str, due_on: date = DUE, roster: Roster | None = None, issued_on: date = TODAY) -> Rehearsal:
    """One duty of each of these parties."""
    step = factories.step_value(deadline=factories.deadline_value(due_on))
    items = [
        factories.item_value(content=f"第{n}项", number=str(n), steps=(step,), parties=Parties(lead=(party,)))
        for n, party in enumerate(parties, start=1)
    ]
    roster = roster or roster_value()
    return Rehearsal(plan(items, roster, year=2026, title=TITLE, issued_on=issued_on), roster, title=TITLE, issued_on=issued_on)


def lived(behaviour: Behaviour, *parties: str, policy: Policy | None = None, due_on: date = DUE, roster: Roster | None = None) -> Year:
    return rehearsal(*parties, due_on=due_on, roster=roster).live(policy or default_policy(), behaviour)


def said(year: Year) -> list[tuple[str, str, str]]:
    """Day, stage, whom: of what is told."""
    return [(f"{each.on:%m-%d}", each.stage.name, "、".join(each.reached.people)) for each in year.notices if each.told]


def mails(year: Year) -> list[tuple[str, str, str]]:
    return [(f"{mail.on:%m-%d}", mail.person, mail.kind.value) for mail in year.mails]


def test_in_time_there_are_warnings_and_nothing_is_chased() -> None:
    year = lived(IN_TIME, "造林科")
    assert said(year) == [
        ("06-18", "warning 7", "孟松年"),
        ("06-25", "warning 3", "孟松年"),
        ("06-29", "warning 1", "孟松年"),
    ]
    assert mails(year) == [
        ("01-05", "孟松年", "issued"),
        ("06-18", "孟松年", "digest"),
        ("06-25", "孟松年", "digest"),
        ("06-29", "孟松年", "digest"),
        ("06-30", "孟松年", "decided"),
    ]


def test_late_it_goes_up_to_the_contact_leader_and_no_further() -> None:
    assert said(lived(LATE, "造林科")) == [
        ("01-08", "level assignee", "孟松年"),  # not acknowledged on the third working day
        ("06-18", "warning 7", "孟松年"),
        ("06-25", "warning 3", "孟松年"),
        ("06-29", "warning 1", "孟松年"),
        ("07-01", "level assignee", "孟松年"),
        ("07-02", "note contact_leader", "孟松年"),
        ("07-03", "level contact_leader", "吴望舒"),
        ("07-08", "review 1", "吴望舒"),  # reported on the fifth working day, the seventh
    ]


def test_never_it_goes_up_to_the_party_group() -> None:
    assert said(lived(NEVER, "造林科")) == [
        ("01-08", "level assignee", "孟松年"),
        ("01-12", "note contact_leader", "孟松年"),
        ("01-13", "level contact_leader", "吴望舒"),
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


def test_never_each_duty_reaches_the_party_group_once() -> None:
    year = lived(NEVER, "各支部", "各科室", "市苗圃站", "清河县林业局", due_on=date(2026, 12, 31))
    reached = [each.assignment for each in year.notices if each.stage.name == "level party_group"]
    assert sorted(reached) == list(range(9))
    assert {each.on for each in year.notices if each.stage.name == "level party_group"} == {date(2027, 1, 22)}  # in the next year


@pytest.mark.parametrize("urgent", ["", "[urgent]\nparty_group = 1\n[acknowledgement]\nassignee = 1\ncontact_leader = 1\n"])
@pytest.mark.parametrize("due_on", [DUE, date(2026, 2, 17), date(2026, 10, 4), date(2026, 1, 5)], ids=str)
def test_in_time_nothing_goes_up_however_short_the_days(urgent: str, due_on: date) -> None:
    policy = read_policy(f'{urgent}[[exceptions]]\nlist = "{TITLE}"\nurgent = {str(bool(urgent)).lower()}\n', place="policy.toml")
    year = lived(IN_TIME, "各支部", "造林科", policy=policy, due_on=due_on)
    assert [each for each in year.notices if each.stage.goes_up] == []


def test_an_exception_by_address_is_rehearsed() -> None:
    text = f'[[exceptions]]\nlist = "{TITLE}"\nitem = "Sheet1!B2"\nwarning = {{ before = [2] }}'
    assert said(lived(IN_TIME, "造林科", policy=read_policy(text, place="policy.toml"))) == [("06-26", "warning 2", "孟松年")]


def test_what_is_to_be_made_up_has_until_the_day_of_issue() -> None:
    year = lived(LATE, "造林科", due_on=date(2025, 12, 1))
    assert said(year)[:2] == [("01-06", "level assignee", "孟松年"), ("01-07", "note contact_leader", "孟松年")]


def test_an_empty_level_is_passed_over_to_the_next() -> None:
    year = lived(NEVER, "清河县林业局")  # no leader in charge, and its head has no mail address
    levels = {each.stage.name: each.reached for each in year.notices if each.stage.clock.value == "completion" and each.stage.goes_up}
    assert levels["level contact_leader"].level is Level.PRINCIPAL
    assert levels["level contact_leader"].people == ("周启明",)
    assert [line.zh for line in levels["level contact_leader"].skipped] == ["联系领导空缺"]


def test_where_nobody_can_be_told_the_officer_is() -> None:
    whole = roster_value()
    silent = replace(whole, people=tuple(replace(person, email=None) for person in whole.people))
    year = lived(NEVER, "造林科", roster=silent)
    assert {mail.person for mail in year.mails} == {"计划员"}
    assert all(each.reached.people == () for each in year.notices)


def test_everything_of_a_person_is_one_digest_a_day() -> None:
    year = lived(NEVER, "造林科", "机关第二党支部", "机关第一党支部")
    digests = [(mail.on, mail.person) for mail in year.mails if mail.kind is MailKind.DIGEST]
    assert len(digests) == len(set(digests))
    (day,) = [mail for mail in year.mails if (mail.on, mail.person) == (date(2026, 6, 18), "孟松年")]
    assert day.notices == 2


def test_the_assignee_has_a_copy_of_what_goes_up() -> None:
    year = lived(NEVER, "造林科")
    readers = [mail.person for mail in year.mails if mail.on == date(2026, 7, 3)]
    assert sorted(readers) == ["吴望舒", "孟松年"]


def test_nothing_is_said_on_days_off() -> None:
    year = lived(NEVER, "各支部", due_on=date(2026, 10, 1))
    assert {each.on for each in year.notices} & {date(2026, 10, day) for day in range(1, 8)} == set()


def test_a_duty_that_nobody_carries_is_not_answered() -> None:
    year = lived(IN_TIME, "信息科")  # has no head
    assert "level party_group" in [stage for _, stage, _ in said(year)]
    assert [mail for mail in year.mails if mail.kind is MailKind.DECIDED] == []


def with_a_successor() -> Roster:
    """孟松年 leaves 造林科 on a Friday, 何青禾 follows on the Saturday."""
    whole = roster_value()
    posts = (replace(post, ends_on=date(2026, 6, 26)) if (post.person, post.unit) == ("孟松年", "造林科") else post for post in whole.posts)
    return replace(whole, posts=(*posts, PostRow("何青禾", "造林科", "科长", date(2026, 6, 27))))


def test_the_successor_is_told_on_the_next_working_day_and_from_then_on() -> None:
    year = lived(IN_TIME, "造林科", roster=with_a_successor())
    assert [(each.on, each.person) for each in year.taken_over] == [(date(2026, 6, 29), "何青禾")]
    assert mails(year)[1:] == [
        ("06-18", "孟松年", "digest"),
        ("06-25", "孟松年", "digest"),
        ("06-29", "何青禾", "handover"),  # the last warning is of this day: they were told
        ("06-30", "何青禾", "decided"),
    ]


def test_a_successor_who_does_not_acknowledge_has_a_clock_of_their_own() -> None:
    year = lived(NEVER, "造林科", roster=with_a_successor())
    acknowledgements = [each for each in year.notices if each.stage.clock.value == "acknowledgement" and each.told]
    assert [(f"{each.on:%m-%d}", each.stage.from_on) for each in acknowledgements] == [
        *((day, TODAY) for day in ("01-08", "01-12", "01-13")),
        *((day, date(2026, 6, 29)) for day in ("07-02", "07-06", "07-07")),
    ]


@pytest.mark.parametrize("behaviour", BEHAVIOURS, ids=lambda behaviour: behaviour.name)
def test_a_list_issued_on_a_day_off_is_mailed_on_the_next_working_day(behaviour: Behaviour) -> None:
    year = rehearsal("造林科", issued_on=date(2026, 1, 10)).live(default_policy(), behaviour)
    assert mails(year)[0] == ("01-12", "孟松年", "issued")


def test_the_same_year_twice_is_the_same() -> None:
    one = rehearsal("各支部", "造林科", roster=with_a_successor())
    assert one.live(default_policy(), LATE) == one.live(default_policy(), LATE)
