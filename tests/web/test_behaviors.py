"""Behaviors in a real browser: swapping a form's answer in, dialogs, the theme; and what the browser still refuses."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import TYPE_CHECKING

import pytest
from starlette.testclient import TestClient

from bodyworn.access.sessions import LocalAccess
from bodyworn.web.app import create_app
from tests.web.conftest import BASE, addresses
from tests.web.shelf import Shelf

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

    Open = Callable[..., Page]

browser_test = pytest.mark.browser


def bound(open_page: Open, address: str, **options: object) -> Page:
    page = open_page(address, ready=False, **options)
    page.wait_for_selector("html[data-behaviors=bound]")
    return page


@browser_test
def test_a_check_is_swapped_in_without_loading_the_page(
    open_page: Open, shelf: Shelf, id_of: Callable[[str], str]
) -> None:
    page = bound(open_page, addresses("stop.mp4/custody", id_of))
    page.evaluate("window.sameDocument = true")
    page.click("text=Check now")
    page.wait_for_selector(".notice.good")
    assert page.evaluate("window.sameDocument")
    page.wait_for_function("() => document.activeElement.matches('.notice')")  # a screen reader reads the outcome
    assert "Originals checked" in page.inner_text("#events")
    page.click("text=Check again")  # what was swapped in has its behaviors too
    page.wait_for_function("() => document.querySelectorAll('#events tbody tr').length >= 6")
    assert page.evaluate("window.sameDocument")
    assert shelf.tags().count("recordings.verified") == 2


@browser_test
def test_the_same_form_works_without_scripts(open_page: Open, shelf: Shelf, id_of: Callable[[str], str]) -> None:
    page = open_page(addresses("stop.mp4/custody", id_of), ready=False, java_script_enabled=False)
    page.click("text=Check now")
    page.wait_for_selector(".notice.good")
    assert re.search(r"/custody\?check=[\w-]+$", page.url)
    page.reload()  # the page after a form is a page: loading it again sends nothing
    assert shelf.tags().count("recordings.verified") == 1


@browser_test
def test_a_double_click_sends_once(open_page: Open, shelf: Shelf, id_of: Callable[[str], str]) -> None:
    page = bound(open_page, addresses("stop.mp4/custody", id_of))
    page.dblclick("text=Check now")
    page.wait_for_selector(".notice.good")
    assert shelf.tags().count("recordings.verified") == 1


@browser_test
def test_errors_are_swapped_in_and_lead_to_their_fields(open_page: Open, expected: list[str]) -> None:
    expected.append("status of 422")
    page = bound(open_page, "/styleguide")
    page.fill("#field-title", "12")
    page.click("text=Save")
    page.wait_for_selector("#sample [role=alert]")
    page.wait_for_function("() => document.activeElement.matches('#sample .notice')")
    assert page.input_value("#field-title") == "12"
    page.click("#sample [role=alert] a >> nth=0")
    assert page.evaluate("location.hash") == "#field-title"


@browser_test
def test_an_answer_that_cannot_be_swapped_in_loads_as_a_page(
    open_page: Open, shelf: Shelf, id_of: Callable[[str], str], expected: list[str]
) -> None:
    expected.append("status of 403")
    page = bound(open_page, addresses("stop.mp4/custody", id_of))
    page.evaluate("document.querySelector('[name=form_token]').value = 'old'")
    with page.expect_navigation():
        page.click("text=Check now")
    assert "This form is no longer valid" in page.inner_text("main")
    assert shelf.tags().count("recordings.verified") == 0


@browser_test
def test_a_dialog_opens_takes_the_focus_and_gives_it_back(open_page: Open) -> None:
    page = bound(open_page, "/styleguide")
    button = page.locator("text=Open the dialog")
    button.focus()
    page.keyboard.press("Enter")
    page.wait_for_selector("#sample-dialog[open]")
    page.keyboard.press("Escape")
    page.wait_for_selector("#sample-dialog:not([open])", state="attached")
    assert page.evaluate("document.activeElement.textContent") == "Open the dialog"
    button.click()
    page.mouse.click(5, 5)
    page.wait_for_selector("#sample-dialog:not([open])", state="attached")


#: Ways to turn text into markup or script; each must throw or do nothing.
SINKS = {
    "innerHTML": "document.createElement('div').innerHTML = '<b>x</b>'",
    "outerHTML": "document.querySelector('main').outerHTML = '<b>x</b>'",
    "insertAdjacentHTML": "document.body.insertAdjacentHTML('beforeend', '<b>x</b>')",
    "document.write": "document.write('<b>x</b>')",
    "parser without the policy": "new DOMParser().parseFromString('<b>x</b>', 'text/html')",
    "srcdoc": "document.createElement('iframe').srcdoc = '<b>x</b>'",
    "script text": "document.createElement('script').text = '1'",
    "script address": "document.createElement('script').src = 'data:text/javascript,1'",
    "another policy": "trustedTypes.createPolicy('another', { createHTML: (html) => html })",
    "the policy again": "trustedTypes.createPolicy('bodyworn-swap', { createHTML: (html) => html })",
}


@browser_test
def test_all_other_sinks_stay_closed(browser: Browser, served: Callable[..., str], shelf: Shelf) -> None:
    page = browser.new_page()  # not open_page: the browser reports each refusal on its console
    page.goto(served(shelf.workbench()))
    page.goto(page.url.split("/recordings")[0] + "/styleguide")
    page.wait_for_selector("html[data-behaviors=bound]")
    for name, code in SINKS.items():
        outcome = page.evaluate(f"() => {{ try {{ {code}; return 'done'; }} catch (error) {{ return error.name; }} }}")
        assert outcome == "TypeError", f"{name}: {outcome}"
    page.close()


def test_the_styleguide_is_not_there_in_a_normal_run(shelf: Shelf) -> None:
    access = LocalAccess(8420)
    client = TestClient(create_app(shelf.workbench(), access), base_url=BASE)
    client.get(access.new_link())
    assert client.get("/styleguide").status_code == 404
    assert client.post("/styleguide", headers={"origin": BASE}).status_code == 404


def test_the_policy_names_one_trusted_type(client: TestClient) -> None:
    policy = client.get("/recordings/").headers["content-security-policy"]
    assert "require-trusted-types-for 'script'; trusted-types bodyworn-swap" in policy
    assert "allow-duplicates" not in policy
    assert "*" not in policy
