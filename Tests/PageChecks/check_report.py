"""Looks at reports in a browser, at three widths, light and dark, and prints them.

Usage: python check_report.py PROGRAM DIAMONDS FOLDER
Makes reports of runs of the main job, with folds and a learning curve, of a table with 26 classes, and of
two runs side by side. Needs playwright from PyPI and Debian's chromium. Runs, screenshots and prints go
into FOLDER.
"""
import csv
import random
import shutil
import subprocess
import sys
from pathlib import Path
from playwright.sync_api import sync_playwright
from audit import BROWSER, audit, expect, finish

program, diamonds, folder = Path(sys.argv[1]).resolve(), sys.argv[2], Path(sys.argv[3])


def run(name, *options):
    subprocess.run([program, "--offline", "--output", folder / name, *options],
                   check=True, capture_output=True)


def letters(path):
    """A table whose class is one of 26 letters, with names that would be markup."""
    generator = random.Random(42)
    with open(path, "w", newline="") as file:
        table = csv.writer(file)
        table.writerow(["place", "<b>rest</b>", "noise & \"more\"", "kind", "letter"])
        for number in range(4000):
            label = number % 26
            table.writerow([round(label + generator.gauss(0, 3), 3), round(label % 5 + generator.gauss(0, 1), 3),
                            round(generator.random(), 3), generator.choice("xyz"), chr(65 + label)])


shutil.rmtree(folder, ignore_errors=True)
folder.mkdir(parents=True)
letters(folder / "letters.csv")
run("diamonds", "--data", diamonds, "--cross-validate", "2", "--learning-curve", "3",
    "--divisions", "40")
run("other", "--data", diamonds, "--seed", "7")
run("letters", "--data", folder / "letters.csv", "--target", "letter")
both = folder / "both.html"
subprocess.run([program, "report", folder / "diamonds", folder / "other", "--output", both],
               check=True, capture_output=True)
pages = {name: folder / name / "report.html" for name in ("diamonds", "letters")} | {"both": both}

with sync_playwright() as playwright:
    browser = playwright.chromium.launch(**BROWSER)
    for width in (390, 768, 1280):
        for scheme in ("light", "dark"):
            context = browser.new_context(
                viewport={"width": width, "height": 844}, color_scheme=scheme)
            for name, path in pages.items():
                page = context.new_page()
                asked, messages = [], []
                page.on("request", lambda request: asked.append(request.url))
                page.on("console", lambda message: messages.append(message.text))
                page.goto(path.resolve().as_uri())
                audit(page, name, f"{width} {scheme}")
                expect(len(asked) == 1, f"{name}: asks for {asked[1:]}")
                expect(not messages, f"{name}: {messages}")
                for drawing in page.locator("svg[role=img]").all():
                    title = drawing.locator("title").text_content()
                    expect(title and drawing.locator("desc").text_content(),
                           f"{name}: a drawing without title or description")
                # With everything folded out it is no wider either.
                page.evaluate("document.querySelectorAll('details').forEach(e => e.open = true)")
                audit(page, name + ", folded out", f"{width} {scheme}")
                page.evaluate("document.querySelectorAll('details').forEach(e => e.open = false)")
                page.screenshot(path=folder / f"{name}-{width}-{scheme}.png", full_page=True)
                if (width, scheme) == (1280, "light"):
                    page.pdf(path=folder / f"{name}.pdf", format="A4")
                page.close()
            context.close()
    browser.close()
finish()
