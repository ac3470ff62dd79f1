"""What is read before a regular meeting: by who is asked for progress, and by the officer."""

from dataclasses import replace
from datetime import date

import pytest

from notifications.meeting import ProgressRequest, compose_request
from notifications.meeting_material import MaterialNotice, compose_material
from notifications.mime import Attachment, Mail
from notifications.sender import Sender
from tests.notifications.test_messages import ENGLISH, NOW, SENDER, body, duty, parsed

LINK = "https://duties.example/l/x"
REQUEST = ProgressRequest(
    "周望", "zhou@office.example", date(2026, 2, 27), date(2026, 2, 26), date(2026, 2, 24), (duty(), duty("走访慰问"))
)
NOTICE = MaterialNotice(
    officer="林一",
    address="lin@office.example",
    held_on=date(2026, 2, 27),
    on=date(2026, 2, 24),
    answer_by=date(2026, 2, 26),
    open=12,
    overdue=3,
    done_since=5,
    asked=("周望", "王小明"),
    without_address=(),
    file=Attachment("2026年2月27日例会材料.docx", "application/octet-stream", b"PK"),
)


def request(request: ProgressRequest = REQUEST, sender: Sender = SENDER, link: str = LINK) -> Mail:
    return compose_request(request, sender, key="meeting:2026-02-27:周望", person_id=3, link=link, now=NOW)


def material(notice: MaterialNotice = NOTICE, sender: Sender = SENDER) -> Mail:
    return compose_material(notice, sender, key="meeting_material:2026-02-27", link=LINK, now=NOW)


@pytest.mark.parametrize("kind", ["plain", "html"])
def test_a_request_says_for_which_meeting_by_when_how_and_about_what(kind: str) -> None:
    mail = request()
    assert (mail.kind, mail.subject) == ("meeting", "请在2月26日前报进展：2 项（2月27日例会）")
    for said in ("2月27日召开例会听取进展", "“报告进展”里写一两句", "组织主题党日", "走访慰问", LINK):
        assert said in body(mail, kind)
    assert "您代" not in body(mail, kind)


def test_a_request_names_whom_the_reader_stands_in_for() -> None:
    assert "其中有您代赵新、孙立办理的" in body(request(replace(REQUEST, for_others=("赵新", "孙立"))))


def test_without_a_portal_it_asks_for_a_reply() -> None:
    assert "请直接回复本邮件" in body(request(link=""))


@pytest.mark.parametrize("kind", ["plain", "html"])
def test_the_officer_gets_the_figures_who_was_asked_and_the_file(kind: str) -> None:
    mail = material()
    assert mail.subject == "2月27日例会材料：未办结 12 项，逾期 3 项"
    for said in ("还没有报进展的 2 人已发信催报，请他们在2月26日前报", "办结 5 项", "登记例会议定事项"):
        assert said in body(mail, kind)
    assert "没有邮箱" not in body(mail, kind)
    assert [(part.get_filename(), part.get_content()) for part in parsed(mail).iter_attachments()] == [
        ("2026年2月27日例会材料.docx", b"PK")
    ]


def test_who_has_no_address_is_named_and_where_nobody_was_asked_it_says_why() -> None:
    alone = replace(NOTICE, asked=(), without_address=("周望",))
    assert "没有邮箱、需要当面问的：周望。" in body(material(alone))
    assert "都报过进展" not in body(material(alone))
    assert "都报过进展" in body(material(replace(NOTICE, asked=())))


@pytest.mark.parametrize("kind", ["plain", "html"])
def test_material_made_anew_says_so_and_how_to_have_it_again(kind: str) -> None:
    said = body(material(replace(NOTICE, asked=(), again=True)), kind)
    assert "重新编的，没有再催报" in said
    assert "都报过进展" not in said
    assert "运行“例会准备”并勾选“重新准备材料”" in said


@pytest.mark.parametrize("kind", ["plain", "html"])
def test_all_of_it_is_said_in_english_too(kind: str) -> None:
    plain = duty("A", text="a", standard="s", party="p", leader="l", assisting=("q",), phrase="x", target="4")
    asked = replace(REQUEST, person="W", duties=(plain,), for_others=("V",))
    sender = replace(ENGLISH, reply_to="Lin <lin@office.example>")
    for mail in (request(asked, sender), material(replace(NOTICE, officer="Lin", without_address=("W",)), sender)):
        shown = mail.subject + body(mail, kind).replace("PingFang SC", "").replace("Microsoft YaHei", "")
        for name in ("登记例会议定事项", "例会准备", "重新准备材料"):  # as they stand in the form
            shown = shown.replace(name, "")
        assert [letter for letter in shown if "\u4e00" <= letter <= "\u9fff"] == []
        assert "27 Feb" in shown
