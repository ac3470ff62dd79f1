"""Rows and values for tests. Each needs no arguments; what a test is about, it names.

Rows take the session, are flushed, and make the rows that they need. Values are plain and need no database.
"""

import hashlib
from datetime import UTC, date, datetime
from itertools import count
from typing import Any, TypeVar

from sqlalchemy import func, select
from sqlalchemy.orm import Session

import models
from intake import values
from models import AssignmentState, MessageState
from models.messages import MessageContent

NOW = datetime(2026, 1, 5, 1, 0, tzinfo=UTC)  # a Monday, nine in the morning in Shanghai
TODAY = date(2026, 1, 5)

_numbers = count(1)
Row = TypeVar("Row", bound=models.Base)


def _stored(session: Session, row: Row) -> Row:
    session.add(row)
    session.flush()
    return row


# Rows


def unit(session: Session, **fields: Any) -> models.Unit:
    number = next(_numbers)
    return _stored(session, models.Unit(**({"name": f"第{number}科", "kind": "科室", "position": number} | fields)))


def person(session: Session, **fields: Any) -> models.Person:
    number = next(_numbers)
    return _stored(session, models.Person(**({"name": f"林某{number}", "email": f"lin{number}@example.com", "position": number} | fields)))


def post(session: Session, **fields: Any) -> models.Post:
    if "person_id" not in fields:
        fields["person_id"] = person(session).id
    if "unit_id" not in fields:
        fields["unit_id"] = unit(session).id
    return _stored(session, models.Post(**({"title": "科长", "position": next(_numbers)} | fields)))


def contact_point(session: Session, **fields: Any) -> models.ContactPoint:
    if "leader_id" not in fields:
        fields["leader_id"] = person(session).id
    if "branch_id" not in fields:
        fields["branch_id"] = unit(session, kind="党支部").id
    return _stored(session, models.ContactPoint(**({"year": 2026, "position": next(_numbers)} | fields)))


def responsibility_list(session: Session, **fields: Any) -> models.ResponsibilityList:
    number = next(_numbers)
    defaults: dict[str, Any] = {
        "year": 2026,
        "title": f"责任清单{number}",
        "file_name": "list.xlsx",
        "content_digest": f"{number:064x}",
        "issued_at": NOW,
    }
    return _stored(session, models.ResponsibilityList(**(defaults | fields)))


def item(session: Session, **fields: Any) -> models.Item:
    if "list_id" not in fields:
        fields["list_id"] = responsibility_list(session).id
    number = next(_numbers)
    defaults: dict[str, Any] = {
        "position": number,
        "address": f"Sheet1!B{number}",
        "number": str(number),
        "section": "",
        "content": f"开展第{number}项工作",
        "standard": "",
        "points": None,
        "remarks": "",
    }
    return _stored(session, models.Item(**(defaults | fields)))


def list_question(session: Session, **fields: Any) -> models.ListQuestion:
    if "list_id" not in fields:
        fields["list_id"] = responsibility_list(session).id
    number = next(_numbers)
    defaults: dict[str, Any] = {"position": number, "address": f"Sheet1!D{number}", "text_zh": "由谁负责？", "text_en": "Whose duty?"}
    return _stored(session, models.ListQuestion(**(defaults | fields)))


def step(session: Session, **fields: Any) -> models.Step:
    if "item_id" not in fields:
        fields["item_id"] = item(session).id
    number = next(_numbers)
    defaults: dict[str, Any] = {
        "position": number,
        "address": f"Sheet1!C{number}",
        "text": f"完成第{number}步",
        "phrase": "6月底前",
        "standing": False,
        "never_closes": False,
    }
    return _stored(session, models.Step(**(defaults | fields)))


def assignment(session: Session, **fields: Any) -> models.Assignment:
    """Of a unit that has no head, unless `person_id` says who carries it."""
    if "step_id" not in fields:
        fields["step_id"] = step(session).id
    owner = session.get(models.Unit, fields["unit_id"]) if fields.get("unit_id") else None
    if owner is None and "unit_id" not in fields:
        owner = unit(session)
    defaults: dict[str, Any] = {
        "natural_key": f"assignment-{next(_numbers)}",
        "party": owner.name if owner else "某人",
        "unit_id": owner.id if owner else None,
        "period": "6月",
        "starts_on": date(2026, 1, 1),
        "due_on": date(2026, 6, 30),
        "make_up": False,
        "state": AssignmentState.SENT,
    }
    return _stored(session, models.Assignment(**(defaults | fields)))


def report(session: Session, **fields: Any) -> models.Report:
    """Of an assignment that waits for its review; the next number of an `assignment_id` that has reports already."""
    if "assignment_id" not in fields:
        fields["assignment_id"] = assignment(session, state=AssignmentState.REPORTED).id
    last = session.scalar(select(func.max(models.Report.number)).where(models.Report.assignment_id == fields["assignment_id"]))
    defaults: dict[str, Any] = {"number": (last or 0) + 1, "text": "已按要求完成", "reported_at": NOW, "reported_by": "林某"}
    return _stored(session, models.Report(**(defaults | fields)))


def progress_note(session: Session, **fields: Any) -> models.ProgressNote:
    if "assignment_id" not in fields:
        fields["assignment_id"] = assignment(session, state=AssignmentState.ACKNOWLEDGED).id
    return _stored(session, models.ProgressNote(**({"text": "已完成一半", "at": NOW, "by": "林某"} | fields)))


def extension(session: Session, **fields: Any) -> models.Extension:
    """A request that nobody has decided; the next number of an `assignment_id` that has requests already."""
    if "assignment_id" not in fields:
        fields["assignment_id"] = assignment(session, state=AssignmentState.ACKNOWLEDGED).id
    last = session.scalar(select(func.max(models.Extension.number)).where(models.Extension.assignment_id == fields["assignment_id"]))
    defaults: dict[str, Any] = {
        "number": (last or 0) + 1,
        "due_on": date(2026, 6, 30),
        "wanted_on": date(2026, 7, 31),
        "reason": "等待上级批复",
        "progress": "已完成一半",
        "asked_at": NOW,
        "asked_by": "林某",
    }
    return _stored(session, models.Extension(**(defaults | fields)))


def evidence(session: Session, **fields: Any) -> models.Evidence:
    if "report_id" not in fields:
        fields["report_id"] = report(session).id
    number = next(_numbers)
    defaults: dict[str, Any] = {"position": number, "name": f"照片{number}", "url": f"https://files.example.com/{number}.jpg"}
    return _stored(session, models.Evidence(**(defaults | fields)))


def message(session: Session, **fields: Any) -> models.Message:
    """With `content` as bytes, which are stored beside it."""
    number = next(_numbers)
    content = fields.pop("content", b"Subject: =?utf-8?b?5Lu75Yqh?=\r\n\r\n...\r\n")
    defaults: dict[str, Any] = {
        "key": f"issued:{number}",
        "kind": "issued",
        "address": f"lin{number}@example.com",
        "subject": "任务通知",
        "message_id": f"<{number}@example.com>",
        "state": MessageState.QUEUED,
        "due_at": NOW,
        "queued_at": NOW,
    }
    row = _stored(session, models.Message(**(defaults | fields)))
    _stored(session, MessageContent(message_id=row.id, content=content))
    return row


def assignment_event(session: Session, **fields: Any) -> models.AssignmentEvent:
    """The issue of an assignment; the next position of an `assignment_id` that has a history. Its digest chains nothing."""
    if "assignment_id" not in fields:
        fields["assignment_id"] = assignment(session).id
    of_it = models.AssignmentEvent.assignment_id == fields["assignment_id"]
    last = session.scalar(select(func.max(models.AssignmentEvent.position)).where(of_it))
    defaults: dict[str, Any] = {
        "position": (last or 0) + 1,
        "action": "issue",
        "from_value": None,
        "to_value": "sent",
        "at": NOW,
        "by": "计划员",
        "reason": "",
        "digest": "0" * 64,
    }
    return _stored(session, models.AssignmentEvent(**(defaults | fields)))


def notice(session: Session, **fields: Any) -> models.Notice:
    if "assignment_id" not in fields:
        fields["assignment_id"] = assignment(session).id
    defaults: dict[str, Any] = {
        "clock": "completion",
        "from_on": date(2026, 6, 30),
        "stage": "warning 7",
        "owed_on": date(2026, 6, 18),
        "decided_at": NOW,
        "outcome": models.NoticeOutcome.TOLD,
        "colour": "blue",
        "told": "林某",
        "skipped": "",
    }
    return _stored(session, models.Notice(**(defaults | fields)))


def follow_up_run(session: Session, **fields: Any) -> models.FollowUpRun:
    defaults: dict[str, Any] = {"at": NOW, "on_day": TODAY, "grounds": "0" * 64, "looked_at": 0, "notices": 0, "mails": 0, "missed": 0}
    return _stored(session, models.FollowUpRun(**(defaults | fields)))


def policy_term(session: Session, *, text: str = "", **fields: Any) -> models.PolicyTerm:
    """`text` is that of the policy, which may be stored already."""
    digest = hashlib.sha256(text.encode()).hexdigest()
    stored = session.scalar(select(models.StoredPolicy).where(models.StoredPolicy.digest == digest))
    stored = stored or _stored(session, models.StoredPolicy(digest=digest, text=text, stored_at=NOW))
    if "list_id" not in fields:
        fields["list_id"] = responsibility_list(session).id
    return _stored(
        session, models.PolicyTerm(**({"policy_id": stored.id, "from_on": TODAY, "decided_at": NOW, "decided_by": "计划员"} | fields))
    )


# Values


def roster_value() -> values.Roster:
    """A bureau with a party group of three, three sections, a station, four branches and a county bureau.

    望山支部 has no contact leader; 信息科 has no head; 罗一鸣 has no address.
    """
    units = (
        ("市林业局", "局", None),
        ("局党组", "党组", "市林业局"),
        ("机关党委", "机关党委", "市林业局"),
        ("办公室", "科室", "市林业局"),
        ("造林科", "科室", "市林业局"),
        ("信息科", "科室", "市林业局"),
        ("市苗圃站", "局属单位", "市林业局"),
        ("机关第一党支部", "党支部", "机关党委"),
        ("机关第二党支部", "党支部", "机关党委"),
        ("苗圃站党支部", "党支部", "市苗圃站"),
        ("望山支部", "党支部", "市苗圃站"),
        ("清河县林业局", "县区局", "市林业局"),
    )
    people = ("周启明", "吴望舒", "郑临川", "何青禾", "孟松年", "石小满", "罗一鸣")
    posts = (
        ("周启明", "局党组", "党组书记"),
        ("周启明", "市林业局", "局长"),
        ("吴望舒", "局党组", "党组成员"),
        ("吴望舒", "市林业局", "副局长"),
        ("吴望舒", "机关党委", "书记"),
        ("吴望舒", "造林科", "分管领导"),
        ("郑临川", "局党组", "党组成员"),
        ("郑临川", "市林业局", "副局长"),
        ("郑临川", "办公室", "分管领导"),
        ("郑临川", "市苗圃站", "分管领导"),
        ("何青禾", "办公室", "主任"),
        ("何青禾", "机关第一党支部", "书记"),
        ("孟松年", "造林科", "科长"),
        ("孟松年", "机关第二党支部", "书记"),
        ("石小满", "市苗圃站", "站长"),
        ("石小满", "苗圃站党支部", "书记"),
        ("石小满", "望山支部", "书记"),
        ("罗一鸣", "清河县林业局", "局长"),
    )
    contacts = (("周启明", "机关第一党支部"), ("吴望舒", "机关第二党支部"), ("郑临川", "苗圃站党支部"))
    return values.Roster(
        units=tuple(values.UnitRow(name, kind, parent, f"单位!A{row}") for row, (name, kind, parent) in enumerate(units, start=2)),
        people=tuple(
            values.PersonRow(name, None if name == "罗一鸣" else f"p{row}@example.com", f"人员!A{row}")
            for row, name in enumerate(people, start=2)
        ),
        posts=tuple(values.PostRow(*post, address=f"职务!A{row}") for row, post in enumerate(posts, start=2)),
        contact_points=tuple(values.ContactPointRow(*point, f"联系点!A{row}") for row, point in enumerate(contacts, start=2)),
    )


def deadline_value(due_on: date = date(2026, 6, 30), **fields: Any) -> values.Deadline:
    """Due once; another shape by its fields."""
    period = values.Period("6月", date(2026, 1, 1), due_on)
    defaults: dict[str, Any] = {"phrase": "6月底前", "periods": (period,)}
    return values.Deadline(**(defaults | fields))


def step_value(**fields: Any) -> values.Step:
    defaults: dict[str, Any] = {"text": "清点苗木", "address": "Sheet1!C2", "deadline": deadline_value()}
    return values.Step(**(defaults | fields))


def item_value(**fields: Any) -> values.Item:
    defaults: dict[str, Any] = {
        "content": "管好苗木",
        "address": "Sheet1!B2",
        "steps": (step_value(),),
        "parties": values.Parties(lead=("造林科",)),
    }
    return values.Item(**(defaults | fields))


def list_reading(**fields: Any) -> values.ListReading:
    defaults: dict[str, Any] = {"title": "2026年度责任清单", "items": (item_value(),)}
    return values.ListReading(**(defaults | fields))
