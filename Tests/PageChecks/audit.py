"""What every page of ours holds to, seen in a browser: contrast, labels, references, width."""
import sys

# Debian's chromium.
BROWSER = {"executable_path": "/usr/bin/chromium", "args": ["--no-sandbox"]}
problems = []


def expect(truth, what):
    if not truth:
        problems.append(what)


def finish():
    for problem in problems:
        print("problem:", problem)
    print("The pages hold." if not problems else f"{len(problems)} problems.")
    sys.exit(1 if problems else 0)


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
