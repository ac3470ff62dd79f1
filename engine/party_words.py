"""The words that stand for parties without being anybody's name (FIELD.md section 4). All are matched on tidy names."""

import re

from engine.directory import UnitClass, tidy

TOGETHER = re.compile(r"[、,;和及与]")
EXCEPTION = (
    re.compile(r"(?P<word>.+)\((?:除|不含|不包括|不包含)(?P<names>.+?)(?:除外|以?外|之外)?\)"),  # 各支部(除老干部支部外)
    re.compile(r"(?P<word>.+)\((?P<names>.+?)(?:除外|以外)\)"),  # 各科室(综合科除外)
    re.compile(r"除(?P<names>.+?)(?:以?外|之外)[,、]?的?(?P<word>.+)"),  # 除综合科外各科室
)

_ONE_OF = r"(相关|有关|涉及|涉事|业务|职能|责任|主管|对口|各自|牵头|承办|主办).*"
VAGUE = re.compile(_ONE_OF + r"(单位|部门|科室|处室|支部|党组织|领导|人员|责任人|负责人)")  # 各相关单位: which ones?

OFFICE = r"(?:市局|县局|区局|本局|局)?"
_OWNED = r"(?:局属|局直属?|直属|所属|下属)"
# A word for several units → their classes, and the classes one of which must stand above them. Brackets are left out before:
# 各党(总)支部, 各县(市、区)民政局.
COLLECTIVE: tuple[tuple[re.Pattern[str], tuple[UnitClass, ...], tuple[UnitClass, ...]], ...] = tuple(
    (re.compile(words), classes, above)
    for words, classes, above in (
        (r"局?机关(?:党委|党总支)?(?:所属|下属)?各?个?党?支部(?:委员会)?|机关全体党员", (UnitClass.BRANCH,), (UnitClass.ORGAN_COMMITTEE,)),
        (rf"各?{_OWNED}各?(?:事业)?(?:单位)?各?(?:党组织|党?支部)", (UnitClass.BRANCH,), (UnitClass.AFFILIATED,)),
        (rf"{OFFICE}(?:所有|全体|全部|各个?)(?:基层|下属|所属)?党?支部(?:委员会)?|全体党员", (UnitClass.BRANCH,), ()),
        (rf"{OFFICE}各(?:基层|下属|所属)?党总支", (UnitClass.GENERAL_BRANCH,), ()),
        (rf"{OFFICE}各(?:级|基层|下属|所属)?(?:党组织|党?总支部|党?总支、?党?支部)", (UnitClass.GENERAL_BRANCH, UnitClass.BRANCH), ()),
        (rf"{OFFICE}(?:机关)?各个?(?:内设)?(?:科室?|处室?|股室|部门|内设机构)", (UnitClass.SECTION,), ()),
        (rf"{OFFICE}机关(?:内设)?(?:科室|处室|部门|内设机构)|内设机构", (UnitClass.SECTION,), ()),
        (rf"{OFFICE}各?{_OWNED}各?(?:事业|二级)?单位|局?各?(?:事业|二级)单位", (UnitClass.AFFILIATED,), ()),
        (r"(?:全局|局)?各单位(?:各部门|各科室)?|(?:各科室|各部门)各单位", (UnitClass.SECTION, UnitClass.AFFILIATED), ()),
        (r"(?:各[县市区旗、]+|[县市区旗、]{2,})(?:[一-鿿]*(?:局|部门))?", (UnitClass.COUNTY_BUREAU,), ()),
    )
)
TITLES_OF_EACH = (  # 各支部书记, 各单位主要负责人
    *("书记", "主要负责人", "主要负责同志", "主要领导", "负责人", "负责同志", "一把手"),
    *("科长", "处长", "站长", "所长", "局长", "股长", "主任"),
)
READ_AS = {  # read like this, and asked about
    **dict.fromkeys(("支部书记", "党支部书记"), "各支部书记"),
    **dict.fromkeys(("科室负责人", "部门负责人", "各科长"), "各科室负责人"),
    **dict.fromkeys(("支部", "党支部", "基层党支部", "支部委员会", "党支部委员会", "党员", "党员干部", "全体党员干部"), "各党支部"),
    **dict.fromkeys(("干部职工", "全体干部职工", "全局干部职工", "全体干部", "全体职工"), "各科室各单位"),
}
HEAD = ("负责人", "主要负责人", "主要负责同志", "主要领导", "负责同志", "一把手", "第一责任人")  # of the unit before it

TEAM = re.compile(rf"{OFFICE}(?:党组|党委)?(?:领导)?班子|{OFFICE}(?:党组|党委)")
MEMBERS = re.compile(
    rf"(?:全体|各位?)?{OFFICE}(?:全体|各位?)?(?:党组|党委)?(?:领导)?(?:班子)?(?:各|全体)?成员|(?:各位?|全体)?(?:市局|局)领导"
)
OTHERS = re.compile(
    rf"{OFFICE}(?:党组|党委)?(?:领导)?(?:班子)?(?:其他|其它)(?:党组|党委)?(?:领导)?(?:班子)?(?:成员|领导)|(?:领导)?班子副职"
)
PRINCIPAL = re.compile(rf"{OFFICE}(?:党组|党委)?(?:领导班子)?(?:主要负责人|主要负责同志|主要领导|第一责任人|一把手|主要责任人)")
IN_CHARGE = re.compile(r"(?:各|相关|有关)?位?(?:分管|主管)的?(?:局|党组|班子)?(?:领导|负责人|成员|局长|副局长|副职|同志)")
CONTACT = re.compile(r"各?(?:联系|包联|挂联|挂钩|包抓|联点)点?(?:支部)?的?(?:局|党组|班子)?(?:领导|成员)")
TITLE = re.compile(r"(?!.*(?:班子|各|全体|其他)).*(?:成员|委员|[局科处站所院组]长|书记|主任)")  # may stand before its holder's name
DISCIPLINE = re.compile(r"(?:市?纪委(?:监委)?)?(?:派驻|驻)?(?:市?局|本局)?纪检(?:监察)?组(?P<rest>班子|组长|负责人)?")


def is_collective(name: str) -> bool:
    """Whether a word names leaders as a team (班子成员, 班子其他成员), of whom only the one concerned leads a unit's duty."""
    word = tidy(name)
    return bool(MEMBERS.fullmatch(word) or OTHERS.fullmatch(word))
