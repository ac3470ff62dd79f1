from dataclasses import replace
from datetime import date

from engine.rehearsal_figures import Figures, figures_of
from engine.rehearsing import MailKind
from office.policy import Level, default_policy, read_policy
from office.text import Text
from tests.engine.test_rehearsing import rehearsal, with_a_successor
from tests.factories import roster_value


def figures(*parties: str, many: int = 10, **given: object) -> Figures:
    return figures_of(rehearsal(*parties, **given), default_policy(), policy_name="policy.toml", many=many)  # type: ignore[arg-type]


def test_mails_are_counted_by_kind_week_and_person() -> None:
    in_time, _, never = figures("造林科").profiles
    assert in_time.kinds == {MailKind.ISSUED: 1, MailKind.DIGEST: 3, MailKind.DECIDED: 1}
    assert [(person.name, person.mails, person.busiest) for person in in_time.people] == [
        ("孟松年", 5, (date(2026, 6, 29), 2)),
    ]
    assert in_time.busiest == ("孟松年", date(2026, 6, 29), 2)
    assert (in_time.weeks[date(2026, 1, 5)], in_time.weeks[date(2026, 3, 2)]) == ({MailKind.ISSUED: 1}, {})
    assert [(peak.on, peak.mails, peak.people) for peak in never.peaks][:1] == [(date(2026, 7, 21), 4, 4)]


def test_what_goes_up_is_counted_by_the_level_that_is_reached() -> None:
    in_time, late, never = figures("造林科").profiles
    assert [(up.level, up.duties, dict(up.notices)) for up in in_time.upwards] == [
        (Level.CONTACT_LEADER, 0, {}),
        (Level.PRINCIPAL, 0, {}),
        (Level.PARTY_GROUP, 0, {}),
    ]
    assert [dict(up.notices) for up in late.upwards] == [{"吴望舒": 1}, {}, {}]
    assert [dict(up.notices) for up in never.upwards] == [
        {"吴望舒": 2},  # not acknowledged, not reported
        {"周启明": 1},
        {"周启明": 1, "吴望舒": 1, "郑临川": 1},
    ]
    assert (never.said["contact_leader"], never.said["party_group"], never.said["warning"], never.said["note"]) == (2, 1, 3, 4)


def test_somebody_with_more_mails_than_a_day_should_have_is_counted() -> None:
    in_time, *_ = figures(*["造林科"] * 6).profiles
    assert in_time.over_the_day == 1  # six results of reviews on one day


def test_deadlines_on_days_off_are_listed_by_holiday() -> None:
    assert [(each.holiday.zh, each.days) for each in figures("造林科", "办公室", due_on=date(2026, 10, 5)).days_off] == [
        ("国庆", ((date(2026, 10, 5), 2),))
    ]
    assert [each.holiday.zh for each in figures("造林科", due_on=date(2026, 5, 31)).days_off] == ["周末"]
    assert figures("造林科", due_on=date(2026, 10, 10)).days_off == ()  # a Saturday that is worked


def test_months_with_more_deadlines_than_many_are_named_with_who_carries_them_then() -> None:
    found = figures("造林科", "造林科", "办公室", many=1).crowded
    assert [(each.person, each.month, each.deadlines) for each in found] == [("孟松年", date(2026, 6, 1), 2)]
    assert figures("造林科", "造林科", many=2).crowded == ()
    followed = figures("造林科", "造林科", many=1, roster=with_a_successor()).crowded
    assert [each.person for each in followed] == ["何青禾"]


def test_a_level_with_nobody_in_it_says_why_and_whom_it_reaches_instead() -> None:
    whole = roster_value()
    uncovered = replace(whole, contact_points=())
    posts = tuple(post for post in whole.posts if post.title != "分管领导")
    (gap,) = figures("机关第二党支部", roster=replace(uncovered, posts=posts)).gaps
    assert (gap.level, gap.of, gap.why, gap.instead, gap.duties) == (
        Level.CONTACT_LEADER,
        "机关第二党支部",
        (Text("联系领导空缺", "contact leader: vacant"),),
        ("周启明",),
        1,
    )
    assert figures("机关第二党支部").gaps == ()


def test_a_level_that_is_empty_for_a_time_says_from_when() -> None:
    whole = roster_value()
    posts = tuple(replace(post, ends_on=date(2026, 3, 31)) if post.person == "周启明" else post for post in whole.posts)
    (gap,) = figures("造林科", roster=replace(whole, posts=posts)).gaps
    assert (gap.level, gap.instead, gap.from_on, gap.until_on) == (Level.PRINCIPAL, ("吴望舒", "郑临川"), date(2026, 4, 1), None)


def test_a_year_without_any_mail_has_figures_too() -> None:
    whole = roster_value()
    silent = replace(whole, people=tuple(replace(person, email=None) for person in whole.people))
    policy = read_policy("[warning]\nbefore = []\n[review]\nafter = []\n", place="policy.toml")
    in_time, *_ = figures_of(rehearsal("造林科", roster=silent), policy, policy_name="", many=10).profiles
    assert (in_time.mails, in_time.busiest, in_time.peaks) == (0, None, ())
