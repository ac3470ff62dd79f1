"""每日提要: in the morning of a working day, one mail that says what waits for the officer, with links to it.

The clock starts it; a second run of the same day sends nothing.
"""

from prefect import flow
from prefect.client.schemas.objects import State
from prefect.states import Completed

from engine.briefing import NoMail, Waiting
from flows.deliver_notices import deliver_notices
from flows.refusals import failing_with_the_sentence
from tasks.briefing import brief_the_officer

WHY_NOT = {
    NoMail.NO_WORKDAY: "今天不是工作日，不发提要",
    NoMail.NOTHING_WAITS: "今天没有要处理的，不发提要",
    NoMail.SENT_BEFORE: "今天的提要已经发过",
}


@flow(flow_run_name="每日提要")
@failing_with_the_sentence
def brief_officer() -> State[None]:
    """Queue the mail of the day and send it with what else is due; nothing where nothing waits."""
    waiting = brief_the_officer()
    if isinstance(waiting, NoMail):
        return Completed(message=WHY_NOT[waiting])
    deliver_notices(return_state=True)  # the ledger keeps the mail where no server answers
    return Completed(message=summary(waiting))


def summary(waiting: Waiting) -> str:
    """One sentence for the run's last state."""
    counted = (
        ("待审核", waiting.reported),
        ("逾期", waiting.overdue),
        ("本月到期", waiting.due_this_month),
        ("待确认的问题", waiting.questions),
    )
    return "已提醒计划员：" + "，".join(f"{name} {count}" for name, count in counted if count)
