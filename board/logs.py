"""The histories of assignments → the logs of their runs, each row once at its own time; reports → pages of their runs.

The server cannot tell whether a line is there already. So what is going to be sent is remembered before, and that it arrived
after; where the second is missing the server is asked which lines and pages the run has.
"""

from collections.abc import Iterable, Sequence
from zoneinfo import ZoneInfo

from board import memory
from board.cards import is_report, lines, report_page
from board.duties import Duty, Event, Reported, duties, histories, reports
from board.memory import OpenSession, Unlogged
from board.server import Server
from board.values import Artifact, Line

RUNS_AT_ONCE = 500


def send_logs(server: Server, open_reading: OpenSession, open_transaction: OpenSession, *, zone: ZoneInfo) -> int:
    """Complete the logs of all runs on the board; the number of lines sent. Raises `Unavailable`."""
    sent = 0
    while True:
        with open_reading() as session:
            runs = memory.unlogged(session, limit=RUNS_AT_ONCE)
            ids = [run.assignment_id for run in runs]
            written = histories(session, ids)
            reporting = [run.assignment_id for run in runs if any(is_report(event) for event in written[run.assignment_id][run.logged :])]
            told = {duty.id: duty for duty in duties(session, reporting)}
            reported = reports(session, reporting)
        if not runs:
            return sent
        with open_transaction() as session:
            memory.begin_logging(session, runs)
        new = [line for run in runs for line in _new_lines(run, written[run.assignment_id], reported.get(run.assignment_id, []))]
        pages = [page for run in runs if run.assignment_id in told for page in _pages(run, written, told, reported, zone)]
        doubtful = [run.run_id for run in runs if run.in_doubt]
        new = _without(new, server.lines_of(doubtful))
        pages = _without_pages(pages, server.artifacts_of(doubtful))
        server.log(new)
        for page in pages:
            server.show(page)
        with open_transaction() as session:
            memory.end_logging(session, runs)
        sent += len(new)


def _new_lines(run: Unlogged, history: Sequence[Event], reported: Iterable[Reported]) -> list[Line]:
    return lines(run.run_id, history, {report.number: report for report in reported})[run.logged : run.version]


def _pages(
    run: Unlogged, written: dict[int, list[Event]], told: dict[int, Duty], reported: dict[int, list[Reported]], zone: ZoneInfo
) -> list[Artifact]:
    """Pages of the reports that the history tells of after the rows that are logged."""
    id = run.assignment_id
    before = sum(is_report(event) for event in written[id][: run.logged])
    upto = sum(is_report(event) for event in written[id][: run.version])
    return [report_page(run.run_id, told[id], report, zone) for report in reported.get(id, []) if before < report.number <= upto]


def _without(new: Sequence[Line], there: Iterable[Line]) -> list[Line]:
    found = {(line.run_id, line.at, line.text) for line in there}
    return [line for line in new if (line.run_id, line.at, line.text) not in found]


def _without_pages(pages: Sequence[Artifact], there: Iterable[Artifact]) -> list[Artifact]:
    found = {(page.run_id, page.description) for page in there}
    return [page for page in pages if (page.run_id, page.description) not in found]
