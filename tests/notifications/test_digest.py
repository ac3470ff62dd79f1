"""The digest of a day as each of its readers gets it."""

from dataclasses import replace
from datetime import UTC, date, datetime
from email import message_from_bytes, policy
from email.message import EmailMessage
from html.parser import HTMLParser

import pytest

from notifications.digest import Digest, DigestGroup, DigestRow, DigestSection, compose_digest
from notifications.sender import Sender
from office.policy import Colour
from office.text import Language, Refused, Text

NOW = datetime(2026, 4, 7, 0, 30, tzinfo=UTC)
SENDER = Sender("责任清单 <zeren@office.example>", "Lin <lin@office.example>")
ROW = DigestRow(
    content="召开支部党员大会",
    text="每季度至少一次",
    period="第一季度",
    due_on=date(2026, 3, 31),
    party="第三党支部",
    person="林一",
    colour=Colour.YELLOW,
    light="red",
    said=(Text("逾期4个工作日", "4 working days over"), Text("明天9:00将报联系领导吴望舒", "goes up to Wu tomorrow at 9:00")),
    last_said=Text("3月28日林一：已联系场地", "28 Mar Lin: room booked"),
    link="https://zeren.example/duties/7?a=1&b=2",
    more_time="https://zeren.example/duties/7/more-time",
)
PLAIN_ROW = DigestRow("甲", "甲", "", date(2026, 4, 30), "第三党支部", "林一", None, "off", ())
OVERDUE, SOON = Text("逾期任务", "Overdue"), Text("临期任务", "Due soon")
DIGEST = Digest(
    person="林一",
    address="lin@office.example",
    on=date(2026, 4, 7),
    year=2026,
    subject=Text("逾期1项：明天9:00报联系领导吴望舒", "1 overdue: goes up to Wu tomorrow at 9:00"),
    first=(Text("有1项明天上报。", "One goes up tomorrow."), Text("今天报送即可不上报。", "Report it today and it does not.")),
    sections=(DigestSection(OVERDUE, (DigestGroup("", (ROW,)),)), DigestSection(SOON, (DigestGroup("", (PLAIN_ROW, PLAIN_ROW)),))),
)
KINDS = pytest.mark.parametrize("kind", ["plain", "html"])


def composed(digest: Digest = DIGEST, language: Language = "zh") -> EmailMessage:
    sender = replace(SENDER, language=language)
    mail = compose_digest(digest, sender, key="digest:2026-04-07:林一", person_id=3, link="https://zeren.example/k/x", now=NOW)
    assert (mail.kind, mail.person_id) == ("digest", 3)
    return message_from_bytes(mail.content, policy=policy.default)


def body(message: EmailMessage, kind: str) -> str:
    part = message.get_body((kind,))
    assert part is not None
    return str(part.get_content())


class Page(HTMLParser):
    """The words of a body without its marks, and the addresses of its links."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.words, self.links = "", list[str]()
        self.feed(html.partition("<body")[2])

    def handle_data(self, data: str) -> None:
        self.words += data

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.links += [value or "" for name, value in attrs if tag == "a" and name == "href"]


def words(digest: Digest, kind: str, language: Language = "zh") -> str:
    said = body(composed(digest, language), kind)
    return Page(said).words if kind == "html" else said


def of(*rows: DigestRow, name: str = "", **fields: object) -> Digest:
    return replace(DIGEST, sections=(DigestSection(OVERDUE, (DigestGroup(name, rows),)),), **fields)  # type: ignore[arg-type]


@KINDS
def test_both_bodies_say_all_that_a_row_has(kind: str) -> None:
    said = words(DIGEST, kind)
    for word in (
        *("有1项明天上报。", "今天报送即可不上报。", "逾期任务", "红灯", "黄色督办单", "3月31日到期"),
        *("召开支部党员大会（第一季度）", "每季度至少一次", "逾期4个工作日；明天9:00将报联系领导吴望舒", "3月28日林一：已联系场地"),
        *("打开、报送", "申请延期", "打开我的任务", "Lin lin@office.example"),
    ):
        assert word in said


@KINDS
def test_it_is_said_in_english_too(kind: str) -> None:
    row = replace(ROW, content="Meeting", text="Once a quarter", period="Q1", party="Branch 3", person="Li")
    last = replace(row, person="Wu", more_time="")
    english = of(row, last, name="Branch", person="Li", left_out=2, notice=b"x", notice_name="n.docx", unsubscribe="https://a.example/s")
    said = words(english, kind, "en")
    assert [letter for letter in said if "\u4e00" <= letter <= "\u9fff"] == []
    assert "4 working days over; goes up to Wu tomorrow at 9:00" in said
    assert composed(english, "en")["Subject"] == "1 overdue: goes up to Wu tomorrow at 9:00"


@KINDS
def test_what_matters_most_comes_first(kind: str) -> None:
    said = words(DIGEST, kind)
    order = ["有1项明天上报。", "打开我的任务", "逾期任务", "召开支部党员大会", "逾期4个工作日", "每季度至少一次", "临期任务", "甲"]
    assert [said.index(word) for word in order] == sorted(said.index(word) for word in order)


def test_each_section_says_how_many_it_has() -> None:
    assert "━━ 逾期任务（1 项） ━━" in words(DIGEST, "plain")
    assert "临期任务 2 项" in words(DIGEST, "html")


@KINDS
def test_no_part_of_a_row_is_left_over_where_there_is_nothing_to_say(kind: str) -> None:
    said = words(of(PLAIN_ROW), kind)
    for word in ("灯", "督办单", "责任：", "进展", "打开、报送", "打开任务", "申请延期", "另有", "（）", "None"):
        assert word not in said.replace("责任清单", "")


@KINDS
@pytest.mark.parametrize("light", ["red", "yellow", "green"])
def test_a_light_is_a_word_and_never_a_colour_alone(kind: str, light: str) -> None:
    assert {"red": "红灯", "yellow": "黄灯", "green": "绿灯"}[light] in words(of(replace(PLAIN_ROW, light=light)), kind)


@KINDS
def test_one_is_not_told_ones_own_name(kind: str) -> None:
    assert "第三党支部" not in words(of(ROW), kind)


@KINDS
def test_who_carries_duties_of_two_parties_is_told_whose_each_is(kind: str) -> None:
    said = words(of(ROW, replace(ROW, party="办公室")), kind)
    assert "第三党支部" in said
    assert "办公室" in said


@KINDS
def test_a_superior_is_told_who_carries_it_under_the_name_of_the_branch(kind: str) -> None:
    said = words(of(ROW, name="第三党支部", person="吴望舒"), kind)
    assert said.count("第三党支部") == 1
    assert said.index("第三党支部") < said.index("召开支部党员大会")
    assert "林一" in said
    assert "打开任务" in said
    assert "打开、报送" not in said


def test_a_post_that_is_its_own_party_is_named_once() -> None:
    assert "责任：林一\n" in words(of(replace(ROW, party="林一"), person="吴望舒"), "plain")


@KINDS
def test_a_due_date_of_another_year_says_so(kind: str) -> None:
    assert "2025年12月31日到期" in words(of(replace(ROW, due_on=date(2025, 12, 31))), kind)


@KINDS
def test_what_is_not_listed_is_counted(kind: str) -> None:
    assert "另有 12 项没有列在这里" in words(replace(DIGEST, left_out=12), kind)


def test_text_and_html_lead_to_the_same_pages() -> None:
    digest = replace(DIGEST, unsubscribe="https://zeren.example/stop?a=1&b=2")
    links = Page(body(composed(digest), "html")).links
    assert links == ["https://zeren.example/k/x", ROW.link, ROW.more_time, digest.unsubscribe]
    assert [link for link in links if link not in body(composed(digest), "plain")] == []


def test_html_in_any_text_is_shown_not_obeyed() -> None:
    bad, said = "<script>alert(1)</script>", Text("<b>&amp;", "<b>&amp;")
    row = replace(ROW, content=bad, text=f"{bad}2", period=bad, party=bad, person=bad, said=(said, said), last_said=said)
    digest = of(row, name=bad, first=(said,), subject=said, notice=b"x", notice_name="<b>&amp;.docx")
    html = body(composed(digest), "html")
    assert "<script" not in html
    assert "<b>&amp;" not in html
    assert bad in Page(html).words
    assert "<b>&amp;；<b>&amp;" in Page(html).words


@KINDS
def test_a_long_text_of_several_lines_stays_one_short_line(kind: str) -> None:
    said = words(of(replace(ROW, content="很长\n的\x00事项" * 100, text="很长\r\n的步骤" * 100)), kind)
    (line,) = (line for line in said.splitlines() if "很长 的事项" in line)
    assert "…（第一季度）" in line
    assert len(line) < 150


def test_a_subject_of_several_lines_becomes_one() -> None:
    assert composed(replace(DIGEST, subject=Text("一\r\n二\u2028三", "")))["Subject"] == "一 二 三"


def test_the_word_notice_is_attached_and_named() -> None:
    message = composed(replace(DIGEST, notice=b"PK\x03\x04", notice_name="红色督办单-林一.docx"))
    (attached,) = message.iter_attachments()
    assert (attached.get_filename(), attached.get_content()) == ("红色督办单-林一.docx", b"PK\x03\x04")
    assert attached.get_content_type() == "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
    assert "红色督办单见附件：红色督办单-林一.docx" in body(message, "plain")


def test_without_a_red_duty_nothing_is_attached() -> None:
    assert list(composed().iter_attachments()) == []
    assert "附件" not in body(composed(), "plain")


def test_only_what_informs_can_be_ended_by_its_reader() -> None:
    informed = composed(replace(DIGEST, unsubscribe="https://zeren.example/stop"))
    assert informed["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert "不再接收此类汇总：https://zeren.example/stop" in body(informed, "plain")
    assert composed()["List-Unsubscribe"] is None
    assert "不再接收" not in body(composed(), "html")


@pytest.mark.parametrize("fields", [{"person": "林\r\nBcc: x@y.cn"}, {"address": "a@b.cn\nBcc: x@y.cn"}])
def test_a_line_break_never_gets_into_a_header(fields: dict[str, str]) -> None:
    with pytest.raises(Refused):
        composed(replace(DIGEST, **fields))  # type: ignore[arg-type]
