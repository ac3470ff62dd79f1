"""A report that is being written: kept, overtaken, handed in."""

import pytest
from sqlalchemy.orm import Session

from engine.drafts import DraftOvertaken, DraftSeen, Written, amount_of, draft_of, first_words, hand_in, save_draft
from engine.files import draft_file, evidence_file
from engine.history import open_histories
from evidence.receiving import NewFile
from models import AssignmentState, Evidence, Report, StoredFile, Verdict
from notifications.sender import Sender
from office.text import Refused
from tests import factories
from tests.factories import NOW

SENDER = Sender("责任清单 <zeren@office.example>", portal_url="https://duties.example")
PHOTO = NewFile("照片.png", "a" * 64, 1200, "image/png")
MINUTES = NewFile("纪要.pdf", "b" * 64, 9000, "application/pdf")


@pytest.fixture
def duty(session: Session) -> int:
    row = factories.assignment(session)
    open_histories(session, {row.id: row.natural_key}, action="issue", to_value="sent", reason="清单", at=NOW, by="officer")
    return row.id


def save(session: Session, duty: int, text: str = "写了一半", *, seen: int = 0, by: str = "林一", **more: object) -> DraftSeen:
    return save_draft(session, duty, by=by, seen=seen, written=Written(text), now=NOW, **more)  # type: ignore[arg-type]


def test_what_is_saved_is_there_and_belongs_to_its_writer(session: Session, duty: int) -> None:
    assert draft_of(session, duty, "林一") == DraftSeen()
    saved = save(session, duty, added=[PHOTO, MINUTES])
    assert (saved.version, saved.written.text, [file.name for file in saved.files]) == (1, "写了一半", ["照片.png", "纪要.pdf"])
    assert draft_of(session, duty, "林一") == saved
    assert draft_of(session, duty, "周望") == DraftSeen()
    assert draft_file(session, duty, "周望", 1) is None


def test_the_second_tab_sees_what_the_first_one_saved(session: Session, duty: int) -> None:
    save(session, duty, "第一个窗口")
    with pytest.raises(DraftOvertaken) as overtaken:
        save(session, duty, "第二个窗口")
    assert overtaken.value.draft.written.text == "第一个窗口"
    assert save(session, duty, "第二个窗口", seen=1).version == 2


def test_files_are_taken_away_and_the_same_content_is_one_file(session: Session, duty: int) -> None:
    save(session, duty, added=[PHOTO, MINUTES])
    left = save(session, duty, seen=1, removed=[1], added=[MINUTES])
    assert [file.name for file in left.files] == ["纪要.pdf"]
    again = save(session, duty, seen=2, added=[PHOTO])
    assert [(file.position, file.name) for file in again.files] == [(2, "纪要.pdf"), (3, "照片.png")]
    assert session.query(StoredFile).count() == 2


def test_a_draft_has_at_most_twenty_files(session: Session, duty: int) -> None:
    many = [NewFile(f"{n}.png", f"{n:064x}", 10, "image/png") for n in range(21)]
    with pytest.raises(Refused, match="最多附 20 个"):
        save(session, duty, added=many)
    assert len(save(session, duty, added=many[:20], seen=1).files) == 20


def test_a_draft_becomes_a_report_with_its_files_and_is_forgotten(session: Session, duty: int) -> None:
    save(session, duty, "写完了", added=[PHOTO])
    assert hand_in(session, duty, by="林一", sender=SENDER, now=NOW) == 1
    assert draft_of(session, duty, "林一") == DraftSeen()
    (proof,) = session.query(Evidence).all()
    assert proof.url.startswith("https://duties.example/evidence/")
    served = evidence_file(session, proof.id)
    assert served is not None
    assert (served.assignment_id, served.name, served.sha256) == (duty, "照片.png", "a" * 64)
    assert session.query(Report).one().text == "写完了"


def test_nothing_is_handed_in_where_nothing_is_written_or_nothing_is_owed(session: Session, duty: int) -> None:
    with pytest.raises(Refused, match="还没有填写"):
        hand_in(session, duty, by="林一", sender=SENDER, now=NOW)
    closed = factories.assignment(session, state=AssignmentState.CLOSED).id
    save(session, closed)
    with pytest.raises(Refused, match="不能再报送"):
        hand_in(session, closed, by="林一", sender=SENDER, now=NOW)
    assert draft_of(session, closed, "林一").version == 1


@pytest.mark.parametrize(
    ("typed", "amount"),
    [("", None), ("4", 4), ("4次", 4), ("25,000", 25_000), ("2.5万册", 25_000), ("3千", 3000), (" ３ 次 ", 3), ("0", 0)],
)
def test_amounts_as_people_type_them(typed: str, amount: float | None) -> None:
    assert amount_of(typed) == amount


@pytest.mark.parametrize("typed", ["四次", "5百万", "2万5千", "30%", "3+1", "-1", "1e5", "4/4", "4次以上的活动", "NaN", "∞"])
def test_what_is_no_amount(typed: str) -> None:
    with pytest.raises(Refused, match="要填数字"):
        amount_of(typed)


def test_a_tab_of_an_earlier_report_does_not_overwrite_the_next_draft(session: Session, duty: int) -> None:
    first = save(session, duty, "第一次")
    hand_in(session, duty, by="林一", sender=SENDER, now=NOW)
    second = save(session, duty, "第二次的草稿")
    assert second.version != first.version
    with pytest.raises(DraftOvertaken):
        save(session, duty, "旧窗口", seen=first.version)
    assert draft_of(session, duty, "林一").written.text == "第二次的草稿"


def test_what_was_returned_is_where_the_next_report_begins(session: Session, duty: int) -> None:
    assert first_words(session, duty) == Written()
    save(session, duty, "只差签到表")
    hand_in(session, duty, by="林一", sender=SENDER, now=NOW)
    assert first_words(session, duty) == Written()  # it may still be approved
    session.query(Report).one().verdict = Verdict.RETURNED
    session.flush()
    assert first_words(session, duty) == Written("只差签到表", "", "", {})
