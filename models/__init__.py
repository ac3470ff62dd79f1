"""The tables. No rules."""

from models.assignments import Assignment, AssignmentEvent, AssignmentState, AssistingParty
from models.base import Base
from models.board import Board, BoardDecision, BoardPage, BoardRun
from models.lists import Item, ListQuestion, ResponsibilityList, Step, StepParty
from models.messages import Message, MessageContent, MessageState
from models.reports import Evidence, Report, Verdict
from models.roster import ContactPoint, Person, Post, Unit

__all__ = [
    "Assignment",
    "AssignmentEvent",
    "AssignmentState",
    "AssistingParty",
    "Base",
    "Board",
    "BoardDecision",
    "BoardPage",
    "BoardRun",
    "ContactPoint",
    "Evidence",
    "Item",
    "ListQuestion",
    "Message",
    "MessageContent",
    "MessageState",
    "Person",
    "Post",
    "Report",
    "ResponsibilityList",
    "Step",
    "StepParty",
    "Unit",
    "Verdict",
]
