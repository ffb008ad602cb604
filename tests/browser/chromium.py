"""Debian's Chromium. The shell that has no windows renders the same with a third of the processor's time; where it is not installed the whole one does."""

import os
import shutil

from playwright.sync_api import Browser, Playwright

CHROMIUM = os.environ.get("TEST_CHROMIUM") or shutil.which("chromium-headless-shell") or shutil.which("chromium")


def launch(playwright: Playwright) -> Browser:
    return playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
