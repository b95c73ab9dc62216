"""Uses the service's pages in a browser, by keyboard alone, and checks what a screen reader is told.

Usage: python check_pages.py ADDRESS [FOLDER]
Needs playwright from PyPI and Debian's chromium. Screenshots go into FOLDER where one is named.
"""
import sys
from pathlib import Path
from playwright.sync_api import sync_playwright

address = sys.argv[1].rstrip("/")
folder = Path(sys.argv[2]) if len(sys.argv) > 2 else None
STONE = {"carat": "0.23", "color": "E", "clarity": "SI2", "depth": "61.5", "table": "55",
         "price": "326", "x": "3.95", "y": "3.98", "z": "2.43"}
problems = []


def expect(truth, what):
    if not truth:
        problems.append(what)


# The contrast of every text with what is behind it, after WCAG 2.2.
CONTRAST = """() => {
  const parse = c => c.match(/[\\d.]+/g).map(Number);
  const light = c => c.slice(0, 3).map(v => { v /= 255;
    return v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4 })
    .reduce((s, v, i) => s + v * [0.2126, 0.7152, 0.0722][i], 0);
  const ground = e => { for (; e; e = e.parentElement) {
    const c = parse(getComputedStyle(e).backgroundColor); if (c.length < 4 || c[3] > 0) return c; }
    return [255, 255, 255] };
  const found = [];
  const walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walk.nextNode()) {
    const e = walk.currentNode.parentElement, text = walk.currentNode.data.trim();
    if (!text || !e.getClientRects().length || e.closest('.skip')) continue;
    const style = getComputedStyle(e), a = light(parse(style.color)), b = light(ground(e));
    const ratio = (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
    const size = parseFloat(style.fontSize);
    if (ratio < (size >= 24 ? 3 : 4.5)) found.push(`"${text.slice(0, 30)}" ${ratio.toFixed(2)}`);
  }
  return found }"""


def audit(page, name, scheme):
    for text in page.evaluate(CONTRAST):
        expect(False, f"{name}, {scheme}: contrast of {text}")
    expect(page.evaluate("document.documentElement.scrollWidth <= innerWidth"),
           f"{name}, {scheme}: wider than the window")
    expect(page.locator("h1").count() == 1, f"{name}: one main heading")
    expect(page.locator("main").count() == 1 and page.locator("html[lang]").count() == 1,
           f"{name}: main part and language")
    for control in page.locator("input, select, button").all():
        label = control.evaluate(
            "e => e.labels && e.labels.length ? e.labels[0].innerText"
            " : e.ariaLabel || e.innerText")
        expect(label and label.strip(), f"{name}: a control without a label")
    ids = page.evaluate("[...document.querySelectorAll('[id]')].map(e => e.id)")
    expect(len(ids) == len(set(ids)), f"{name}: an id stands there twice")
    for reference in page.evaluate(
            "[...document.querySelectorAll('[aria-describedby],[aria-labelledby]')]"
            ".flatMap(e => [e.getAttribute('aria-describedby'), e.getAttribute('aria-labelledby')])"
            ".filter(Boolean).flatMap(t => t.split(' '))"):
        expect(reference in ids, f"{name}: nothing has the id {reference}")


def press_until(page, selector, limit=30):
    for _ in range(limit):
        if page.evaluate("s => document.activeElement.matches(s)", selector):
            return
        page.keyboard.press("Tab")
    expect(False, f"{selector} cannot be reached by keyboard")


with sync_playwright() as playwright:
    browser = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=["--no-sandbox"])
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

for problem in problems:
    print("problem:", problem)
print("The pages hold." if not problems else f"{len(problems)} problems.")
sys.exit(1 if problems else 0)
