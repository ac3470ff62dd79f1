"""The machine's own Chromium, for tests in a real browser; they are skipped where there is none."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from playwright.sync_api import Browser, expect, sync_playwright

NAMES = ("chromium", "chromium-browser", "google-chrome-stable", "google-chrome")
FLAGS = (
    "--no-sandbox",  # as root Chromium has none
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",  # nothing of a test may leave this machine
)
PATIENCE_SECONDS = 30  # a page on a slow machine that does other things too; one is usual


def program() -> str:
    """Where Chromium is; skips where it is not."""
    found = next(filter(None, map(shutil.which, NAMES)), None)
    if found is None:
        pytest.skip(f"no browser on this machine: none of {', '.join(NAMES)} is installed (.ci/run installs Debian's)")
    return found


@contextmanager
def chromium() -> Iterator[Browser]:
    """A browser for the block, in which an expectation waits as long as a slow machine needs.

    While it is open, this thread has an event loop that runs: `asyncio.run` has to come before it.
    """
    executable = program()
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=executable, args=list(FLAGS))
        expect.set_options(timeout=PATIENCE_SECONDS * 1000)
        yield browser
        expect.set_options(timeout=None)
        browser.close()
