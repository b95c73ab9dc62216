"""Reads a run back with the official SDK and holds it against the run folder.

`compare-models` logs a run to the stand-in; then `comet_ml.api.API` (comet_ml 3.58.8) reads name, tags,
parameters, metrics with their contexts, assets and confusion matrices of each of the four experiments,
and all must be what `comparison.json` and the files of the run folder say.
"""

import json
import os
import pathlib

import check


def main():
    program, server, extra = check.arguments()
    result = check.Check()
    with check.temporary_folder() as folder, check.stand_in(server) as stand_in:
        env = check.environment(stand_in.url, folder)
        run_folder = pathlib.Path(folder, "run")
        command = [program, "--require-comet", "--output", str(run_folder), *extra]
        check.run(command, env, "compare-models")
        for request in stand_in.refused():
            result.equal(request["status"], 200, f"{request['method']} {request['path']}")
        os.environ.update(env)
        # Only now: the SDK reads its settings when it is loaded.
        from comet_ml.api import API

        comparison = json.loads((run_folder / "comparison.json").read_text())
        api = API(cache=False)
        result.equal(api.get_workspaces(), [check.WORKSPACE], "workspaces")
        result.equal(api.get_projects(check.WORKSPACE), [check.PROJECT], "projects")
        experiments = {e.name: e for e in api.get_experiments(check.WORKSPACE, check.PROJECT)}
        result.equal(len(experiments), len(comparison["models"]), "number of experiments")
        for model in comparison["models"]:
            name = model["name"]
            result.true(name in experiments, f"an experiment named {name}")
            if name in experiments:
                compare(experiments[name], model, comparison, run_folder / name, result)
    result.finish()


def compare(experiment, model, comparison, folder, result):
    name = model["name"]
    result.true(name in experiment.get_tags(), f"{name}: tags {experiment.get_tags()}")
    metadata = experiment.get_metadata()
    result.equal(experiment.get_state(), "finished", f"{name}: state")
    result.true(metadata["endTimeMillis"] >= metadata["startTimeMillis"] > 0, f"{name}: times")

    parameters = {p["name"]: p["valueCurrent"] for p in experiment.get_parameters_summary()}
    for key, value in model["hyperparameters"].items():
        # Comet answers text: numbers are compared as numbers, nothing is compared with None.
        result.true(key in parameters, f"{name}: parameter {key} is there")
        result.true(same(parameters.get(key), value), f"{name}: {key}={parameters.get(key)}, {value}")
    for key, value in (("seed", comparison["seed"]), ("rows", comparison["data"]["rows"])):
        result.true(same(parameters.get(key), value), f"{name}: parameter {key}")
    result.true(comparison["data"]["sha256"] in parameters.values(), f"{name}: data checksum")

    metrics = {m["name"]: m for m in experiment.get_metrics_summary()}
    for full_name, value in check.expected_metrics(model).items():
        if full_name not in metrics:
            result.true(False, f"{name}: metric {full_name} is there")
            continue
        found = metrics[full_name]
        result.equal(float(found["valueCurrent"]), float(value), f"{name}: {full_name}")
        result.equal(found["runContextCurrent"], full_name.split("_")[0], f"{name}: {full_name} context")
        points = experiment.get_metrics(full_name)
        result.equal(len(points), 1, f"{name}: points of {full_name}")

    assets = experiment.get_asset_list()
    matrices = [a for a in assets if a["type"] == "confusion-matrix"]
    result.equal(
        sorted(a["runContext"] for a in matrices), ["train", "validate"], f"{name}: confusion matrices"
    )
    for asset in matrices:
        matrix = json.loads(experiment.get_asset(asset["assetId"]))
        part = model[asset["runContext"]]
        result.equal(matrix["matrix"], part["confusion_matrix"], f"{name}: {asset['fileName']}")
        result.equal(matrix["labels"], comparison["data"]["classes"], f"{name}: labels")
    sizes = {a["fileName"].split("/")[-1]: a["fileSize"] for a in assets}
    for file in ("predictions.csv", "model.safetensors", "scaler.json", "labelEncoder.json"):
        result.equal(sizes.get(file), (folder / file).stat().st_size, f"{name}: size of {file}")
        for asset in assets:
            if asset["fileName"].split("/")[-1] == file:
                stored = experiment.get_asset(asset["assetId"])
                result.true(stored == (folder / file).read_bytes(), f"{name}: bytes of {file}")
    result.true(experiment.get_model_names(), f"{name}: models {experiment.get_model_names()}")
    result.true(len(experiment.get_curves()) > 0, f"{name}: curves")


def same(found, expected):
    if found is None:
        return False
    if isinstance(expected, bool) or expected is None:
        return found.lower() in (str(expected).lower(), {None: "null"}.get(expected, ""))
    if isinstance(expected, (int, float)):
        return float(found) == float(expected)
    return found == str(expected)


main()
