"""What follows a change in the portal, and the portal as a process of its own."""

import threading
import urllib.request
from pathlib import Path

import pytest

from zeren.portal import Follower, PortalServer, lead_links_to
from zeren.ports import free_port
from zeren.settings import settings


def test_changes_during_a_round_are_followed_together_by_the_next() -> None:
    began, go_on, rounds = threading.Event(), threading.Event(), []

    def follow() -> None:
        rounds.append(1)
        began.set()
        assert go_on.wait(10)

    follower = Follower(follow)
    follower.changed()
    assert began.wait(10)
    for _ in range(50):
        follower.changed()
    go_on.set()
    follower.end()
    assert len(rounds) == 2


def test_a_fault_is_no_end() -> None:
    failed, followed = threading.Event(), threading.Event()

    def follow() -> None:
        if not failed.is_set():
            failed.set()
            raise OSError("no server")
        followed.set()

    follower = Follower(follow)
    follower.changed()
    assert failed.wait(10)
    follower.changed()
    assert followed.wait(10)
    follower.end()


def test_a_portal_that_ended_is_started_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    with PortalServer(tmp_path / "home", free_port(0)) as portal:
        first = portal.process
        first.kill()
        first.wait()
        portal.keep()
        assert portal.process is not first
        portal.wait()
        with urllib.request.urlopen(f"{portal.url}/health", timeout=10) as answer:
            assert answer.read() == b"ok"
    assert portal.process.poll() is not None


def test_links_lead_to_the_port_unless_a_setting_says_where(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ZEREN_PORTAL_URL", "")  # so that what is set below is taken back
    monkeypatch.delenv("ZEREN_PORTAL_URL")
    settings.cache_clear()
    lead_links_to(8123)
    assert settings().portal_url == "http://127.0.0.1:8123"
    monkeypatch.setenv("ZEREN_PORTAL_URL", "https://duties.example")
    settings.cache_clear()
    lead_links_to(8124)
    assert settings().portal_url == "https://duties.example"
    settings.cache_clear()
