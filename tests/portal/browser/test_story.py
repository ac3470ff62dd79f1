"""From the mail to the approval, on a phone and on a desktop whose browser runs no scripts."""

from collections.abc import Callable
from pathlib import Path

import openpyxl
from playwright.sync_api import expect

from tests.evidence import files
from tests.portal.browser.answering_office import ISSUED, AnsweringOffice
from tests.portal.browser.conftest import Windows
from tests.portal.browser.windows import DESKTOP, PHONE, Device, Window


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

    secretary.touch(secretary.row("主题党日", "3月31日"))
    secretary.sees("报送办理情况", "实到人数", "未上传活动记录的不计次数", "下发")
    secretary.fill(做了什么="围绕“阳光救助”开展学习，")
    secretary.press("保存草稿")
    secretary.sees("草稿已保存，还没有报送。")

    secretary.open("/")
    secretary.touch(secretary.row("主题党日", "3月31日"))
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
        secretary.page.locator(".turned").evaluate("buttons => buttons.scrollIntoView({block: 'end'})")
        picture(secretary, "portal-report")
    secretary.press("报送")
    secretary.sees("已报送，等待审核。", "第1次报送", "阳光救助在身边", "活动照片.png")

    leader = windows(branch.leader, **device.options)
    leader.ask_for_link()
    leader.press("待我处理")
    leader.touch(leader.row("主题党日", branch.name))
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

    reviewer = leader
    if device is DESKTOP:
        reviewer = windows("计划员", **device.options)
        reviewer.ask_for_link()
    reviewer.open("/reviews")
    reviewer.touch(reviewer.row("主题党日", branch.name))
    reviewer.press("通过")
    reviewer.sees("已审核通过。", "按期办结")

    secretary.open_mail("审核通过")
    assert secretary.page.url == f"{answering.url}/duties/{duty}"
    secretary.press("已办结")
    secretary.sees("办结于 3月10日周二")
    secretary.press("台账")
    secretary.sees("主题党日", "阳光救助在身边", "已通过", "合计")
    workbook = tmp_path / "台账.xlsx"
    secretary.download("下载 Excel").save_as(workbook)
    rows = list(openpyxl.load_workbook(workbook).worksheets[0].iter_rows(values_only=True))
    assert any(branch.name in row and "阳光救助在身边" in row and 21 in row for row in rows)


def test_more_time_is_asked_for_and_granted(answering: AnsweringOffice, windows: Windows, device: Device) -> None:
    branch = device.branch
    duty = answering.duty(branch, "标准化规范化", "对照标准逐项自查", "4月中旬")
    secretary, leader = windows(branch.secretary, **device.options), windows(branch.leader, **device.options)

    secretary.open_mail(ISSUED)
    secretary.touch(secretary.row("标准化规范化", "对照标准逐项自查"))
    form = secretary.unfold("申请延期")
    secretary.fill(within=form, 希望延到="2026-05-08", 原因="新支委4月底选出。", 目前进展="已完成资料整理。")
    secretary.press("提交申请", within=form)
    secretary.sees("延期申请已提交。", "新支委4月底选出。", "2026年4月20日周一 → 2026年5月8日周五")

    leader.open_mail("请您决定：延期")
    assert leader.page.url.startswith(f"{answering.url}/duties/{duty}")
    leader.open("/reviews")
    leader.touch(leader.row("标准化规范化", branch.name, "5月8日"))
    leader.sees("原因：新支委4月底选出。", "进展：已完成资料整理。")
    leader.fill(准予延期至="2026-04-30", 意见="抓紧。")
    leader.press("准予延期")
    leader.sees("已准予延期。")

    secretary.open_mail("准予延期")
    assert secretary.page.url == f"{answering.url}/duties/{duty}"
    secretary.sees("2026年4月30日周四", "（原定2026年4月20日周一）", "准予延期至 2026年4月30日", "抓紧。")


def test_a_duty_is_given_to_a_colleague(answering: AnsweringOffice, windows: Windows, device: Device) -> None:
    branch = device.branch
    duty = answering.duty(branch, "三会一课", "召开支部委员会", "5月")
    secretary, colleague = windows(branch.secretary, **device.options), windows(branch.colleague, **device.options)

    secretary.open_mail(ISSUED)
    secretary.open(f"/duties/{duty}")
    form = secretary.unfold("转办给本单位同事")
    form.get_by_label("转给").select_option(branch.colleague)
    secretary.fill(within=form, 原因="5月外出学习。")
    secretary.press("转办", within=form)
    secretary.sees("已转办，对方会收到邮件。")

    colleague.open_mail("5月外出学习")
    assert colleague.page.url == f"{answering.url}/duties/{duty}"
    colleague.sees("召开支部委员会", "5月外出学习。", "报送办理情况")


def test_a_substitute_sees_and_reports_the_duties_of_who_is_on_leave(answering: AnsweringOffice, windows: Windows, device: Device) -> None:
    branch = device.branch
    duty = answering.duty(branch, "加强党员教育管理", "收缴党费", "3月5日")
    secretary, substitute = windows(branch.secretary, **device.options), windows(branch.colleague, **device.options)

    secretary.open_mail(ISSUED)
    secretary.press("请假代办")
    secretary.page.get_by_label("代办人").select_option(branch.colleague)
    secretary.fill(从="2026-03-10", 到="2026-03-13", 事由="年休假")
    secretary.press("登记代办")
    secretary.sees("代办已登记，代办人会收到邮件。", branch.colleague, "年休假")

    substitute.open_mail(f"请代{branch.secretary}办理责任事项")
    substitute.open("/")
    substitute.sees(f"您正在代办：{branch.secretary}", f"代{branch.secretary}")
    substitute.touch(substitute.row("收缴党费", "3月5日"))
    substitute.sees(f"您代{branch.secretary}办理这项任务。")
    substitute.fill(做了什么="3月党费已收齐入账。")
    substitute.press("报送")
    substitute.sees("已报送，等待审核。", "第1次报送", f"{branch.colleague} ·")
    assert substitute.page.url.startswith(f"{answering.url}/duties/{duty}")

    secretary.press("提前结束")
    secretary.sees("代办已结束。")
    substitute.open("/")
    substitute.sees_no(f"您正在代办：{branch.secretary}")
