from pathlib import Path

from sqlalchemy import func, select

from benchmarks.planning import BRANCHES, MONTHS, plan_and_store, raw_seconds, reading
from models import Assignment
from zeren.database import transaction


def test_the_measured_list_is_planned_and_stored_and_its_rows_go_inraw_seconds_again(tmp_path: Path) -> None:
    planned, reference = f"sqlite:///{tmp_path / 'planned.db'}", f"sqlite:///{tmp_path / 'raw.db'}"
    size = BRANCHES * MONTHS
    seconds, megabytes = plan_and_store(planned, size)
    assert (seconds > 0, megabytes > 0, len(reading(size).items)) == (True, True, 1)
    assert raw_seconds(planned, reference) > 0
    for url in (planned, reference):
        with transaction(url) as session:
            assert session.scalar(select(func.count()).select_from(Assignment)) == size
