"""Writes tables in many forms, and the names and cells that pandas reads of them.

Separators, quoting, line ends, encodings, compression, byte order marks, empty lines, repeated and empty names, and no
names at all are combined at random. Cells have no blanks around them and no empty ones, which we read otherwise. pandas
is told how a file is written; our reader is told only that names are missing, the separator then, and the encoding. An
unnamed first column that counts the rows is left out, as our reader does.

    usage: make_tables_reference.py [TABLES] [SEED] > tables-reference.json
"""

import base64
import csv
import gzip
import io
import json
import random
import sys

import pandas


def word(random, characters):
    pool = ["red", "green", "very good", "a,b", "c;d", "e|f", 'say "so"', "two\nlines", "x-1", "1st", "N/A"]
    pool += [characters, characters + "z"]
    return random.choice(pool)


def number(random):
    return random.choice(["0", "-1", "12", "61.50", ".5", "3.", "+7", "1e-3", "2E5", "007", "123456789012"])


def table(random):
    encoding = random.choice(["utf-8"] * 3 + ["utf-8-sig", "latin1", "windows-1252", "utf-16"])
    characters = {"latin1": "ßé", "windows-1252": "€–é", "utf-16": "漢😀"}.get(encoding, "é漢😀")
    separator = random.choice([",", ";", "\t", "|", " "])
    has_header = random.random() < 0.8
    width, height = random.randint(2, 6), random.randint(2, 8)
    kinds = [random.choice([word, number]) for _ in range(width)]
    rows = [
        [kind(random, characters) if kind is word else number(random) for kind in kinds]
        for _ in range(height)
    ]
    names = [random.choice(["a", "b", "c d", "a.1", "é" if encoding != "utf-16" else "漢", "x"]) for _ in kinds]
    if random.random() < 0.2 and separator != " ":
        names[random.randrange(1, width)] = ""
    if random.random() < 0.3 and separator != " ":
        names[0] = ""
        start = random.choice([0, 1, 2])
        if random.random() < 0.7:
            for place, row in enumerate(rows):
                row[0] = str(place + start)
    end = random.choice(["\n", "\r\n", "\r"])
    if end == "\r" and names[0] == "":
        # pandas takes an empty cell behind CR for none.
        names[0] = "n"
    # The csv module puts only its own line end in quotes.
    rows = [[cell.replace("\n", end) for cell in row] for row in rows]
    quoting = random.choice([csv.QUOTE_MINIMAL, csv.QUOTE_ALL, csv.QUOTE_NONNUMERIC])
    text = io.StringIO()
    writer = csv.writer(text, delimiter=separator, lineterminator=end, quoting=quoting)
    if has_header:
        writer.writerow(names)
    for row in rows:
        writer.writerow(row)
    text = text.getvalue()
    if separator == " " and quoting == csv.QUOTE_MINIMAL and end not in "".join(sum(rows, [])):
        # Runs of blanks, where no cell has blanks of its own.
        if not any(" " in cell for cell in names + sum(rows, [])):
            text = "".join(c * random.randint(1, 3) if c == " " else c for c in text)
    if random.random() < 0.2:
        text = end + text
    if random.random() < 0.3:
        text = text[: -len(end)]
    data = text.encode(encoding)
    is_gzip = random.random() < 0.2
    frame = pandas.read_csv(
        io.BytesIO(data),
        sep=r"\s+" if separator == " " else separator,
        header="infer" if has_header else None,
        dtype=str,
        keep_default_na=False,
        encoding=encoding,
    )
    names = [str(name) for name in frame.columns]
    columns = [list(frame[name]) if has_header else list(frame[int(name)]) for name in names]
    if not has_header:
        names = [f"column_{int(name) + 1}" for name in names]
    counts = [[str(row + start) for row in range(len(frame))] for start in (0, 1)]
    if names[0] == "Unnamed: 0" and columns[0] in counts:
        names, columns = names[1:], columns[1:]
    told = {"latin1": "latin1", "windows-1252": "windows-1252", "utf-16": "utf-16"}
    return {
        "bytes": base64.b64encode(gzip.compress(data, mtime=0) if is_gzip else data).decode(),
        "format": {
            "header": has_header,
            "separator": None if has_header else {"\t": "tab", " ": "space"}.get(separator, separator),
            "encoding": told.get(encoding),
        },
        "names": names,
        "columns": columns,
    }


def main():
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 150
    generator = random.Random(int(sys.argv[2]) if len(sys.argv) > 2 else 1)
    tables = [table(generator) for _ in range(count)]
    document = {"made_by": f"make_tables_reference.py, pandas {pandas.__version__}", "tables": tables}
    json.dump(document, sys.stdout, ensure_ascii=False, separators=(",", ":"))
    print()


main()
