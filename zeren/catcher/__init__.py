"""A mail server on this machine that keeps what it receives, and a page that shows it. Nothing is passed on."""

from zeren.catcher.caught import CaughtMail
from zeren.catcher.server import MailCatcher

__all__ = ["CaughtMail", "MailCatcher"]
