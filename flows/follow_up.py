"""每日督办: warnings, reminders and what goes up, as one digest a person.

The clock starts it on the morning of each working day; it may run at any time and any number of times.
"""

from prefect import flow
from prefect.client.schemas.objects import State
from prefect.states import Completed

from engine.follow_up import FollowedUp
from flows.deliver_notices import deliver_notices
from flows.refusals import failing_with_the_sentence
from tasks.board import bring_up_to_date
from tasks.follow_up import follow_up_open_duties, inform_others
from tasks.succession import hand_over_open_duties


@flow(flow_run_name="每日督办")
@failing_with_the_sentence
def follow_up() -> State[None]:
    """Duties follow their posts first, so that nobody is told of what is another's; then what is owed is said, and the board shows it."""
    hand_over_open_duties()
    done = follow_up_open_duties()
    informed = inform_others()
    sent = deliver_notices(return_state=True) if done.mails or informed else None  # the ledger keeps the mail where no server answers
    if done.told:
        bring_up_to_date(False, return_state=True)  # the Prefect server may be down: the board catches up later
    said = summary(done, informed)
    return Completed(message=said if sent is None or sent.is_completed() else f"{said}；{sent.message}")


def summary(done: FollowedUp, informed: int = 0) -> str:
    """One sentence for the run's last state."""
    if done.day_off:
        return "今天不是工作日，不发督办；到期的下一个工作日发"
    if done.out_of_hours:
        return "现在不是督办的时间（规则里的上报时刻至20时），到时再办；没有遗漏"
    parts = [
        f"补发此前{done.missed}个工作日未运行期间应发的" if done.missed else "",
        f"写好{done.told}条提醒，共{done.mails}封邮件" if done.told else "没有要提醒的",
        f"{done.overtaken}条已由后面的提醒代替" if done.overtaken else "",
        f"{done.to_officer}条无人可通知，已告知计划员" if done.to_officer else "",
        f"{done.waiting}项任务的责任人今天已收过督办邮件，下一个工作日再发" if done.waiting else "",
        f"另发{informed}封每周告知" if informed else "",
    ]
    return "；".join(part for part in parts if part)
