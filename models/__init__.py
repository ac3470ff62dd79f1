"""The tables. No rules."""

from models.assignments import Assignment, AssignmentEvent, AssignmentState, AssistingParty
from models.base import Base
from models.board import Board, BoardDecision, BoardPage, BoardRun
from models.extensions import Extension, Grant
from models.follow_up import (
    FollowUpRun,
    Notice,
    NoticeCopy,
    NoticeOutcome,
    PolicyTerm,
    Preference,
    ProgressNote,
    RegularMeeting,
    StoredPolicy,
)
from models.lists import Item, ListQuestion, ResponsibilityList, Step, StepParty
from models.messages import Message, MessageContent, MessageState
from models.portal import PortalKey, PortalSecret
from models.reports import Draft, DraftFile, Evidence, Report, StoredFile, Verdict
from models.roster import ContactPoint, Person, Post, Substitution, Unit

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
    "Draft",
    "DraftFile",
    "Evidence",
    "Extension",
    "FollowUpRun",
    "Grant",
    "Item",
    "ListQuestion",
    "Message",
    "MessageContent",
    "MessageState",
    "Notice",
    "NoticeCopy",
    "NoticeOutcome",
    "Person",
    "PolicyTerm",
    "PortalKey",
    "PortalSecret",
    "Post",
    "Preference",
    "ProgressNote",
    "RegularMeeting",
    "Report",
    "ResponsibilityList",
    "Step",
    "StepParty",
    "StoredFile",
    "StoredPolicy",
    "Substitution",
    "Unit",
    "Verdict",
]
