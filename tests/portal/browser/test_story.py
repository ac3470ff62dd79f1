"""From the mail to the approval, on a phone and on a desktop whose browser runs no scripts."""

from collections.abc import Callable
from pathlib import Path

import openpyxl
from playwright.sync_api import expect

from tests.evidence import files
from tests.portal.browser.answering_office import AnsweringOffice
from tests.portal.browser.conftest import Windows
from tests.portal.browser.windows import PHONE, Device, Window

ISSUED = "主体责任清单"  # in the subject of the list's mail


def test_a_party_day_goes_from_the_mail_through_a_return_to_its_approval(
    answering: AnsweringOffice, windows: Windows, device: Device, picture: Callable[[Window, str], None], tmp_path: Path
) -> None:
    branch = device.branch
    duty = answering.duty(branch, "主题党日", "结合民政业务", "3月")
    secretary = windows(branch.secretary, **device.options)

    secretary.open_mail(ISSUED)
    secretary.sees("我的任务", branch.secretary, "项还没有签收", "快到期，或退回重办")
    secretary.press("全部签收")
    secretary.sees("已签收。")
    secretary.sees_no("还没有签收")
    if device is PHONE:
        picture(secretary, "portal-phone")

    secretary.row("主题党日", "3月31日").click()
    secretary.sees("报送办理情况", "实到人数", "未上传活动记录的不计次数", "下发")
    secretary.fill(做了什么="围绕“阳光救助”开展学习，")
    secretary.press("保存草稿")
    secretary.sees("草稿已保存，还没有报送。")

    secretary.open("/")
    secretary.row("主题党日", "3月31日").click()
    expect(secretary.page.get_by_label("做了什么")).to_have_value("围绕“阳光救助”开展学习，")
    photo = tmp_path / "活动照片.png"
    secretary.page.screenshot(path=photo)  # a real picture, as a phone makes them
    secretary.fill(
        做了什么="围绕“阳光救助”开展学习，到共建社区走访困难家庭6户。",
        办理日期="2026-03-09",
        主题="阳光救助在身边",
        地点="机关三楼会议室",
        应到人数="23",
        实到人数="21",
    )
    secretary.attach(photo)
    secretary.press("保存草稿")
    secretary.sees("活动照片.png", "已上传的佐证材料")
    if device is PHONE:
        secretary.page.get_by_role("heading", name="报送办理情况").scroll_into_view_if_needed()
        picture(secretary, "portal-report")
    secretary.press("报送")
    secretary.sees("已报送，等待审核。", "第1次报送", "阳光救助在身边", "活动照片.png")

    leader = windows(branch.leader, **device.options)
    leader.open("/link")
    leader.fill(您的邮箱地址=answering.addresses[branch.leader])
    leader.press("发送新链接")
    leader.sees("如果名册里有这个邮箱")
    leader.open_mail("您的新链接")
    leader.press("待我处理")
    leader.row("主题党日", branch.name).click()
    leader.sees("第1次报送", "到共建社区走访困难家庭6户", "审核意见")
    shown = leader.page.context.request.get(f"{answering.url}{leader.page.get_by_role('link', name='活动照片.png').get_attribute('href')}")
    assert (shown.headers["content-type"], shown.body()) == ("image/png", photo.read_bytes())
    leader.press("退回重办")
    leader.sees("退回要写明审核意见")
    leader.fill(审核意见="缺签到表，请补上。")
    leader.press("退回重办")
    leader.sees("已退回，责任人会收到邮件。", "缺签到表，请补上。")

    secretary.open_mail("缺签到表")
    assert secretary.page.url == f"{answering.url}/duties/{duty}"
    secretary.sees("退回", "缺签到表，请补上。", "2026年3月31日")
    signed = tmp_path / "签到表.pdf"
    signed.write_bytes(files.PDF)
    secretary.fill(
        做了什么="补上签到表。", 办理日期="2026-03-09", 主题="阳光救助在身边", 地点="机关三楼会议室", 应到人数="23", 实到人数="21"
    )
    secretary.attach(signed)
    secretary.press("报送")
    secretary.sees("已报送，等待审核。", "第2次报送", "签到表.pdf")

    leader.open("/reviews")
    leader.row("主题党日", branch.name).click()
    leader.press("通过")
    leader.sees("已审核通过。", "已办结")

    secretary.open_mail("审核通过")
    assert secretary.page.url == f"{answering.url}/duties/{duty}"
    secretary.press("已办结")
    secretary.sees("办结于 3月10日周二")
    secretary.press("台账")
    secretary.sees("主题党日", "阳光救助在身边", "已通过", "合计")
    workbook = tmp_path / "台账.xlsx"
    secretary.download("下载 Excel：主题党日").save_as(workbook)
    rows = list(openpyxl.load_workbook(workbook).worksheets[0].iter_rows(values_only=True))
    assert any(branch.name in row and "阳光救助在身边" in row and 21 in row for row in rows)
