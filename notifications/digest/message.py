"""`Digest` → `Mail`."""

from datetime import datetime
from typing import NamedTuple

from notifications.composing import compose
from notifications.digest.context import Digest, DigestGroup, DigestRow, DigestSection
from notifications.mime import WORD_FILE, Attachment, Mail
from notifications.sender import Sender
from notifications.wording import day_in, one_line
from office.policy import COLOUR_WORDS, Colour
from office.text import Language, Text

LONGEST_SUBJECT, LONGEST_TITLE, LONGEST_DETAIL = 120, 80, 120  # characters; the portal has the whole of it


class Hue(NamedTuple):
    """Something that a colour stands for, with the word that says the same."""

    words: Text
    ground: str
    ink: str = "#fff"


LIGHTS = {
    "red": Hue(Text("红灯", "red"), "#d93025"),
    "yellow": Hue(Text("黄灯", "yellow"), "#e0a100"),
    "green": Hue(Text("绿灯", "green"), "#2e9e5b"),
}
NOTICES = {
    Colour.BLUE: Hue(COLOUR_WORDS[Colour.BLUE], "#1b5a9c"),
    Colour.YELLOW: Hue(COLOUR_WORDS[Colour.YELLOW], "#ffe9b8", "#7a5200"),
    Colour.RED: Hue(COLOUR_WORDS[Colour.RED], "#b3261e"),
}


class RowView(NamedTuple):
    """One row as both the text and the HTML show it. What is empty or None is not shown."""

    title: str
    detail: str  # of the step, where it says more than the content
    light: Hue | None
    badge: Hue | None  # of the notice that is new today
    due: str
    said: tuple[str, ...]
    whose: str  # who answers for it and who carries it, as far as the reader does not know
    last_said: str
    link: str
    more_time: str
    is_own: bool  # the reader carries it


class GroupView(NamedTuple):
    name: str
    light: Hue | None  # the worst of its rows'
    total: int
    rows: tuple[RowView, ...]


class SectionView(NamedTuple):
    heading: str
    total: int
    groups: tuple[GroupView, ...]


def compose_digest(digest: Digest, sender: Sender, *, key: str, person_id: int | None, link: str = "", now: datetime) -> Mail:
    """The digest. `key` is the ledger's: one a person and day. Refuses names and addresses with line breaks in them."""
    language = sender.language
    return compose(
        "digest",
        {
            "subject_words": one_line(digest.subject.in_(language), LONGEST_SUBJECT),
            "first": [sentence.in_(language) for sentence in digest.first],
            "sections": [_section_view(section, digest, language) for section in digest.sections],
            "left_out": digest.left_out,
            "notice_name": digest.notice_name if digest.notice else "",
            "unsubscribe": digest.unsubscribe,
        },
        person=digest.person,
        address=digest.address,
        calendar=b"",
        link=link,
        sender=sender,
        key=key,
        person_id=person_id,
        now=now,
        attachment=Attachment(digest.notice_name, WORD_FILE, digest.notice) if digest.notice else None,
        unsubscribe=digest.unsubscribe,
    )


def _section_view(section: DigestSection, digest: Digest, language: Language) -> SectionView:
    own_parties = {row.party for group in section.groups for row in group.rows if row.person == digest.person}
    several = len(own_parties) > 1
    groups = (
        GroupView(group.name, _worst(group), group.count, tuple(_row_view(row, group, digest, language, several) for row in group.rows))
        for group in section.groups
    )
    return SectionView(section.heading.in_(language), section.count, tuple(groups))


def _worst(group: DigestGroup) -> Hue | None:
    """LIGHTS begins with the worst."""
    return next((hue for light, hue in LIGHTS.items() if any(row.light == light for row in group.rows)), None)


def _row_view(row: DigestRow, group: DigestGroup, digest: Digest, language: Language, has_several_parties: bool) -> RowView:
    content, text = one_line(row.content or row.text, LONGEST_TITLE), one_line(row.text, LONGEST_DETAIL)
    due = day_in(row.due_on, digest.year, language)
    is_own = row.person == digest.person
    return RowView(
        title=f"{content}{Text('（{}）', ' ({})').in_(language).format(row.period)}" if row.period else content,
        detail=text if text != one_line(row.content or row.text, LONGEST_DETAIL) else "",
        light=LIGHTS.get(row.light),
        badge=NOTICES[row.colour] if row.colour else None,
        due=f"{due}到期" if language == "zh" else f"due {due}",
        said=tuple(sentence.in_(language) for sentence in row.said),
        whose=_whose(row.party if has_several_parties or not is_own else "", "" if is_own else row.person, known=group.name),
        last_said=row.last_said.in_(language) if row.last_said else "",
        link=row.link,
        more_time=row.more_time,
        is_own=is_own,
    )


def _whose(party: str, person: str, *, known: str) -> str:
    """第三党支部 林一; without the branch that the group is named after."""
    return " ".join(dict.fromkeys(name for name in (party, person) if name not in ("", known)))
