"""登记签收: what people say by telephone or on paper, that a duty was received, entered by the officer."""

from typing import Annotated

from prefect import flow
from prefect.client.schemas.objects import State
from prefect.states import Completed

from flows.forms import asked
from flows.refusals import failing_with_the_sentence
from tasks.board import bring_up_to_date
from tasks.reports import acknowledge_duties

Assignments = Annotated[str, asked("任务", "每行一项：看板上该任务的网址，或其参数里的编号；可留空而只填责任人")]
Carrier = Annotated[str, asked("责任人", "登记此人全部待签收的任务；可留空而只填任务")]


@flow(flow_run_name="登记签收")
@failing_with_the_sentence
def record_receipt(assignments: Assignments = "", person: Carrier = "") -> State[None]:
    """Enter that these duties, or all of this person, were received; the board shows it."""
    acknowledged = acknowledge_duties(assignments, person)
    bring_up_to_date(False, return_state=True)  # the Prefect server may be down: the board catches up later
    before = acknowledged.named - acknowledged.now
    return Completed(message=f"登记签收{acknowledged.now}项" + (f"，另有{before}项此前已签收" if before else ""))
