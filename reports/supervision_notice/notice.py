"""What a 督办单 says. Plain values: whoever issues it has looked everything up."""

from dataclasses import dataclass
from datetime import date

from office.policy import Colour
from office.text import Text


@dataclass(frozen=True, slots=True)
class OverdueDuty:
    """One row. What is empty stays so."""

    content: str
    text: str  # of the step; may repeat the content
    period: str
    due_on: date
    workdays_over: int
    party: str  # 责任单位
    person: str  # 责任人: who carries it
    gone_up_to: Text  # 联系领导吴望舒
    standard: str = ""  # 要求, as the list writes it


@dataclass(frozen=True, slots=True)
class SupervisionNotice:
    """One notice about one or more duties, of one person or of several."""

    number: str  # 编号, as the office counts them: 督办〔2026〕15号
    colour: Colour
    office: str  # 签发单位
    officer: str  # 经办人: whom to ask
    on: date  # the day of issue
    done_by: date | None  # 办理期限; None: at once
    duties: tuple[OverdueDuty, ...]

    @property
    def parties(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(duty.party for duty in self.duties if duty.party))

    @property
    def people(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(duty.person for duty in self.duties if duty.person))

    @property
    def is_to_several(self) -> bool:
        """Whether each row has to say whose it is."""
        return len({(duty.party, duty.person) for duty in self.duties}) > 1
