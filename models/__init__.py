"""The tables. No rules."""

from models.assignments import Assignment, AssignmentEvent, AssignmentState, AssistingParty
from models.base import Base
from models.lists import Item, ListQuestion, ResponsibilityList, Step, StepParty
from models.messages import Message, MessageContent, MessageState
from models.roster import ContactPoint, Person, Post, Unit

__all__ = [
    "Assignment",
    "AssignmentEvent",
    "AssignmentState",
    "AssistingParty",
    "Base",
    "ContactPoint",
    "Item",
    "ListQuestion",
    "Message",
    "MessageContent",
    "MessageState",
    "Person",
    "Post",
    "ResponsibilityList",
    "Step",
    "StepParty",
    "Unit",
]
