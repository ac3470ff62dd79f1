"""每日提要: the officer's morning mail, with links to the board's pages and filters in both UIs."""

from prefect import task

from board import links
from board.links import Addresses
from board.pages import page_ids
from board.year_pages import questions_key, year_key
from engine.briefing import Address, BriefingPages, NoMail, Waiting, brief_officer
from engine.completion import Completion
from engine.standing import years_to_show
from tasks.environment import now, open_transaction, sender, ui_url
from tasks.refusals import PAUSES, may_pass


@task(task_run_name="汇总待办", retries=len(PAUSES), retry_delay_seconds=PAUSES, retry_condition_fn=may_pass)
def brief_the_officer() -> Waiting | NoMail:
    """Queue the day's mail, if there is anything to say; what it counts, or why there is none."""
    at, office = now(), sender()
    today = at.astimezone(office.zone).date()
    with open_transaction() as session:
        ids = page_ids(session)
        years = years_to_show(session, today)
        pages = BriefingPages(
            reported={year: _runs(links.state_tag(Completion.REPORTED, year), year) for year in years},
            overdue={year: _runs(links.state_tag(Completion.OVERDUE, year), year) for year in years},
            due_this_month=_runs(links.due_tag(today), today.year),
            questions={year: _artifact(questions_key(year), ids) for year in years},
            years={year: _artifact(year_key(year), ids) for year in years},
        )
        return brief_officer(session, pages, sender=office, now=at)


def _runs(tag: str, year: int) -> Address:
    return _both(links.runs_page(ui_url(), tag, year))


def _artifact(key: str, ids: dict[str, str]) -> Address:
    """Its own page; the page of its key where it was not sent yet."""
    return _both(links.artifact_page(ui_url(), ids[key]) if key in ids else links.key_page(ui_url(), key))


def _both(addresses: Addresses) -> Address:
    return Address(addresses.present, addresses.new)
