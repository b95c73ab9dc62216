"""Turns Benchmarks/results.json, the results of each kind of processor, into the table that make bench prints and the
README shows.

Usage: python table.py [README]
With a README, the lines between `<!-- benchmark -->` and `<!-- /benchmark -->` are replaced.
"""
import itertools
import json
import sys
from pathlib import Path

# Row: title, parts that are added, the goal's factor, the peers that it refers to.
rows = [
    ("Forest of 100 trees: fit", ["forest fit"], 0.25, ["sklearnex"]),
    ("Forest: predict 53,940 rows", ["forest predict"], 0.4, None),
    ("Tree: fit", ["tree fit"], 0.06, None),
    ("Naive Bayes: fit and predict", ["bayes fit, predict"], 0.15, None),
    ("Neighbours: predict 53,940 rows", ["neighbors predict"], 0.2, ["sklearnex"]),
    ("Neighbours: fit and predict", ["neighbors fit", "neighbors predict"], 0.25, ["sklearnex"]),
    ("Gradient boosting, 100 rounds: fit", ["boosting fit"], 0.5, ["sklearn"]),
    ("Gradient boosting, 100 rounds: fit", ["boosting fit"], 1.0, ["lightgbm", "xgboost"]),
    ("Gradient boosting: predict 53,940 rows", ["boosting predict"], 0.3, ["sklearn"]),
    ("Logistic regression: fit and predict", ["logistic fit, predict"], 0.25, ["sklearn"]),
    ("Read and prepare the CSV", ["read and prepare"], 0.3, ["pandas"]),
    ("Whole program", ["whole program"], 0.1, ["sklearnex"]),
    ("Whole program", ["whole program"], 0.06, ["sklearn"]),
    ("Whole program with --models all", ["all models"], 0.1, ["sklearn"]),
    ("Peak memory of the whole program", ["peak memory"], 0.35, None),
]
titles = {
    "ours": "compare-models", "sklearn": "scikit-learn, 2 jobs", "sklearn 1 job": "1 job",
    "sklearnex": "intelex", "scipy": "scipy cKDTree", "faiss": "faiss flat", "lightgbm": "LightGBM", "xgboost": "XGBoost",
    "pandas": "pandas",
}


def measured(results, parts, kind):
    """The figure of every contender for the sum of some parts."""
    found = [results["parts"][part] for part in parts if part in results["parts"]]
    if len(found) < len(parts):
        return None
    return {name: sum(part[name][kind] for part in found) for name in found[0]}


def goals(results):
    """Each row with its ratio to the peer that the goal names, by medians and by minima."""
    answer = []
    for title, parts, factor, peers in rows:
        medians = measured(results, parts, "median")
        if medians is None:
            continue
        minima = measured(results, parts, "minimum")
        peers = peers or [name for name in medians if name != "ours"]
        best = min(peers, key=lambda name: medians[name])
        ratio = medians["ours"] / medians[best]
        answer.append({
            "title": title, "peer": best, "goal": factor, "ratio": ratio,
            "ratio of minima": minima["ours"] / min(minima[name] for name in peers),
            "met": ratio <= factor, "parts": parts,
        })
    return answer


def figure(value, parts):
    if parts == ["peak memory"]:
        return f"{value / 1e6:.0f} MB"
    return f"{value:.2f} s" if value >= 1 else f"{value * 1000:.3g} ms"


def rendered(all_results):
    """The results that came last, with the ratios of others in columns of their own."""
    *others, results = all_results.values()
    elsewhere = [
        {title: "; ".join(f"{goal['ratio']:.3f}" for goal in same)
         for title, same in itertools.groupby(goals(other), key=lambda goal: goal["title"])}
        for other in others]
    heads = ["part", "compare-models, median (minimum)", "peers, median (minimum)", "ratio", "goal", "met"]
    heads += [f"ratio on {other['machine']['cpu']}, {other['machine']['date']}" for other in others]
    lines = [
        f"| {' | '.join(heads)} |",
        "| --- | ---: | --- | ---: | ---: | --- |" + " ---: |" * len(others),
    ]
    for title, same in itertools.groupby(goals(results), key=lambda goal: goal["title"]):
        same = list(same)
        parts = same[0]["parts"]
        medians = measured(results, parts, "median")
        minima = measured(results, parts, "minimum")

        def both(name):
            return f"{figure(medians[name], parts)} ({figure(minima[name], parts)})"

        peers = ", ".join(f"{titles[name]} {both(name)}" for name in medians if name != "ours")
        ratios = "; ".join(f"{goal['ratio']:.3f} × {titles[goal['peer']]}" for goal in same)
        wished = "; ".join(str(goal["goal"]) for goal in same)
        met = "; ".join("yes" if goal["met"] else "no" for goal in same)
        cells = [title, both("ours"), peers, ratios, wished, met]
        lines.append(f"| {' | '.join(cells + [other.get(title, '–') for other in elsewhere])} |")
    machine = results["machine"]
    lines += [
        "", f"{machine['cpu']}, {machine['cores']} cores; {results['rounds']} rounds; {machine['date']}."]
    return "\n".join(lines)


def main():
    results = json.loads((Path(__file__).resolve().parent / "results.json").read_text())
    if len(sys.argv) < 2:
        print(rendered(results))
        return
    readme = Path(sys.argv[1])
    begin, end = "<!-- benchmark -->", "<!-- /benchmark -->"
    before, _, rest = readme.read_text().partition(begin)
    if end not in rest:
        raise SystemExit(f"{readme}: expected {begin} and {end}")
    after = rest.partition(end)[2]
    readme.write_text(f"{before}{begin}\n{rendered(results)}\n{end}{after}")


if __name__ == "__main__":
    main()
