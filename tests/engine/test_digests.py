"""What a digest says to its reader, in which order."""

from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from engine.calls import RedNotice
from engine.follow_up import follow_up
from engine.progress import note_progress
from engine.reporting import report
from engine.reviewing import review
from models import Assignment, Message, Person, Verdict
from notifications.sender import Sender
from tests.engine.followed_office import SENDER, acknowledged, at, digests, every_day, office, run, text_of


def test_one_digest_holds_everything_of_a_person_and_of_all_branches_of_a_superior(session: Session) -> None:
    ids = office(session, "造林科", "机关第二党支部", "机关第一党支部")
    acknowledged(session, ids)
    every_day(session, date(2026, 6, 30), date(2026, 7, 3))
    assert [key for key in digests(session) if "07-03" in key] == [
        f"digest:2026-07-03:{name}" for name in ("何青禾", "吴望舒", "周启明", "孟松年")
    ]
    superior = text_of(session, date(2026, 7, 3), "吴望舒")
    assert superior.index("第1项") != superior.index("第2项")
    assert "逾期3个工作日" in superior
    assert "孟松年" in superior
    own = text_of(session, date(2026, 7, 3), "孟松年")
    assert "今天已报联系领导吴望舒" in own


def test_the_day_before_it_goes_up_the_assignee_is_told_to_whom(session: Session) -> None:
    acknowledged(session, office(session, "造林科"))
    every_day(session, date(2026, 6, 30), date(2026, 7, 2))
    note = text_of(session, date(2026, 7, 2), "孟松年")
    assert "仍未报送的，明天（7月3日）08:30报联系领导吴望舒" in note
    assert "https://duties.example/l/" in note


def test_before_a_weekend_the_note_names_the_day(session: Session) -> None:
    acknowledged(session, office(session, "造林科", due_on=date(2026, 7, 1)))
    every_day(session, date(2026, 7, 1), date(2026, 7, 3))
    assert "仍未报送的，7月6日08:30报联系领导吴望舒" in text_of(session, date(2026, 7, 3), "孟松年")


def test_a_red_digest_carries_the_notice_as_a_word_file(session: Session) -> None:
    acknowledged(session, office(session, "造林科"))
    written: list[RedNotice] = []

    def word(notice: RedNotice) -> bytes:
        written.append(notice)
        return b"PK word"

    for day in (1, 2, 3):
        run(session, date(2026, 7, day), word=word)
    assert [(notice.on, len(notice.duties), notice.duties[0].workdays_over, notice.duties[0].gone_up_to.zh) for notice in written] == [
        (date(2026, 7, 3), 1, 3, "联系领导吴望舒"),
    ] * 2


def test_a_duty_that_went_up_several_levels_at_once_stands_in_the_red_notice_once(session: Session) -> None:
    acknowledged(session, office(session, "造林科"))
    run(session, date(2026, 6, 30))
    written: list[RedNotice] = []

    def word(notice: RedNotice) -> bytes:
        written.append(notice)
        return b"PK word"

    run(session, date(2026, 7, 10), word=word)
    gone_up_to = [[duty.gone_up_to.zh for duty in notice.duties] for notice in written]
    assert sorted(gone_up_to) == [
        ["主要负责人周启明"],
        ["主要负责人周启明"],
        ["联系领导吴望舒"],
    ]  # the assignee: the higher


def test_what_others_did_not_acknowledge_is_one_row_a_person(session: Session) -> None:
    office(session, *["造林科"] * 5)
    every_day(session, date(2026, 1, 8), date(2026, 1, 13))
    text = text_of(session, date(2026, 1, 13), "吴望舒")
    assert "第1项等5项任务" in text
    assert "第2项" not in text
    assert "下发后第6个工作日仍未签收" in text
    assert "报到您这里：仍未签收（5 项）" in text
    assert text.count("/led") == 1


def test_a_superior_reads_what_is_red_and_new_first_and_how_much_of_it_is_new(session: Session) -> None:
    ids = office(session, "造林科", "机关第二党支部")
    acknowledged(session, ids)
    session.get_one(Assignment, ids[0]).due_on = date(2026, 7, 2)
    every_day(session, date(2026, 6, 29), date(2026, 7, 7))
    text = text_of(session, date(2026, 7, 7), "吴望舒")
    assert "1项今天报到您这里，2项报到您这里、尚未办结。" in text
    assert text.index("第1项") < text.index("第2项")  # came up today; the other is longer overdue
    assert "尚未反馈" in text


def test_why_a_duty_came_back_is_what_was_said_last_about_it(session: Session) -> None:
    (id_,) = office(session, "造林科")
    report(session, id_, text="已办", by="孟松年", now=at(date(2026, 6, 24), 15))
    review(session, id_, number=1, verdict=Verdict.RETURNED, comment="缺签到表", by="吴望舒", sender=SENDER, now=at(date(2026, 6, 24), 16))
    every_day(session, date(2026, 6, 25), date(2026, 6, 25))
    assert "6月24日吴望舒：退回：缺签到表" in text_of(session, date(2026, 6, 25), "孟松年")


def test_what_the_assignee_said_last_stands_in_the_superiors_digest(session: Session) -> None:
    (id_,) = office(session, "造林科")
    acknowledged(session, [id_])
    note_progress(session, id_, text="已联系场地", by="孟松年", now=at(date(2026, 7, 1), 15), sender=SENDER)
    every_day(session, date(2026, 7, 2), date(2026, 7, 3))
    assert "7月1日孟松年：已联系场地" in text_of(session, date(2026, 7, 3), "吴望舒")


def test_a_duty_to_be_made_up_says_so(session: Session) -> None:
    acknowledged(session, office(session, "造林科", due_on=date(2025, 12, 1)))
    every_day(session, date(2026, 1, 6), date(2026, 1, 6))
    assert "补办：下发时已过期限，从下发之日起算" in text_of(session, date(2026, 1, 6), "孟松年")


def test_what_only_the_officer_may_review_waits_for_her_review(session: Session) -> None:
    (id_,) = office(session, "清河县林业局")  # nobody leads or covers it
    report(session, id_, text="已办", by="罗一鸣", now=at(date(2026, 6, 24), 15))
    run(session, date(2026, 6, 25))
    text = text_of(session, date(2026, 6, 25), "计划员")
    assert "等待您审核" in text
    assert "没有人可以通知" not in text


def test_who_reads_a_note_in_the_assignees_place_is_not_told_that_it_goes_up_to_them(session: Session) -> None:
    acknowledged(session, office(session, "造林科"))
    every_day(session, date(2026, 6, 30), date(2026, 7, 1))
    session.scalars(select(Person).where(Person.name == "孟松年")).one().email = None
    run(session, date(2026, 7, 2))
    text = text_of(session, date(2026, 7, 2), "吴望舒")
    assert "责任人孟松年没有邮箱" in text
    assert "报联系领导吴望舒" not in text


def test_in_english_everything_but_the_offices_own_words_is_english(session: Session) -> None:
    acknowledged(session, office(session, "造林科"))
    english = Sender(SENDER.mail_from, portal_url=SENDER.portal_url, language="en")
    for day in (1, 2, 3):
        follow_up(session, sender=english, now=at(date(2026, 7, day)))
    (subject,) = session.scalars(select(Message.subject).where(Message.key == "digest:2026-07-03:吴望舒"))
    assert subject == "Follow-up: 1 came up to you today"
    text = text_of(session, date(2026, 7, 3), "孟松年")
    assert "overdue by 3 working days" in text
    assert "went up to contact leader 吴望舒 today" in text
