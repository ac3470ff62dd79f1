"""What the board in the Prefect UI shows of which assignment: so that only what changed is sent. Lost, it is made anew."""

from datetime import date, datetime

from sqlalchemy import ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base


class Board(Base):
    """The board of this office: one row. `deployment_id` tells whether the server still has the board that was built there."""

    __tablename__ = "boards"

    id: Mapped[int] = mapped_column(primary_key=True)
    api_url: Mapped[str] = mapped_column(String(500), default="")  # of the Prefect server that shows it
    deployment_id: Mapped[str | None] = mapped_column(String(36))
    updated_at: Mapped[datetime | None]  # all of it was true then
    failed_at: Mapped[datetime | None]  # the last update that did not come to its end; None after one that did
    fault: Mapped[str] = mapped_column(Text, default="", server_default="")


class BoardRun(Base):
    """The flow run that stands for one assignment, and how much of it the server has."""

    __tablename__ = "board_runs"
    __table_args__ = (Index("ix_board_runs_look_again_on", "look_again_on"),)  # what a new day changes

    assignment_id: Mapped[int] = mapped_column(ForeignKey("assignments.id"), primary_key=True)
    run_id: Mapped[str] = mapped_column(String(36), unique=True)
    version: Mapped[int]  # of the assignment, as shown; 0: not known
    version_before: Mapped[int] = mapped_column(default=0, server_default="0")  # as shown by the state before this one; 0: not known
    digest: Mapped[str] = mapped_column(String(64))  # of everything shown
    look_again_on: Mapped[date | None]  # the day on which it looks different though nothing was done (临期, 逾期)
    logged: Mapped[int]  # rows of its history that stand in the run's logs
    logging: Mapped[int]  # rows that were being sent; more than `logged`: whether they arrived must be asked


class BoardDecision(Base):
    """A state that somebody set in the Prefect UI, and that was decided upon: the row is written with what was decided, so once."""

    __tablename__ = "board_decisions"

    state_id: Mapped[str] = mapped_column(String(36), primary_key=True)  # the server's, of the flow run's state
    assignment_id: Mapped[int] = mapped_column(ForeignKey("assignments.id"))
    settled_at: Mapped[datetime]


class BoardPage(Base):
    """An artifact with a fixed key, or a saved filter, as it was last sent."""

    __tablename__ = "board_pages"

    key: Mapped[str] = mapped_column(String(200), primary_key=True)
    digest: Mapped[str] = mapped_column(String(64))
    server_id: Mapped[str] = mapped_column(String(36))  # of the artifact or the saved search there: links name it
