"""An office whose ledger was written by hand, row by row, as docs/follow-up.md wants it: nothing here asks the program what is owed.

The list was issued on Monday 5 January 2026 at nine. 林一 carries a duty that was due on Friday 30 January and is not done; 陈二
one that was due on 20 March, acknowledged late, reported on 20 January and approved on the 27th. It is Tuesday 10 February, four o'clock.
"""

from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from audit.auditing import audit
from audit.faults import AuditReport
from models import Assignment, AssignmentState, Base, Message, MessageState, Notice, NoticeCopy, NoticeOutcome, Person
from notifications.sender import SHANGHAI
from office.workdays import is_workday
from tests import factories

DUE = date(2026, 1, 30)
FIRST, LAST = date(2026, 1, 6), date(2026, 2, 10)
CONTACT, PRINCIPAL, MEMBER, STRANGER = "吴望舒", "周启明", "郑临川", "罗一鸣"

# Whose duty, clock, from, stage, the day, colour, who is told; of what goes up the assignee gets a copy.
ROWS = (
    ("陈二", "acknowledgement", date(2026, 1, 5), "level assignee", date(2026, 1, 8), "blue", "陈二"),
    ("陈二", "acknowledgement", date(2026, 1, 5), "note contact_leader", date(2026, 1, 12), "blue", "陈二"),
    ("陈二", "acknowledgement", date(2026, 1, 5), "level contact_leader", date(2026, 1, 13), "blue", CONTACT),
    ("陈二", "review", date(2026, 1, 20), "review 1", date(2026, 1, 21), "blue", CONTACT),
    ("陈二", "review", date(2026, 1, 20), "review 4", date(2026, 1, 26), "blue", CONTACT),
    ("林一", "completion", DUE, "warning 7", date(2026, 1, 21), "blue", "林一"),
    ("林一", "completion", DUE, "warning 3", date(2026, 1, 27), "blue", "林一"),
    ("林一", "completion", DUE, "warning 1", date(2026, 1, 29), "yellow", "林一"),
    ("林一", "completion", DUE, "level assignee", date(2026, 2, 2), "yellow", "林一"),
    ("林一", "completion", DUE, "note contact_leader", date(2026, 2, 3), "yellow", "林一"),
    ("林一", "completion", DUE, "level contact_leader", date(2026, 2, 4), "red", CONTACT),
    ("林一", "completion", DUE, "note principal", date(2026, 2, 9), "red", "林一"),
    ("林一", "completion", DUE, "level principal", date(2026, 2, 10), "red", PRINCIPAL),
)


def at(day: date, hour: int = 8, minute: int = 30) -> datetime:
    return datetime(day.year, day.month, day.day, hour, minute, tzinfo=SHANGHAI).astimezone(UTC)


NOW = at(LAST, 16, 0)


@dataclass
class Office:
    """Its rows, and what tests do to them."""

    session: Session
    duties: dict[str, Assignment] = field(default_factory=dict)
    people: dict[str, Person] = field(default_factory=dict)
    list_id: int = 0

    def audited(self, now: datetime = NOW, since: date | None = None) -> AuditReport:
        self.session.flush()
        self.session.expire_all()
        return audit(self.session, zone=SHANGHAI, now=now, since=since)

    def happened(self, whose: str, action: str, when: datetime, *, before: str | None = None, after: str | None = None) -> None:
        factories.assignment_event(
            self.session, assignment_id=self.duties[whose].id, action=action, from_value=before, to_value=after, at=when
        )

    def notice(self, whose: str, clock: str, from_on: date, stage: str, day: date, colour: str, told: str, **fields: Any) -> Notice:
        """A row with its mails, as the run of its day wrote it."""
        when = fields.setdefault("decided_at", at(day))
        fields = {"assignment_id": self.duties[whose].id, "clock": clock, "from_on": from_on, "stage": stage, "owed_on": day} | fields
        row = factories.notice(self.session, colour=colour, told=told, **fields)
        if row.outcome in (NoticeOutcome.TOLD, NoticeOutcome.OFFICER):
            for name in dict.fromkeys((told, whose) if stage.startswith("level") else (told,)):
                self.copy(row, self.digest(name, when))
        return row

    def roster(self) -> int:
        """A bureau with its party group and 造林科, which 吴望舒 is in charge of; the id of 造林科."""
        bureau = factories.unit(self.session, name="市林业局", kind="局")
        group = factories.unit(self.session, name="局党组", kind="党组", parent_id=bureau.id)
        section = factories.unit(self.session, name="造林科", parent_id=bureau.id)
        held = (
            *((PRINCIPAL, bureau, "局长"), (PRINCIPAL, group, "党组书记")),
            *((CONTACT, group, "党组成员"), (MEMBER, group, "党组成员"), (CONTACT, section, "分管领导"), ("林一", section, "科长")),
        )
        for name, unit, title in held:
            factories.post(self.session, person_id=self.people[name].id, unit_id=unit.id, title=title)
        return section.id

    def digest(self, name: str, when: datetime, **fields: Any) -> Message:
        """The reader's of that day; a new one where they have none."""
        key = f"digest:{when.astimezone(SHANGHAI).date()}:{name}"
        found = self.session.scalar(select(Message).where(Message.key == key))
        defaults = {"kind": "digest", "state": MessageState.SENT, "due_at": when, "queued_at": when, "sent_at": when}
        if name in self.people:
            defaults |= {"person_id": self.people[name].id, "address": self.people[name].email}
        return found or factories.message(self.session, key=key, **(defaults | fields))

    def decided(self, row: Notice, when: datetime) -> None:
        """The row and its mails, written at another moment."""
        mails = self.session.scalars(select(Message).join(NoticeCopy).where(NoticeCopy.notice_id == row.id)).all()
        self.uncopied(row)
        self.change(row, decided_at=when)
        for mail in mails:
            self.copy(row, self.digest(mail.key.split(":")[2], when))

    def uncopied(self, row: Notice, *names: str) -> None:
        """Without its copies, or those of some readers; the mails stay."""
        for copy, key in self.session.execute(select(NoticeCopy, Message.key).join(Message).where(NoticeCopy.notice_id == row.id)):
            if not names or key.split(":")[2] in names:
                self.session.delete(copy)
        self.session.flush()

    def copy(self, row: Notice, message: Message) -> None:
        self.session.add(NoticeCopy(notice_id=row.id, message_id=message.id))
        self.session.flush()

    def row(self, whose: str, stage: str, clock: str = "completion") -> Notice:
        wanted = select(Notice).where(Notice.assignment_id == self.duties[whose].id, Notice.stage == stage, Notice.clock == clock)
        return self.session.scalars(wanted).one()

    def drop(self, row: Notice) -> None:
        """The row and its copies; the mails stay."""
        self.uncopied(row)
        self.session.delete(row)
        self.session.flush()

    def change_duty(self, whose: str, **fields: Any) -> None:
        self.change(self.duties[whose], **fields)

    def change(self, row: Base, **fields: Any) -> None:
        for name, value in fields.items():
            setattr(row, name, value)
        self.session.flush()


def office(session: Session) -> Office:
    found = Office(session)
    for name in ("林一", "陈二", CONTACT, PRINCIPAL, MEMBER, STRANGER):
        found.people[name] = factories.person(session, name=name)
        factories.message(session, person_id=found.people[name].id, address=found.people[name].email)  # the list's, of its issue
    section = found.roster()
    listed = factories.responsibility_list(session, title="年度清单", issued_at=factories.NOW)
    found.list_id = listed.id
    for number, (name, due_on, state) in enumerate(
        (("林一", DUE, AssignmentState.ACKNOWLEDGED), ("陈二", date(2026, 3, 20), AssignmentState.CLOSED)), start=1
    ):
        step = factories.step(session, item_id=factories.item(session, list_id=listed.id, number=str(number)).id)
        person_id = found.people[name].id
        fields = {"person_id": person_id, "unit_id": section, "leader_id": found.people[CONTACT].id}
        found.duties[name] = factories.assignment(session, step_id=step.id, due_on=due_on, state=state, **fields)
        found.happened(name, "issue", factories.NOW, after="sent")
    found.happened("林一", "acknowledge", at(date(2026, 1, 6), 10), before="sent", after="acknowledged")
    found.happened("陈二", "acknowledge", at(date(2026, 1, 14), 10), before="sent", after="acknowledged")
    found.happened("陈二", "report", at(date(2026, 1, 20), 10), before="acknowledged", after="reported")
    found.happened("陈二", "approve", at(date(2026, 1, 27), 15), before="reported", after="closed")
    for row in ROWS:
        found.notice(*row)
    for ahead in range((LAST - FIRST).days + 1):
        if is_workday(day := FIRST + timedelta(days=ahead)):
            factories.follow_up_run(session, at=at(day), on_day=day)
    return found
