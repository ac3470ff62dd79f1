"""例会: what is prepared for the next one, and what it decided, each in one transaction."""

from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from prefect import task
from prefect.artifacts import create_markdown_artifact, create_table_artifact

from board.meeting_page import meeting_page
from board.page_parts import Page
from engine.loading import in_words
from engine.meeting_decisions import Decided, record_decisions
from engine.meeting_material import Material
from engine.meetings import NotNow, Prepared, last_meeting, prepare_again, prepare_meeting
from notifications.mime import Attachment
from office.text import Refused, Text
from reports.meeting_report import attached
from tasks.environment import now, open_reading, open_rehearsal, open_transaction, policy, sender, zone
from tasks.refusals import PAUSES, may_pass


@dataclass(frozen=True, slots=True)
class PreparedMeeting:
    """What was prepared: the page of the material, and who was asked for progress."""

    held_on: date
    page: Page
    open: int
    overdue: int
    asked: tuple[str, ...]
    without_address: tuple[str, ...]
    again: bool  # made anew: nobody was asked


class MeetingMeant(NamedTuple):
    held_on: date
    named: bool  # False: the last meeting was taken


@task(task_run_name="准备下一次例会", retries=len(PAUSES), retry_delay_seconds=PAUSES, retry_condition_fn=may_pass)
def prepare_next_meeting() -> PreparedMeeting | NotNow:
    """Queue the material and the requests where the next meeting is near and was not prepared; or why nothing is done."""
    with open_transaction() as session:
        prepared = prepare_meeting(session, policy().meeting, _as_file, sender=sender(), now=now())
    return _shown(prepared) if isinstance(prepared, Prepared) else prepared


@task(task_run_name="重新准备例会材料", retries=len(PAUSES), retry_delay_seconds=PAUSES, retry_condition_fn=may_pass)
def prepare_material_again() -> PreparedMeeting | NotNow:
    """Make the material of the next meeting anew, for the officer alone; or why nothing is done."""
    with open_transaction() as session:
        prepared = prepare_again(session, policy().meeting, _as_file, sender=sender(), now=now())
    return _shown(prepared) if isinstance(prepared, Prepared) else prepared


def _as_file(material: Material) -> Attachment:
    return attached(material, language=sender().language)


def _shown(prepared: Prepared) -> PreparedMeeting:
    of = prepared.material
    asked = prepared.asked
    return PreparedMeeting(
        held_on=of.held_on,
        page=meeting_page(of),
        open=of.total.tally.open,
        overdue=len(of.overdue),
        asked=asked.people,
        without_address=asked.without_address,
        again=prepared.again,
    )


def show_material(prepared: PreparedMeeting) -> None:
    """The material as a page; its key stays with the meeting."""
    page = prepared.page
    create_markdown_artifact(key=page.key, description=page.name, markdown=page.markdown)


@task(task_run_name="登记议定事项", retries=len(PAUSES), retry_delay_seconds=PAUSES, retry_condition_fn=may_pass)
def issue_decisions(meant: MeetingMeant, written: str) -> Decided:
    """Issue what was decided, with its mails, together or not at all."""
    with open_transaction() as session:
        return record_decisions(session, written, meant.held_on, named=meant.named, policy=policy(), sender=sender(), now=now())


@task(task_run_name="预览议定事项", retries=len(PAUSES), retry_delay_seconds=PAUSES, retry_condition_fn=may_pass)
def preview_decisions(meant: MeetingMeant, written: str) -> Decided:
    """What issuing them would do; nothing is stored."""
    with open_rehearsal() as session:
        if session is None:
            raise Refused(Text("还没有名册：请先载入名册", "There is no roster yet: load it first"))
        return record_decisions(session, written, meant.held_on, named=meant.named, policy=policy(), sender=sender(), now=now())


def show_decisions(decided: Decided, *, issued: bool) -> None:
    """The decisions as they are understood, and what is asked about them."""
    key = f"meeting-decisions-{decided.held_on}"
    title = decided.issued.title if issued else f"{decided.issued.title}（预览）"
    create_table_artifact(
        key=key if issued else f"{key}-preview",
        description=f"{title}：{in_words(decided.issued, rehearsed=not issued).zh}",
        table=[
            {
                "序号": number,
                "事项": duty.content,
                "责任主体": "、".join(duty.parties),
                "配合": "、".join(duty.assisting),
                "责任领导": "、".join(duty.leaders),
                "完成时限": duty.phrase,
                "到期": "、".join(f"{day}" for day in duty.due),
            }
            for number, duty in enumerate(decided.duties, 1)
        ],
    )
    if decided.questions:
        create_table_artifact(
            key=f"{key}-questions", description=f"{title}：请核对", table=[{"内容": question.zh} for question in decided.questions]
        )


def meeting_meant(written: str) -> MeetingMeant:
    """The day of the form; the last meeting, today's included, where it is left empty. Refused for what is no date."""
    if written.strip():
        try:
            return MeetingMeant(date.fromisoformat(written.strip()), named=True)
        except ValueError:
            raise Refused(Text(f"会议日期应写成 2026-07-31：{written.strip()}", f"The day is no date: {written.strip()}")) from None
    tomorrow = date.fromordinal(now().astimezone(zone()).date().toordinal() + 1)
    with open_reading() as session:
        return MeetingMeant(last_meeting(session, policy().meeting, tomorrow), named=False)
