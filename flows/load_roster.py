"""载入名册: units, people, posts and contact points as the office keeps them; open duties follow their posts."""

from pathlib import PurePath
from typing import Annotated

from prefect import flow, runtime
from prefect.client.schemas.objects import State
from prefect.states import Completed

from flows.forms import Year, asked, year_named
from flows.refusals import failing_with_the_sentence
from tasks import rosters
from tasks.artifacts import show_handovers, show_roster
from tasks.board import bring_up_to_date
from tasks.choices import THIS_YEAR, roster_file_meant, year_meant

NewRosterFile = Annotated[str, asked("名册文件", "Excel 名册的路径；留空则用工作文件夹里唯一的一份")]
Confirmed = Annotated[bool, asked("确认载入", "不勾选只看会有哪些变动；勾选即载入")]


def run_name() -> str:
    """预览名册 or 载入名册, the year and the file."""
    given = runtime.flow_run.parameters
    return f"{'载入名册' if given['confirmed'] else '预览名册'} {year_named(given['year'])} {PurePath(given['roster_file']).name}".rstrip()


@flow(flow_run_name=run_name)
@failing_with_the_sentence
def load_roster(roster_file: NewRosterFile = "", year: Year = THIS_YEAR, confirmed: Confirmed = False) -> State[None]:
    """Show what the roster would change; or load it, and let open duties follow their posts."""
    roster_file, year = roster_file_meant(roster_file), year_meant(year)
    loaded = rosters.load_roster(roster_file, year) if confirmed else rosters.preview_roster(roster_file, year)
    show_roster(loaded, stored=confirmed)
    show_handovers(loaded.handed_over, stored=confirmed)
    if confirmed:
        bring_up_to_date(True, return_state=True)  # the Prefect server may be down: the board catches up later
    return Completed(message=summary(loaded, stored=confirmed))


def summary(loaded: rosters.LoadedRoster, *, stored: bool) -> str:
    """One sentence for the run's last state."""
    counts = f"单位{loaded.units}，人员{loaded.people}，职务{loaded.posts}，联系点{loaded.contact_points}"
    moved = sum(each.assignments for each in loaded.handed_over if each.successor)
    over = f"；{'已' if stored else '将'}移交未办结任务{moved}项" if moved else ""
    if not stored:
        return f"{loaded.year}年名册预览（尚未载入）：{counts}{over}"
    return f"{loaded.year}年名册已载入：{counts}{over}" if loaded.change else f"{loaded.year}年名册与已载入的相同，没有变动{over}"
