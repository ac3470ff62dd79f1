"""撤销事项: items of an issued list that are no longer owed; their open assignments end, and who carries them is told."""

from typing import Annotated

from prefect import flow, runtime
from prefect.client.schemas.objects import State
from prefect.states import Completed

from engine.withdrawing import Withdrawn
from flows.deliver_notices import deliver_notices
from flows.forms import Reason, Year, asked
from flows.refusals import failing_with_the_sentence
from tasks.board import bring_up_to_date
from tasks.choices import THIS_YEAR, numbers_meant, year_meant
from tasks.reports import withdraw

Title = Annotated[str, asked("清单标题", "这一年只有一份清单时留空")]
Numbers = Annotated[str, asked("事项序号", "清单里的序号，可填多个，例：7、12")]
Confirmed = Annotated[bool, asked("确认撤销", "不勾选只看会撤销多少任务；勾选即撤销，不能恢复")]


def run_name() -> str:
    """撤销 or its preview, and which items."""
    given = runtime.flow_run.parameters
    return f"{'撤销事项' if given['confirmed'] else '预览撤销'} {given['numbers']}".rstrip()


@flow(flow_run_name=run_name)
@failing_with_the_sentence
def withdraw_items(
    year: Year = THIS_YEAR, title: Title = "", numbers: Numbers = "", reason: Reason = "", confirmed: Confirmed = False
) -> State[None]:
    """Show what would be withdrawn; or withdraw what is open of these items, tell who carries it, and show it on the board."""
    withdrawn = withdraw(year_meant(year), title, numbers_meant(numbers), reason, confirmed)
    if not confirmed:
        return Completed(message=f"预览（尚未撤销）：{summary(withdrawn)}")
    deliver_notices(at_once=False, return_state=True)  # withdrawn even where no mail server answers: the ledger keeps the mail
    bring_up_to_date(False, return_state=True)  # the Prefect server may be down: the board catches up later
    return Completed(message=summary(withdrawn))


def summary(withdrawn: Withdrawn) -> str:
    """One sentence for the run's last state."""
    said = f"《{withdrawn.title}》{withdrawn.items}个事项：撤销未办结任务{withdrawn.assignments}项"
    return f"{said}；没有邮箱、未通知：{'、'.join(withdrawn.without_address)}" if withdrawn.without_address else said
