"""Writes divisions-reference.json: how scikit-learn divides generated rows by groups and by time.

    pip install scikit-learn==1.9.1 && python make_divisions_reference.py

Classes, groups and times follow from a case's numbers by a linear congruential generator, so that only the
divisions are stored: for each row the fold it is judged in, one letter per row.
"""

import json
import pathlib
import warnings

import numpy
import sklearn
from sklearn.model_selection import GroupShuffleSplit, StratifiedGroupKFold, TimeSeriesSplit

warnings.filterwarnings("ignore")
LETTERS = "0123456789abcdefghijklmnopqrstuvwxyz"


class Generator:
    def __init__(self, seed):
        self.state = seed

    def below(self, limit):
        self.state = (self.state * 6364136223846793005 + 1442695040888963407) % 2**64
        return (self.state >> 33) % limit


def rows(case):
    """Classes and groups; with skew the first groups are much larger, and lean to the first classes."""
    generator = Generator(case["seed"])
    classes, groups = [], []
    for _ in range(case["rows"]):
        group = generator.below(case["groups"])
        for _ in range(case["skew"]):
            group = min(group, generator.below(case["groups"]))
        label = generator.below(case["classes"])
        if case["skew"] and group % 2 == 0:
            label = min(label, generator.below(case["classes"]))
        classes.append(f"c{label}")
        groups.append(f"p{group}" if case["words"] else group * 7 - 30)
    return numpy.array(classes), numpy.array(groups)


def letters(splits, count):
    fold_of = ["-"] * count
    for number, (_, test) in enumerate(splits):
        for row in test:
            fold_of[row] = LETTERS[number]
    return "".join(fold_of)


def folds(case):
    classes, groups = rows(case)
    random = numpy.random.RandomState(case["seed"])
    found = []
    for _ in range(case["repeats"]):
        folds = StratifiedGroupKFold(n_splits=case["folds"], shuffle=True, random_state=random)
        try:
            found.append(letters(folds.split(classes, classes, groups), len(classes)))
        except ValueError:
            return []
    return found


def is_possible(case):
    """Whether each class is in two groups, and each fold has a row: other cases are refused."""
    classes, groups = rows(case)
    return all(len(set(groups[classes == name])) > 1 for name in set(classes)) and all(
        len(set(text)) == case["folds"] for text in folds(case)
    )


def cases():
    number = 0
    for groups, folds_, classes in [
        (12, 3, 2), (40, 5, 2), (25, 5, 3), (90, 10, 2), (60, 4, 9), (60, 7, 14), (17, 2, 5),
        (8, 8, 2), (30, 10, 3), (5, 6, 2), (3, 5, 3), (150, 12, 8), (45, 5, 20),
    ]:
        for skew in (0, 2):
            number += 1
            case = {
                "groups": groups, "folds": folds_, "classes": classes, "skew": skew,
                "rows": 240, "seed": number, "words": number % 3 == 0,
                "repeats": 2 if number % 4 == 0 else 1, "fraction": [0.2, 0.25, 0.5][number % 3],
            }
            tries = 0
            while groups >= folds_ and not is_possible(case):
                case["seed"] += 100
                tries += 1
                if tries > 400:
                    break
            else:
                yield case


def divided(case):
    classes, groups = rows(case)
    split = GroupShuffleSplit(n_splits=1, test_size=case["fraction"], random_state=case["seed"])
    return case | {
        "fold_of_row": folds(case),
        "is_tested": letters(split.split(classes, classes, groups), len(classes)).replace("0", "t"),
    }


def timed(number):
    generator = Generator(number)
    count, folds_ = 11 + 7 * number, 2 + number % 6
    times = numpy.array([generator.below(count if number % 2 else 9) for _ in range(count)])
    order = numpy.argsort(times, kind="stable")
    splits = list(TimeSeriesSplit(n_splits=folds_).split(order))
    return {
        "seed": number, "rows": count, "folds": folds_, "limit": count if number % 2 else 9,
        "training": [order[training].tolist() for training, _ in splits][:1],
        "test": [order[test].tolist() for _, test in splits],
    }


reference = {
    "made_with": {"scikit-learn": sklearn.__version__, "numpy": numpy.__version__},
    "groups": [divided(case) for case in cases()],
    "times": [timed(number) for number in range(20)],
}
path = pathlib.Path(__file__).with_name("divisions-reference.json")
path.write_text(json.dumps(reference, separators=(",", ":"), sort_keys=True) + "\n")
