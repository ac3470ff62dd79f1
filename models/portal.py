"""What links into the portal are made of. A link names a key, not a person: with another key all links given before are void."""

from datetime import datetime

from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base


class PortalKey(Base):
    """Whom a link stands for: a person of the roster by name, or the planning officer."""

    __tablename__ = "portal_keys"

    holder: Mapped[str] = mapped_column(String(50), primary_key=True)
    key: Mapped[str] = mapped_column(String(32), unique=True)  # random
    made_at: Mapped[datetime]


class PortalSecret(Base):
    """What links are signed with where no `ZEREN_SECRET_KEY` is set: one row, made when the first link is."""

    __tablename__ = "portal_secrets"

    id: Mapped[int] = mapped_column(primary_key=True)
    secret: Mapped[str] = mapped_column(String(64))
    made_at: Mapped[datetime]
