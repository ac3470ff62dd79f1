"""下发年度清单: the year's list as the office wrote it → assignments, and a message to everybody whom it concerns."""

from pathlib import PurePath
from typing import Annotated

from prefect import flow, runtime
from prefect.client.schemas.objects import State
from prefect.states import Completed

from flows.deliver_notices import deliver_notices
from flows.forms import AtOnce, RosterFile, Year, asked, year_named
from flows.refusals import failing_with_the_sentence
from tasks.artifacts import show_issued, show_preview
from tasks.board import bring_up_to_date
from tasks.choices import THIS_YEAR, list_meant, roster_meant, year_meant
from tasks.lists import IssuedList, PreviewedList, issue_list, preview_list

ListFile = Annotated[
    str,
    asked("清单文件", "Excel、Word 或 CSV 文件的路径；留空则用工作文件夹里唯一的清单"),
]
Title = Annotated[str, asked("清单标题", "留空则用文件里的标题")]
Party = Annotated[str, asked("责任单位（清单未写明时）", "没有写明责任单位的事项归谁；一般留空")]
Confirmed = Annotated[bool, asked("确认下发", "不勾选只看预览，不入库、不发信；勾选即下发")]


def run_name() -> str:
    """预览 or 下发, the year and the file."""
    given = runtime.flow_run.parameters
    return f"{'下发' if given['confirmed'] else '预览'} {year_named(given['year'])} {PurePath(given['list_file']).name or '清单'}"


@flow(flow_run_name=run_name)
@failing_with_the_sentence
def issue_annual_list(
    list_file: ListFile = "",
    year: Year = THIS_YEAR,
    roster_file: RosterFile = "",
    title: Title = "",
    party: Party = "",
    confirmed: Confirmed = False,
    at_once: AtOnce = False,
) -> State[None]:
    """Preview the list; or issue it, with its roster, and deliver the mail."""
    list_file, year = list_meant(list_file), year_meant(year)
    roster_file = roster_meant(roster_file, year)
    if not confirmed:
        preview = preview_list(list_file, year, title, roster_file, party)
        show_preview(preview)
        return Completed(message=previewed(preview))
    issued = issue_list(list_file, year, title, roster_file, party)
    show_issued(issued)
    deliver_notices(at_once, return_state=True)  # the list is issued even where no mail server answers: the ledger keeps the mail
    bring_up_to_date(False, return_state=True)  # the Prefect server may be down: the board catches up later
    return Completed(message=summary(issued))


def previewed(preview: PreviewedList) -> str:
    """One sentence for the run's last state."""
    found = f"{preview.items}项责任事项、{preview.assignments}项任务，{len(preview.questions)}个问题"
    return (
        f"预览（{preview.outlook}）：{found}，{len(preview.problems)}处错误" if preview.problems else f"预览（{preview.outlook}）：{found}"
    )


def summary(issued: IssuedList) -> str:
    """One sentence for the run's last state."""
    if not issued.assignments and not issued.messages:
        return f"《{issued.title}》此前已下发，没有变化"
    said = f"《{issued.title}》已下发：{issued.items}项责任事项，新增{issued.assignments}项任务、{issued.messages}封通知{issued.waits}"
    return f"{said}；没有邮箱、未通知：{'、'.join(issued.without_address)}" if issued.without_address else said
