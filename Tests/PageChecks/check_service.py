"""Uses the service's pages in a browser, by keyboard alone, and checks what a screen reader is told.

Usage: python check_service.py ADDRESS [FOLDER]
Needs playwright from PyPI and Debian's chromium. Screenshots go into FOLDER where one is named.
"""
import sys
from pathlib import Path
from playwright.sync_api import sync_playwright
from audit import BROWSER, audit, expect, finish

address = sys.argv[1].rstrip("/")
folder = Path(sys.argv[2]) if len(sys.argv) > 2 else None
STONE = {"carat": "0.23", "color": "E", "clarity": "SI2", "depth": "61.5", "table": "55",
         "price": "326", "x": "3.95", "y": "3.98", "z": "2.43"}


def press_until(page, selector, limit=30):
    for _ in range(limit):
        if page.evaluate("s => document.activeElement.matches(s)", selector):
            return
        page.keyboard.press("Tab")
    expect(False, f"{selector} cannot be reached by keyboard")


with sync_playwright() as playwright:
    browser = playwright.chromium.launch(**BROWSER)
    # By keyboard: the first Tab leads to the way past the header, then come fields in their order.
    page = browser.new_page(java_script_enabled=True)
    page.goto(address + "/")
    page.keyboard.press("Tab")
    expect(page.evaluate("document.activeElement.className") == "skip", "no way past the header")
    for name, value in STONE.items():
        press_until(page, f"[name={name}]")
        page.keyboard.type(value)
    press_until(page, "button")
    page.keyboard.press("Enter")
    page.wait_for_selector(".verdict")
    label = page.locator("h1").inner_text()
    expect(label in ("Gold", "Silver"), f"the answer is {label}")
    expect(STONE["price"] in page.locator(".facts").inner_text(), "the values are not told")
    snapshot = page.locator("body").aria_snapshot()
    for part in ("banner", "navigation", "main", "heading", "term", "definition", "link \"Change the values\""):
        expect(part in snapshot, f"the accessibility tree has no {part}")
    page.get_by_role("link", name="Change the values").press("Enter")
    page.wait_for_selector("form")
    for name, value in STONE.items():
        expect(page.locator(f"[name={name}]").input_value() == value, f"{name} was not kept")

    query = "&".join(f"{name}={value}" for name, value in STONE.items())
    pages = {"form": "/", "answer": "/predict?" + query,
             "notice": "/predict?" + query.replace("0.23", "17"),
             "mistake": "/predict?" + query.replace("0.23", "1,5").replace("color=E", "color="),
             "monitor": "/monitor", "docs": "/docs", "nothing": "/nothing"}
    for width, device in ((390, "phone"), (1200, "desktop")):
        for scheme in ("light", "dark"):
            context = browser.new_context(
                viewport={"width": width, "height": 844}, color_scheme=scheme,
                device_scale_factor=2 if device == "phone" else 1)
            for name, path in pages.items():
                page = context.new_page()
                messages = []
                page.on("console", lambda message: messages.append(message.text))
                status = page.goto(address + path).status
                expect(status < 500, f"{name}: status {status}")
                audit(page, name, f"{device} {scheme}")
                # A status of 4xx is told on the console too; what the policy forbids is a problem.
                expect(not [m for m in messages if "Content Security" in m], f"{name}: {messages}")
                if folder:
                    folder.mkdir(parents=True, exist_ok=True)
                    page.screenshot(path=folder / f"{name}-{device}-{scheme}.png", full_page=True)
                page.close()
            context.close()
    browser.close()

finish()
