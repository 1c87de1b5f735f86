"""The report page in headless Chromium: it draws, asks for nothing, and shows hostile names as text."""

from __future__ import annotations

import base64
import json
import os
import shutil
import subprocess
import tempfile
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from sample import sample_audit, sample_infeasible_outcome, sample_outcome
from test_invest_report import hostile_outcome

from planner.report import write_audit_report, write_report
from planner.study import with_language

if TYPE_CHECKING:
    from collections.abc import Iterator

    from planner.result import Outcome

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
FLAGS = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-extensions",
    "--remote-debugging-pipe",
)
HOSTILE = "</script><img src=x onerror=alert(1)>&\"'`=1+1"

pytestmark = pytest.mark.skipif(CHROMIUM is None, reason="no Chromium on this machine")


class Browser:
    """One Chromium driven over its debugging pipe."""

    def __init__(self, profile: Path) -> None:
        (read_end, self._to), (self._from, write_end) = os.pipe(), os.pipe()
        os.set_inheritable(read_end, True)
        os.set_inheritable(write_end, True)
        shell = f'exec "$0" "$@" 3<&{read_end} 4>&{write_end}'
        self._process = subprocess.Popen(
            ["bash", "-c", shell, str(CHROMIUM), *FLAGS, f"--user-data-dir={profile}"],
            pass_fds=(read_end, write_end),
            stderr=subprocess.DEVNULL,
        )
        os.close(read_end)
        os.close(write_end)
        self._buffer, self._number, self._session = b"", 0, ""
        self.events: list[dict[str, Any]] = []

    def close(self) -> None:
        self.call("Browser.close")
        self._process.wait(20)
        os.close(self._to)
        os.close(self._from)

    def call(self, method: str, **params: Any) -> dict[str, Any]:
        """Send one command and wait for its answer; what happens meanwhile is kept in `events`."""
        self._number += 1
        message: dict[str, Any] = {"id": self._number, "method": method, "params": params}
        if self._session and not method.startswith(("Browser.", "Target.")):
            message["sessionId"] = self._session
        os.write(self._to, json.dumps(message).encode() + b"\0")
        while True:
            answer = self._read()
            if answer.get("id") == self._number:
                assert "error" not in answer, answer
                result: dict[str, Any] = answer["result"]
                return result
            self.events.append(answer)

    def open(self, page: Path, *, width: int = 1400, height: int = 900) -> None:
        """Open a page in a new tab of this size and wait until it has loaded."""
        target = self.call("Target.createTarget", url="about:blank")["targetId"]
        self._session = self.call("Target.attachToTarget", targetId=target, flatten=True)["sessionId"]
        self.events = []
        for domain in ("Page", "Runtime", "Log", "Network"):
            self.call(f"{domain}.enable")
        self.call("Emulation.setDeviceMetricsOverride", width=width, height=height, deviceScaleFactor=1, mobile=False)
        self.call("Page.navigate", url=page.as_uri())
        while not any(event.get("method") == "Page.loadEventFired" for event in self.events):
            self.events.append(self._read())

    def evaluate(self, script: str) -> Any:
        """The value of a JavaScript expression in the page."""
        answer = self.call("Runtime.evaluate", expression=script, returnByValue=True)
        assert "exceptionDetails" not in answer, answer
        return answer["result"].get("value")

    def save_screenshot(self, path: Path, *, is_whole: bool = False) -> None:
        data = self.call("Page.captureScreenshot", captureBeyondViewport=is_whole)["data"]
        path.write_bytes(base64.b64decode(data))

    def save_pdf(self, path: Path) -> None:
        data = self.call("Page.printToPDF", preferCSSPageSize=True, printBackground=True)["data"]
        path.write_bytes(base64.b64decode(data))

    def find_complaints(self) -> list[str]:
        """Console errors, uncaught exceptions and violations of the page's policy."""
        kinds = ("Log.entryAdded", "Runtime.exceptionThrown", "Runtime.consoleAPICalled")
        return [json.dumps(event["params"]) for event in self.events if event.get("method") in kinds]

    def find_requests(self) -> list[str]:
        """Addresses that the page asked for."""
        sent = [event for event in self.events if event.get("method") == "Network.requestWillBeSent"]
        return [event["params"]["request"]["url"] for event in sent]

    def _read(self) -> dict[str, Any]:
        while b"\0" not in self._buffer:
            chunk = os.read(self._from, 1 << 16)
            assert chunk, "Chromium is gone"
            self._buffer += chunk
        text, self._buffer = self._buffer.split(b"\0", 1)
        message: dict[str, Any] = json.loads(text)
        return message


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as profile:
        driven = Browser(Path(profile))
        yield driven
        driven.close()


def _open(browser: Browser, outcome: Outcome, folder: Path, **size: int) -> Path:
    write_report(outcome, folder)
    page = folder / "report.html"
    browser.open(page, **size)
    return page


@pytest.mark.parametrize("outcome", [sample_outcome(ground="inferred"), sample_infeasible_outcome()])
def test_page_draws_and_asks_for_nothing(browser: Browser, outcome: Outcome, tmp_path: Path) -> None:
    page = _open(browser, outcome, tmp_path)
    assert browser.evaluate("document.querySelectorAll('#map path').length") > 10
    assert browser.find_complaints() == []
    assert browser.find_requests() == [page.as_uri()]


def test_legend_switches_layers(browser: Browser, tmp_path: Path) -> None:
    _open(browser, sample_outcome(), tmp_path)
    keys = browser.evaluate("[...document.querySelectorAll('[data-layer]')].map(b => b.dataset.layer)")
    assert set(keys) >= {"existing", "new", "rejected", "before", "after", "regions", "sites"}
    for key in keys:
        shapes = "document.querySelectorAll('#map path, #map .mark').length"
        before = browser.evaluate(shapes)
        is_on = browser.evaluate(f"document.querySelector('[data-layer={key}]').checked")
        browser.evaluate(f"document.querySelector('[data-layer={key}]').click()")
        changed = browser.evaluate(shapes) - before
        assert changed < 0 if is_on else changed > 0, key


def test_states_recolour_regions(browser: Browser, tmp_path: Path) -> None:
    _open(browser, sample_outcome(), tmp_path)
    fills = "[...document.querySelectorAll('.leaflet-pane path')].map(p => p.getAttribute('fill'))"
    assert "#f2b680" not in browser.evaluate(fills)
    browser.evaluate("document.querySelector('[name=state][value=\"0\"]').click()")
    assert browser.evaluate(fills).count("#f2b680") >= 5


def test_row_shows_its_route_on_the_map(browser: Browser, tmp_path: Path) -> None:
    _open(browser, sample_outcome(), tmp_path)
    browser.evaluate("document.querySelector('#routes [data-find]').click()")
    assert "C-BOR-MRS" in browser.evaluate("document.querySelector('.leaflet-popup-content').textContent")


def test_hostile_names_are_text(browser: Browser, tmp_path: Path) -> None:
    outcome = sample_outcome()
    network = outcome.network
    sites = network.sites.assign(name=HOSTILE)
    regions = network.regions.assign(name=[f"{HOSTILE}{i}" for i in range(len(network.regions))])
    routes = network.routes.assign(operator=HOSTILE)
    hostile = replace(outcome, network=replace(network, sites=sites, regions=regions, routes=routes))
    _open(browser, hostile, tmp_path)
    browser.evaluate("document.querySelector('#routes [data-find]').click()")
    assert browser.find_complaints() == []
    assert browser.evaluate("document.images.length") == 0
    assert HOSTILE in browser.evaluate("document.querySelector('.leaflet-popup-content').textContent")
    assert HOSTILE in browser.evaluate("document.querySelector('#regions tbody th').textContent")
    assert HOSTILE in browser.evaluate("document.querySelector('.site-label').textContent")


@pytest.mark.parametrize("width", [380, 900, 1400])
def test_page_never_scrolls_sideways(browser: Browser, tmp_path: Path, width: int) -> None:
    for name, outcome in (("plain", sample_infeasible_outcome()), ("investment", hostile_outcome())):
        (tmp_path / name).mkdir()
        _open(browser, outcome, tmp_path / name, width=width)
        assert browser.evaluate("document.documentElement.scrollWidth") <= width
        assert browser.find_complaints() == []


@pytest.mark.parametrize("width", [420, 900])
def test_audit_in_french_never_scrolls_sideways(browser: Browser, tmp_path: Path, width: int) -> None:
    audit = sample_audit()
    write_audit_report(replace(audit, study=with_language(audit.study, "fr")), tmp_path)
    browser.open(tmp_path / "report.html", width=width)
    assert browser.evaluate("document.documentElement.scrollWidth") <= width
    assert browser.evaluate("document.querySelector('main').scrollWidth <= document.querySelector('main').clientWidth")
    assert browser.evaluate("document.querySelector('.leaflet-control-zoom-in').title") == "Zoom avant"
    assert browser.find_complaints() == []


def test_small_maps_share_their_ground(browser: Browser, tmp_path: Path) -> None:
    _open(browser, sample_outcome(), tmp_path)
    boxes = browser.evaluate("[...document.querySelectorAll('.picture use')].map(u => u.getBBox().width)")
    assert boxes
    assert all(width > 100 for width in boxes)


def test_paper_has_the_still_map(browser: Browser, tmp_path: Path) -> None:
    _open(browser, sample_outcome(), tmp_path)
    shown = "['#map', '.still'].map(s => getComputedStyle(document.querySelector(s)).display)"
    assert browser.evaluate(shown) == ["block", "none"]
    browser.call("Emulation.setEmulatedMedia", media="print")
    assert browser.evaluate(shown) == ["none", "block"]
