"""A policy in sentences."""

from office.policy import default_policy, read_policy
from office.policy_words import meaning, meaning_of_rules


def said(text: str) -> list[str]:
    return [each.zh for each in meaning(read_policy(text, place="policy.toml"))]


def test_the_default_says_all_that_it_means() -> None:
    assert [each.zh for each in meaning(default_policy())] == [
        "预警：到期前第7、3、1个工作日提醒责任人",
        "签收：下发后第3个工作日仍未签收，再提醒责任人；第6个工作日仍未签收，告知联系领导",
        "逾期：到期后第1个工作日到责任人，第3个工作日到联系领导，第7个工作日到主要负责人，第15个工作日到党组",
        "审核：报送后第1、4个工作日仍未审核，提醒审核人",
        "督办单：预警用蓝色督办单，到期前最后一次用黄色，逾期到责任人用黄色督办单，逾期到联系领导、主要负责人、党组用红色督办单",
        "紧急事项，逾期直接上报：到期后第1个工作日到责任人、联系领导、主要负责人，第3个工作日到党组",
        "邮件：上报在08:30，前一个工作日先告诉责任人；每人每天至多5封；个人可以关掉到期前第7、3个工作日的预警",
        "例会：每月最后一个工作日，会前第3个工作日准备材料",
    ]


def test_an_exception_says_only_where_it_differs() -> None:
    text = (
        '[[exceptions]]\nlist = "甲"\nitem = 3\n[exceptions.overdue]\nprincipal = 5\n'
        '[[exceptions]]\nlist = "乙"\nurgent = true\n[[exceptions]]\nlist = "丙"'
    )
    assert said(text)[-3:] == [
        "例外，《乙》：紧急事项，逾期直接上报：到期后第1个工作日到责任人、联系领导、主要负责人，第3个工作日到党组",
        "例外，《丙》：没有不同",
        "例外，《甲》第3项：逾期：到期后第1个工作日到责任人，第3个工作日到联系领导，第5个工作日到主要负责人，第15个工作日到党组",
    ]


def test_an_item_that_is_named_by_its_address_is_said_to_be_there() -> None:
    text = '[[exceptions]]\nlist = "甲"\nitem = "领导班子!B26"\n[exceptions.review]\nafter = []'
    assert said(text)[-1] == "例外，《甲》领导班子!B26处的事项：审核：不提醒审核人"


def test_what_is_not_done_is_said_too() -> None:
    text = '[warning]\nbefore = []\n[review]\nafter = []\n[meeting]\nevery = "never"'
    assert {"预警：到期前不提醒", "审核：不提醒审核人", "例会：不开"} <= set(said(text))


def test_only_warnings_that_there_are_and_not_the_last_may_be_switched_off() -> None:
    assert any("个人可以关掉到期前第7个工作日的预警" in each for each in said("[warning]\nbefore = [7, 3]"))
    assert any("预警不能关掉" in each for each in said("[warning]\nbefore = [3]"))


def test_meetings_are_counted_from_either_end() -> None:
    assert said('[meeting]\nevery = "quarter"\nworkday = 5')[-1].startswith("例会：每季度第5个工作日，")
    assert said("[meeting]\nworkday = -2")[-1].startswith("例会：每月倒数第2个工作日，")


def test_every_sentence_is_said_in_english_too() -> None:
    rules = read_policy('[[exceptions]]\nlist = "A"\nurgent = true', place="policy.toml").rules_of("A", "1")
    assert all(each.en.isascii() for each in (*meaning(default_policy()), *meaning_of_rules(rules)))
