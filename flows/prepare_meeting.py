"""例会准备: some days before a regular meeting its material goes to the officer, and who said nothing since the last one is asked.

The clock starts it every morning; it may run at any time and any number of times: each meeting is prepared once.
"""

from typing import Annotated

from prefect import flow
from prefect.client.schemas.objects import State
from prefect.states import Completed

from engine.meetings import NotNow
from flows.deliver_notices import deliver_notices
from flows.forms import asked
from flows.refusals import failing_with_the_sentence
from tasks.meetings import PreparedMeeting, prepare_material_again, prepare_next_meeting, show_material

Again = Annotated[bool, asked("重新准备材料", "按现在的情况再编一份材料发给计划员，不再催报任何人；会前随时可以")]
WHY_NOT = {
    NotNow.NO_WORKDAY: "今天不是工作日，不准备例会",
    NotNow.NO_MEETINGS: "督办规则里没有例会",
    NotNow.NOT_YET: "下一次例会还早，到时再准备",
    NotNow.BEFORE: "下一次例会已经准备过",
}


@flow(flow_run_name="例会准备")
@failing_with_the_sentence
def prepare_meeting(again: Again = False) -> State[None]:
    """Queue the material and the requests, show the material, and send what is due; nothing where no meeting is near.

    Or make the material anew, at any time, and ask nobody.
    """
    prepared = prepare_material_again() if again else prepare_next_meeting()
    if isinstance(prepared, NotNow):
        return Completed(message=WHY_NOT[prepared])
    show_material(prepared)
    deliver_notices(return_state=True)  # the ledger keeps the mail where no server answers
    return Completed(message=summary(prepared))


def summary(prepared: PreparedMeeting) -> str:
    """One sentence for the run's last state."""
    made = "已重新编好" if prepared.again else "已编好"
    said = f"{prepared.page.name}{made}并发给计划员：未办结{prepared.open}项，逾期{prepared.overdue}项"
    said = f"{said}；没有再催报" if prepared.again else f"{said}；催报进展{len(prepared.asked)}人"
    return f"{said}；没有邮箱、请当面问：{'、'.join(prepared.without_address)}" if prepared.without_address else said
