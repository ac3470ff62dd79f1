"""登记办理情况: a report that came by telephone or on paper, entered by the officer for whoever carries the duty."""

from typing import Annotated

from prefect import flow
from prefect.client.schemas.objects import State
from prefect.states import Completed

from flows.forms import asked
from flows.refusals import failing_with_the_sentence
from tasks.board import bring_up_to_date
from tasks.choices import amount_meant, evidence_meant
from tasks.reports import report_duty

Assignment = Annotated[str, asked("任务", "一项：看板上该任务的网址，或其参数里的编号")]
ReportText = Annotated[str, asked("办理情况", "做了什么、结果如何；提交后等待审核")]
Amount = Annotated[str, asked("完成数量", "有数量目标的任务填这一项完成的数量（其他时段的不计在内），例：3；其他任务留空")]
EvidenceLines = Annotated[str, asked("佐证材料", "每行一份：名称 网址；没有就留空")]


@flow(flow_run_name="登记办理情况")
@failing_with_the_sentence
def record_report(assignment: Assignment = "", text: ReportText = "", amount: Amount = "", evidence: EvidenceLines = "") -> State[None]:
    """Enter the report; the board asks for its review."""
    number = report_duty(assignment, text, amount_meant(amount), evidence_meant(evidence))
    bring_up_to_date(False, return_state=True)  # the Prefect server may be down: the board catches up later
    return Completed(message=f"已登记第{number}次办理情况，等待审核")
