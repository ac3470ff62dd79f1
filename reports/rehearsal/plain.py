"""The report as plain JSON values: everything that was counted, nothing left out. Days as `YYYY-MM-DD`, weeks by their Monday."""

from typing import Any

from engine.rehearsal_figures import Figures, Gap, ProfileFigures
from office.text import Language
from reports.rehearsal.differences import policy_differences


def plain(first: Figures, second: Figures | None = None, *, language: Language) -> dict[str, Any]:
    """One report; with a second policy its profiles and the differences beside it."""
    compared = None
    if second is not None:
        differences = policy_differences(first.policy, second.policy)
        compared = {**_policy(second), "differences": [each._asdict() for each in differences]}
    return {
        "title": first.title,
        "year": first.year,
        "issued_on": first.issued_on.isoformat(),
        "items": first.items,
        "assignments": first.assignments,
        "waiting": first.waiting,
        "unowned": first.unowned,
        **_policy(first),
        "days_off": [
            {"holiday": each.holiday.in_(language), "deadlines": each.deadlines, "days": {on.isoformat(): count for on, count in each.days}}
            for each in first.days_off
        ],
        "deadlines_by_month": {f"{month:%Y-%m}": count for month, count in first.months.items()},
        "many": first.many,
        "crowded_months": [{"person": each.person, "month": f"{each.month:%Y-%m}", "deadlines": each.deadlines} for each in first.crowded],
        "empty_levels": [_gap(gap, language) for gap in first.gaps],
        "doubts": [doubt.in_(language) for doubt in first.doubts],
        "compared": compared,
        "problems": [],
    }


def _policy(one: Figures) -> dict[str, Any]:
    return {
        "policy": {"name": one.policy_name, "sha256": one.policy.digest},
        "profiles": {profile.behaviour.name: _profile(profile) for profile in one.profiles},
    }


def _profile(profile: ProfileFigures) -> dict[str, Any]:
    busiest = profile.busiest
    return {
        "mails": profile.mails,
        "mails_by_kind": {kind.value: count for kind, count in profile.kinds.items()},
        "weeks": {week.isoformat(): sum(kinds.values()) for week, kinds in profile.weeks.items()},
        "people": {
            person.name: {"mails": person.mails, "weeks": {week.isoformat(): count for week, count in person.weeks.items()}}
            for person in profile.people
        },
        "busiest_week": {"person": busiest[0], "week": busiest[1].isoformat(), "mails": busiest[2]} if busiest else None,
        "peak_days": [{"day": peak.on.isoformat(), "mails": peak.mails, "people": peak.people} for peak in profile.peaks],
        "over_the_day": profile.over_the_day,
        "notices": dict(profile.said),
        "upwards": {up.level.name.lower(): {"duties": up.duties, "people": dict(up.notices)} for up in profile.upwards},
        "to_the_officer": profile.to_the_officer,
    }


def _gap(gap: Gap, language: Language) -> dict[str, Any]:
    return {
        "level": gap.level.name.lower(),
        "of": gap.of,
        "why": [line.in_(language) for line in gap.why],
        "instead": list(gap.instead),
        "duties": gap.duties,
        "from": gap.from_on.isoformat() if gap.from_on else None,
        "until": gap.until_on.isoformat() if gap.until_on else None,
    }
