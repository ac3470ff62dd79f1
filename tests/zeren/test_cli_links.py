"""`zeren link`, and what `zeren database check` says of evidence."""

from pathlib import Path

import pytest

import examples
from engine.access import NoEntry, Scope, visitor
from evidence.store import FileStore
from models import Evidence, Report, StoredFile
from tests import factories
from tests.factories import NOW
from tests.zeren.conftest import Zeren
from zeren.database import transaction
from zeren.mailing import sender_of
from zeren.settings import settings


@pytest.fixture
def loaded(zeren: Zeren) -> Zeren:
    assert zeren("roster", "load", examples.ROSTER, "--year", examples.YEAR).status == 0
    return zeren


def holder_of(link: str) -> str:
    token = link.strip().rpartition("/l/")[2]
    with transaction(settings().database_url) as session:
        return visitor(session, token, Scope.ANSWER, sender=sender_of(settings()), now=NOW).holder


def test_a_link_is_shown_and_revoked(loaded: Zeren) -> None:
    old = loaded("link", "方启文", "--now", NOW.isoformat()).out
    assert holder_of(old) == "方启文"
    shown = loaded("link", "方启文", "--revoke", "--json", "--now", NOW.isoformat()).json
    assert (shown["holder"], shown["revoked"]) == ("方启文", True)
    assert holder_of(shown["link"]) == "方启文"
    with pytest.raises(NoEntry):
        holder_of(old)


def test_a_stranger_has_no_link(loaded: Zeren) -> None:
    ran = loaded("link", "林某某")
    assert (ran.status, ran.err.strip()) == (1, "名册里没有“林某某”")
    assert loaded("link", "方启文", "--revoke").status == 1


def test_when_the_officer_s_links_are_revoked_the_board_s_follow(loaded: Zeren) -> None:
    with transaction(settings().database_url) as session:
        report = factories.report(session)
        session.add(StoredFile(sha256="a" * 64, size=1, media_type="image/png", stored_at=NOW))
        session.flush()
        session.add(Evidence(report_id=report.id, position=1, name="照片.png", url="old", sha256="a" * 64))
    loaded("link", "计划员", "--now", NOW.isoformat())
    loaded("link", "计划员", "--revoke", "--now", NOW.isoformat())
    with transaction(settings().database_url) as session:
        url = session.query(Evidence).one().url
        seen = visitor(session, url.rpartition("/")[2], Scope.EVIDENCE, sender=sender_of(settings()), now=NOW)
        assert seen.subject == session.query(Evidence).one().id
        assert session.query(Report).count() == 1


def test_the_check_names_evidence_that_is_missing(loaded: Zeren) -> None:
    assert loaded("database", "check").status == 0
    with transaction(settings().database_url) as session:
        session.add(StoredFile(sha256="a" * 64, size=1, media_type="image/png", stored_at=NOW))
    ran = loaded("database", "check")
    assert (ran.status, "1份佐证材料的文件不见了或被改动过" in ran.err) == (1, True)
    assert str(FileStore(Path("zeren-evidence")).path("a" * 64)) in ran.err
