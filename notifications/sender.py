"""Who the office's mail comes from, in which language, whom a reader asks, and where its links lead."""

from dataclasses import dataclass, field
from email.utils import parseaddr
from functools import cached_property
from zoneinfo import ZoneInfo

from office.text import Language, Text

SHANGHAI = ZoneInfo("Asia/Shanghai")
ADDRESSED = Text("计划员", "Officer")  # who has no name


@dataclass(frozen=True)
class Sender:
    """`mail_from` and `reply_to` are addresses with or without a display name; an empty `reply_to` means the sender."""

    mail_from: str
    reply_to: str = ""
    language: Language = "zh"
    zone: ZoneInfo = SHANGHAI  # where deadlines are civil dates
    portal_url: str = ""  # of the portal, without a slash at the end; without one mails carry no links
    secret_key: str = field(default="", repr=False)  # signs the links; empty: a secret that the database keeps
    link_days: int = 180  # how long a link is good

    @cached_property
    def envelope_address(self) -> str:
        return parseaddr(self.mail_from)[1]

    @cached_property
    def officer(self) -> str:
        """Name and address of the person to ask, as a reader sees them."""
        name, address = parseaddr(self.reply_to or self.mail_from)
        return f"{name} {address}" if name else address

    @cached_property
    def officer_address(self) -> str:
        """Where the planning officer gets mail."""
        return parseaddr(self.reply_to or self.mail_from)[1]

    @property
    def officer_name(self) -> str:
        """How the planning officer is addressed: by the name beside her address, which the sender's is not."""
        return (parseaddr(self.reply_to)[0] if self.reply_to else "") or ADDRESSED.in_(self.language)
