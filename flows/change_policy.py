"""更改督办规则: another policy holds for issued lists from a day on; what that moves is shown before."""

from typing import Annotated

from prefect import flow, runtime
from prefect.client.schemas.objects import State
from prefect.states import Completed

from flows.forms import Year, asked, year_named
from flows.refusals import failing_with_the_sentence
from tasks.artifacts import show_policy_change
from tasks.board import bring_up_to_date
from tasks.choices import THIS_YEAR, first_day_meant, titles_meant, year_meant
from tasks.policies import PolicyChange, change_policies

Titles = Annotated[str, asked("清单", "清单标题，多份用书名号隔开，例：《甲清单》《乙清单》；留空则这一年的全部清单")]
FromDay = Annotated[str, asked("从哪一天起用", "例：2026-07-15；不能早于今天，留空则下一个工作日")]
PolicyWritten = Annotated[str, asked("规则", "粘贴规则全文（只写不同于默认的也可以）；留空则用工作文件夹里的 policy.toml")]
Confirmed = Annotated[bool, asked("确认更改", "不勾选只看哪些提醒会提前、推后、新增或取消；勾选即更改")]


def run_name() -> str:
    """更改督办规则 or its preview, and the year."""
    given = runtime.flow_run.parameters
    return f"{'更改督办规则' if given['confirmed'] else '预览督办规则更改'} {year_named(given['year'])}"


@flow(flow_run_name=run_name)
@failing_with_the_sentence
def change_policy(
    year: Year = THIS_YEAR, lists: Titles = "", from_day: FromDay = "", policy: PolicyWritten = "", confirmed: Confirmed = False
) -> State[None]:
    """Show which notices of open duties would move; or let the policy hold for these lists from that day on."""
    change = change_policies(year_meant(year), titles_meant(lists), first_day_meant(from_day), policy, confirmed)
    show_policy_change(change, stored=confirmed)
    if confirmed and change.changed:
        bring_up_to_date(False, return_state=True)  # the Prefect server may be down: the board catches up later
    return Completed(message=summary(change, stored=confirmed))


def summary(change: PolicyChange, *, stored: bool) -> str:
    """One sentence for the run's last state."""
    if not change.changed:
        return "没有变化：这些清单用的已是这份规则"
    said = f"自{change.from_on}起，{change.changed}份清单改用{change.source}"
    up = sum(each.goes_up_earlier for each in change.lists)
    earlier = f"；{up}项任务更早上报" if up else ""
    return f"{said}{earlier}" if stored else f"预览（尚未更改）：{said}{earlier}"
