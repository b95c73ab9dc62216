"""Exports models of several tables as ONNX, and compares onnxruntime's answers with the program's.

Usage: check_onnx.py PROGRAM FOLDER [NAME…]    (the names of the cases to run; default: all)

Every row is predicted in batches of 1, of 40 and all at once; a table of more than 10,000 rows in batches of 40 and all at
once, and 1,000 of its rows one by one. No label may differ, and no probability by more than 1e-12.
"""

import csv
import json
import pathlib
import random
import shutil
import subprocess
import sys

import numpy
import onnx
import onnxruntime

ROOT = pathlib.Path(__file__).parents[2]
VERIFY = ROOT / "deploy/onnx/verify.py"
program, folder = sys.argv[1], pathlib.Path(sys.argv[2])


def write(name, header, rows):
    path = folder / f"{name}.csv"
    with open(path, "w", newline="") as file:
        csv.writer(file).writerows([header, *rows])
    return path


def part_of_diamonds(count):
    rows = list(csv.reader(open(ROOT / "data/diamonds.csv", newline="")))
    return write("diamonds-part", rows[0], rows[1 : count + 1])


def letters(count=5200):
    """26 classes by 16 whole numbers, with many equal rows and distances."""
    draw = random.Random(1)
    rows = []
    for _ in range(count):
        letter = draw.randrange(26)
        rows.append(
            [chr(65 + letter)]
            + [min(15, max(0, round(draw.gauss((letter * (k + 3)) % 13, 1.5)))) for k in range(16)]
        )
    return write("letters", ["letter"] + [f"x{k}" for k in range(16)], rows)


def people(name, count=2000, missing=0.0, unseen=False, seed=2):
    """Names in several scripts beside numbers, some of them missing."""
    draw = random.Random(seed)
    cities = ["Zürich", "東京", "New York", "a,b", 'the "x"', "-"] + ["unseen"] * unseen
    rows = []
    for _ in range(count):
        city, age, paid = draw.randrange(len(cities)), draw.randrange(18, 90), draw.lognormvariate(3, 1)
        score = age / 40 + city % 3 - paid / 40 + draw.gauss(0, 0.5)
        cells = [cities[city], str(age), f"{paid:.2f}", draw.choice(["m", "f", "x"]), draw.choice("123")]
        cells = ["" if draw.random() < missing else cell for cell in cells]
        rows.append(cells + ["yes" if score > 1 else "no"])
    return write(name, ["city", "age", "paid", "sex", "group"] + ["label"], rows)


def train(name, table, *options):
    run = folder / name
    if "--models" not in options:
        options = ["--models", "all", *options]
    subprocess.run(
        [program, "--data", table, "--offline", "--quiet", "--no-report", "--output", run, *options],
        check=True, stdout=subprocess.DEVNULL)
    return run


def verify(model, *options, batches=("1", "40", "0")):
    """Exports a model, and compares all rows of its table."""
    output = model / "model.onnx"
    subprocess.run([program, "export", model, "--to", "onnx", "--output", output, *options], check=True,
                   stderr=subprocess.DEVNULL)
    onnx.checker.check_model(str(output), full_check=True)
    subprocess.run([sys.executable, VERIFY, output, *batches], check=True)
    return output


def check_run(run, *options, **settings):
    for model in sorted(path.parent for path in run.glob("*/model.safetensors")):
        verify(model, *options, **settings)


def check_refusal(output, **changes):
    """Whether the graph ends with an error for the first row with other cells, which names the column."""
    with open(str(output).replace(".onnx", ".equivalence.csv"), newline="") as file:
        cells = next(csv.DictReader(file))
    cells.update(changes)
    session = onnxruntime.InferenceSession(output)
    row = {
        column.name: numpy.array([[float(cells[column.name] or "nan")]])
        if column.type == "tensor(double)" else numpy.array([[cells[column.name]]], dtype=object)
        for column in session.get_inputs()
    }
    try:
        session.run(None, row)
    except Exception as error:
        assert all(f'column "{name}"' in str(error) for name in changes), error
        print(f"{output}: refuses {changes}")
    else:
        sys.exit(f"{output}: expected an error for {changes}")


NATIVE = ["--models", "RandomForest,DecisionTreeClassifier,HistGradientBoostingClassifier", "--missing", "native"]
TARGET = ["--target", "label", "--categorical", "group"]


def diamonds():
    check_run(train("diamonds", ROOT / "data/diamonds.csv"), batches=("40", "0", "1:1000"))


def three_classes():
    classes = ["--classes", "Top=Ideal", "--classes", "Fair=Fair,Good", "--classes", "Rest=*"]
    check_run(train("three-classes", part_of_diamonds(3000), *classes))


def many_classes():
    check_run(train("letters-run", letters(), "--target", "letter"))


def text_columns():
    run = train("people-run", people("people"), *TARGET)
    check_run(run)
    output = run / "RandomForest/model.onnx"
    for changes in ({"city": "unseen"}, {"city": ""}, {"age": ""}, {"age": "inf"}):
        check_refusal(output, **changes)


def missing_cells():
    table = people("people-missing", missing=0.1)
    run = train("missing-run", table, *TARGET)
    check_run(run)
    check_refusal(run / "GaussianNB/model.onnx", city="unseen")
    check_run(train("native-run", table, *TARGET, *NATIVE))


def unseen_category():
    table = people("people-missing-2", missing=0.1)
    other = people("people-unseen", missing=0.1, unseen=True, seed=3)
    run = train("unseen-run", table, *TARGET)
    check_run(run, "--data", other)
    report = json.load(open(run / "RandomForest/model.equivalence.json"))
    assert report["refused_rows"] > 100, report
    check_run(run, "--data", other, "--unknown-category", "missing")
    assert json.load(open(run / "RandomForest/model.equivalence.json"))["refused_rows"] == 0
    run = train("one-hot-run", table, *TARGET, "--encode", "one-hot")
    check_run(run, "--data", other, "--unknown-category", "ignore")
    assert json.load(open(run / "RandomForest/model.equivalence.json"))["refused_rows"] == 0
    check_run(run, "--data", other)


def categories():
    sets = ["--models", "HistGradientBoostingClassifier", "--set", "HistGradientBoostingClassifier.categorical_features=from_dtype"]
    check_run(train("sets-diamonds", part_of_diamonds(20000), *sets))
    run = train("sets-run", people("people-sets", missing=0.1), *TARGET, *sets, "--missing", "native")
    check_run(run)
    check_run(run, "--data", people("people-sets-2", missing=0.1, unseen=True, seed=3), "--unknown-category", "missing")


def threshold():
    check_run(train("threshold-run", part_of_diamonds(3000), "--cost", "Silver>Gold=5"))


def parameters():
    table = part_of_diamonds(3000)
    for number, settings in enumerate([
        ["RandomForest.max_depth=4", "RandomForest.n_estimators=7", "RandomForest.min_samples_leaf=5",
         "DecisionTreeClassifier.max_depth=1", "GaussianNB.priors=0.3,0.7",
         "KNeighborsClassifier.weights=distance", "KNeighborsClassifier.n_neighbors=50",
         "HistGradientBoostingClassifier.max_iter=1", "HistGradientBoostingClassifier.max_leaf_nodes=2",
         "LogisticRegression.fit_intercept=false"],
        ["RandomForest.n_estimators=1", "DecisionTreeClassifier.min_samples_split=5000",
         "GaussianNB.var_smoothing=0.1", "KNeighborsClassifier.p=1",
         "KNeighborsClassifier.algorithm=ball_tree", "KNeighborsClassifier.leaf_size=3",
         "HistGradientBoostingClassifier.max_bins=2", "LogisticRegression.penalty=none"],
        ["KNeighborsClassifier.algorithm=brute", "KNeighborsClassifier.weights=distance"],
        ["KNeighborsClassifier.algorithm=brute", "KNeighborsClassifier.p=1",
         "KNeighborsClassifier.n_neighbors=1"],
        ["KNeighborsClassifier.algorithm=ball_tree", "KNeighborsClassifier.n_neighbors=2"],
    ]):
        options = [part for setting in settings for part in ("--set", setting)]
        if number > 1:
            options += ["--models", "KNeighborsClassifier"]
        check_run(train(f"parameters-{number}", table, *options), batches=("40", "0"))


CASES = [diamonds, three_classes, many_classes, text_columns, missing_cells, unseen_category, categories, threshold, parameters]
shutil.rmtree(folder, ignore_errors=True)
folder.mkdir(parents=True)
for case in CASES:
    if case.__name__ in sys.argv[3:] or not sys.argv[3:]:
        case()
