"""Links into the portal: signed, personal, with a last day, and void once their holder gets another key.

In: for whom, and what the link allows. Out: its address; and of what somebody opened, whom it stands for. A token holds its scope,
the holder's key, its last day and, where it allows one thing only, which; the key is random, so a token of another database is nobody's.
"""

import enum
import hashlib
import secrets
from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any

from itsdangerous import BadData, URLSafeSerializer
from sqlalchemy import select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from engine.history import IDS_A_QUERY
from engine.moves import OFFICER
from models import Base, Person, PortalKey, PortalSecret
from notifications.sender import Sender
from office.text import Refused, Text

CALENDAR_DAYS = 400  # a calendar that is subscribed to for the year
EVIDENCE_DAYS = 400  # how long a report of this year is looked at
UNSUBSCRIBE_DAYS = 400  # how long a mail may lie in a mailbox before its reader has enough of its kind
_SALT = "zeren.portal"


class Scope(enum.StrEnum):
    """What a link allows."""

    ANSWER = "a"  # what its holder may do
    CALENDAR = "c"  # to read its holder's dates
    EVIDENCE = "e"  # to open one file
    UNSUBSCRIBE = "u"  # to end its holder's weekly digests


class Fault(enum.Enum):
    """Why a link opens nothing."""

    FORGED = Text("链接不完整或不正确", "The link is incomplete or wrong")
    EXPIRED = Text("链接已过期", "The link has expired")
    REVOKED = Text("链接已作废", "The link is no longer valid")


class NoEntry(Exception):
    """A link that opens nothing."""

    def __init__(self, fault: Fault) -> None:
        super().__init__(fault.value.en)
        self.fault = fault


@dataclass(frozen=True, slots=True)
class Visitor:
    """Whom a link stands for. `key` tells their links from each other's; `subject` is the id of the one thing that it allows."""

    holder: str  # a person of the roster, or the planning officer
    person_id: int | None  # None: the planning officer
    key: str
    subject: int | None = None

    @property
    def is_officer(self) -> bool:
        return self.person_id is None


def links_of(session: Session, holders: Collection[str], *, sender: Sender, now: datetime, to: str = "") -> dict[str, str]:
    """The addresses of personal links, by holder; `to` is the page of the portal that they open first, like `/duties/12`.

    Empty where no portal is set. Keys that are missing are made in this transaction.
    """
    if not sender.portal_url:
        return {}
    signer, ends_on = _signer(session, sender, now), _day(now, sender) + timedelta(days=sender.link_days)
    return {
        holder: f"{sender.portal_url}/l/{_token(signer, Scope.ANSWER, key, ends_on)}{to}"
        for holder, key in _keys(session, holders, now).items()
    }


def link_of(session: Session, holder: str, *, sender: Sender, now: datetime, to: str = "") -> str:
    """The address of one personal link; empty where no portal is set."""
    return links_of(session, [holder], sender=sender, now=now, to=to).get(holder, "")


def calendar_address(session: Session, holder: str, *, sender: Sender, now: datetime) -> str:
    """Where a calendar subscribes to the dates of `holder`."""
    ends_on = _day(now, sender) + timedelta(days=CALENDAR_DAYS)
    token = _token(_signer(session, sender, now), Scope.CALENDAR, _keys(session, [holder], now)[holder], ends_on)
    return f"{sender.portal_url}/calendar/{token}.ics"


def unsubscribe_links(session: Session, names: Collection[str], *, sender: Sender, now: datetime) -> dict[str, str]:
    """Where each of these people ends their weekly digests, by name: whoever has the address, and they alone, and nothing else.

    Empty where no portal is set. Keys that are missing are made in this transaction.
    """
    if not sender.portal_url:
        return {}
    signer, ends_on = _signer(session, sender, now), _day(now, sender) + timedelta(days=UNSUBSCRIBE_DAYS)
    return {
        name: f"{sender.portal_url}/unsubscribe/{_token(signer, Scope.UNSUBSCRIBE, key, ends_on)}"
        for name, key in _keys(session, names, now).items()
    }


def evidence_addresses(session: Session, evidence: Collection[tuple[int, datetime]], *, sender: Sender, now: datetime) -> dict[int, str]:
    """Where whoever looks at the board opens each of these files: the planning officer's links, by the id of the evidence.

    `evidence` are ids with the moments of their reports: the same evidence has the same address each time. Writes nothing: the
    officer's key is made with the first file (`prepare`).
    """
    key = _known_keys(session, [OFFICER]).get(OFFICER)
    if not sender.portal_url or not evidence or key is None:
        return {}
    signer = _signer(session, sender, now, make=False)
    addresses = {}
    for id_, reported_at in evidence:
        ends_on = _day(reported_at, sender) + timedelta(days=EVIDENCE_DAYS)
        addresses[id_] = f"{sender.portal_url}/evidence/{_token(signer, Scope.EVIDENCE, key, ends_on, id_)}"
    return addresses


def with_secret(session: Session, sender: Sender, *, now: datetime) -> Sender:
    """The sender with the secret that signs the links: for a program that checks one at every request and need not look it up each time."""
    return replace(sender, secret_key=sender.secret_key or _stored_secret(session, now, make=True))


def prepare(session: Session, *, sender: Sender, now: datetime) -> None:
    """Make what the officer's links need, for those who only read later."""
    _signer(session, sender, now)
    _keys(session, [OFFICER], now)


def visitor(session: Session, token: str, scope: Scope, *, sender: Sender, now: datetime) -> Visitor:
    """Whom a token stands for. Raises `NoEntry` for one that is forged, of another scope, over, revoked, or of somebody who left."""
    try:
        allowed, key, ends_on, subject = _signer(session, sender, now, make=False).loads(token)
        ends = date.fromordinal(ends_on)
    except (BadData, ValueError, TypeError, OverflowError):
        raise NoEntry(Fault.FORGED) from None
    if allowed != scope:
        raise NoEntry(Fault.FORGED)
    if _day(now, sender) > ends:
        raise NoEntry(Fault.EXPIRED)
    row = session.execute(
        select(PortalKey.holder, Person.id)
        .outerjoin(Person, (Person.name == PortalKey.holder) & Person.left_on.is_(None))
        .where(PortalKey.key == key)
    ).one_or_none()
    if row is None or (row.id is None and row.holder != OFFICER):
        raise NoEntry(Fault.REVOKED)
    return Visitor(row.holder, row.id, key, subject)


def revoke(session: Session, holder: str, *, now: datetime) -> None:
    """Make every link that was given to `holder` void, calendars too; links made later are good. Refuses who has none."""
    changed = session.execute(
        update(PortalKey).where(PortalKey.holder == holder).values(key=_new_key(), made_at=now).execution_options(synchronize_session=False)
    )
    if not changed.rowcount:  # type: ignore[attr-defined]
        raise Refused(Text(f"“{holder}”还没有链接", f"{holder} has no link"))


def form_mark(session: Session, visitor: Visitor, *, sender: Sender, now: datetime) -> str:
    """What a form that was shown to this visitor carries: nobody else can put a form together. All links of one holder have the same."""
    return _signer(session, sender, now, make=False, salt="zeren.form").get_signature_of(visitor.key)


def _day(now: datetime, sender: Sender) -> date:
    return now.astimezone(sender.zone).date()


def _token(signer: "_Signer", scope: Scope, key: str, ends_on: date, subject: int | None = None) -> str:
    return str(signer.dumps([scope.value, key, ends_on.toordinal(), subject]))


class _Signer(URLSafeSerializer):
    def __init__(self, secret: str, salt: str) -> None:
        super().__init__(secret, salt=salt, signer_kwargs={"digest_method": hashlib.sha256, "key_derivation": "hmac"})

    def get_signature_of(self, value: str) -> str:
        return self.make_signer(self.salt).get_signature(value).decode()


def _signer(session: Session, sender: Sender, now: datetime, *, make: bool = True, salt: str = _SALT) -> _Signer:
    return _Signer(sender.secret_key or _stored_secret(session, now, make=make), salt)


def _stored_secret(session: Session, now: datetime, *, make: bool) -> str:
    """The office's own secret; where there is none yet, none is made for who only reads: then no token is good."""
    wanted = select(PortalSecret.secret).where(PortalSecret.id == 1)
    secret = session.scalar(wanted)
    if secret is None and make:
        _insert_missing(session, PortalSecret, "id", [{"id": 1, "secret": secrets.token_urlsafe(32), "made_at": now}])
        secret = session.scalars(wanted).one()
    return secret or secrets.token_urlsafe(32)


def _keys(session: Session, holders: Collection[str], now: datetime) -> dict[str, str]:
    """The keys of these holders, in their order; those who have none yet get one."""
    keys = _known_keys(session, holders)
    missing = [holder for holder in dict.fromkeys(holders) if holder not in keys]
    if missing:
        _insert_missing(session, PortalKey, "holder", [{"holder": holder, "key": _new_key(), "made_at": now} for holder in missing])
        keys = _known_keys(session, holders)  # another run may have made one meanwhile
    return {holder: keys[holder] for holder in dict.fromkeys(holders)}


def _known_keys(session: Session, holders: Iterable[str]) -> dict[str, str]:
    keys: dict[str, str] = {}
    ordered = sorted(set(holders))
    for start in range(0, len(ordered), IDS_A_QUERY):
        some = PortalKey.holder.in_(ordered[start : start + IDS_A_QUERY])
        found = session.execute(select(PortalKey.holder, PortalKey.key).where(some))
        keys.update((holder, key) for holder, key in found)
    return keys


def _insert_missing(session: Session, table: type[Base], unique: str, rows: list[dict[str, Any]]) -> None:
    dialect = postgresql if session.get_bind().dialect.name == "postgresql" else sqlite
    session.execute(dialect.insert(table).on_conflict_do_nothing(index_elements=[unique]), rows)


def _new_key() -> str:
    return secrets.token_urlsafe(18)
