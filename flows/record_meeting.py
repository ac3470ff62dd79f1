"""登记例会议定事项: what a meeting decided, entered by the officer; it becomes new dated duties, and whom they concern is told."""

from typing import Annotated

from prefect import flow, runtime
from prefect.client.schemas.objects import State
from prefect.states import Completed

from engine.loading import in_words
from engine.meeting_decisions import Decided
from flows.deliver_notices import deliver_notices
from flows.forms import asked
from flows.refusals import failing_with_the_sentence
from tasks.board import bring_up_to_date
from tasks.meetings import issue_decisions, meeting_meant, preview_decisions, show_decisions

HeldOn = Annotated[str, asked("会议日期", "例：2026-07-31；留空则为最近一次例会")]
Decisions = Annotated[str, asked("议定事项", "每行一条：事项 | 责任单位或责任人 | 完成时限 | 责任领导（可不写）")]
Confirmed = Annotated[bool, asked("确认", "不勾选只看预览，不入库、不发信；勾选即下发")]


def run_name() -> str:
    """登记 or its preview, and the day."""
    given = runtime.flow_run.parameters
    return f"{'登记' if given['confirmed'] else '预览'}例会议定事项 {given['held_on']}".rstrip()


@flow(flow_run_name=run_name)
@failing_with_the_sentence
def record_meeting(held_on: HeldOn = "", decisions: Decisions = "", confirmed: Confirmed = False) -> State[None]:
    """Show what would be issued; or issue it, tell whom it concerns, and show it on the board."""
    meant = meeting_meant(held_on)
    taken = "" if meant.named else f"没有填会议日期，按最近一次例会（{meant.held_on}）。"
    if not confirmed:
        previewed = preview_decisions(meant, decisions)
        show_decisions(previewed, issued=False)
        return Completed(message=f"{taken}预览（尚未登记）：{summary(previewed, rehearsed=True)}")
    decided = issue_decisions(meant, decisions)
    show_decisions(decided, issued=True)
    deliver_notices(at_once=False, return_state=True)  # issued even where no mail server answers: the ledger keeps the mail
    bring_up_to_date(False, return_state=True)  # the Prefect server may be down: the board catches up later
    return Completed(message=f"{taken}{summary(decided, rehearsed=False)}")


def summary(decided: Decided, *, rehearsed: bool) -> str:
    """One sentence for the run's last state."""
    issued = decided.issued
    said = f"《{issued.title}》{len(decided.duties)}条、任务{issued.assignments}项：{in_words(issued, rehearsed=rehearsed).zh}"
    if decided.issued_before:
        said = f"{said}；另有{decided.issued_before}条此前已下发，不重复"
    if decided.questions:
        said = f"{said}；请核对{len(decided.questions)}处：{decided.questions[0].zh}"
    return f"{said}；没有邮箱、未通知：{'、'.join(issued.without_address)}" if issued.without_address else said
