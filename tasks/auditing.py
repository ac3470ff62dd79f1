"""核对督办: one look at the ledger, and the mail to the officer where something is wrong with it."""

from datetime import date, datetime, time, timedelta

from prefect import task
from sqlalchemy import select
from sqlalchemy.orm import Session

from audit.auditing import audit
from audit.faults import KIND_WORDS, AuditReport
from board import links
from models import Message
from notifications import ledger
from notifications.audit import AuditNotice, compose_audit
from notifications.reading import message_text
from notifications.sender import Sender
from office.workdays import is_workday, mail_time
from tasks.artifacts import AUDIT_KEY
from tasks.environment import now, open_reading, open_transaction, sender, ui_url, zone
from tasks.refusals import PAUSES, may_pass

LINES_MAILED = 30
KEY = "audit:"


@task(task_run_name="核对应发与已发的通知", retries=len(PAUSES), retry_delay_seconds=PAUSES, retry_condition_fn=may_pass)
def audit_ledger(since: date | None) -> AuditReport:
    """What should have been said until now, compared with what was."""
    with open_reading() as session:
        return audit(session, zone=zone(), now=now(), since=since)


@task(task_run_name="告知计划员", retries=len(PAUSES), retry_delay_seconds=PAUSES, retry_condition_fn=may_pass)
def tell_the_officer(report: AuditReport) -> bool:
    """Queue the mail of the day; whether there is one. None on days off, and the same result is mailed once a week only."""
    at, office = now(), sender()
    today = at.astimezone(office.zone).date()
    if not report.faults or not is_workday(today):
        return False
    page = links.key_page(ui_url(), AUDIT_KEY)
    notice = AuditNotice(
        officer=office.officer_name,
        address=office.officer_address,
        on=today,
        counts=tuple((KIND_WORDS[kind], count) for kind, count in report.counts.items()),
        lines=tuple(fault.line(office.language) for fault in report.faults[:LINES_MAILED]),
        left_out=max(0, len(report.faults) - LINES_MAILED),
        code=report.code,
        page=page.present,
        new_page=page.new,
    )
    with open_transaction() as session:
        if _mailed_this_week(session, report.code, today, office):
            return False
        mail = compose_audit(notice, office, key=f"{KEY}{today}", now=at)
        return ledger.queue(session, [mail], now=at, due_at=mail_time(at, office.zone)) > 0


def _mailed_this_week(session: Session, code: str, today: date, office: Sender) -> bool:
    """Whether the last of this week's mails had the same result."""
    monday = datetime.combine(today - timedelta(days=today.weekday()), time.min, office.zone)
    sent = select(Message.id).where(Message.key.startswith(KEY, autoescape=True), Message.queued_at >= monday)
    last = session.scalar(sent.order_by(Message.id.desc()).limit(1))
    return last is not None and code in message_text(session, last)
