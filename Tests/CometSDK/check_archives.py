"""Sends a run's archives with the official `comet upload` and counts what arrives, one by one.

`compare-models --offline` leaves one archive per model; `comet upload` of comet_ml 3.58.8 sends them to
the stand-in, which stores what comes by the SDK's private calls as it stores what comes by REST. Every
metric, parameter, tag, other value and asset of the archive must be there exactly once, with its
context, step, time and bytes, and nothing else: one bad line makes the SDK silently drop metrics.
"""

import collections
import json
import pathlib
import sys
import zipfile
import zlib

import check


def main():
    program, server, extra = check.arguments()
    result = check.Check()
    uploader = str(pathlib.Path(sys.executable).parent / "comet")
    with check.temporary_folder() as folder, check.stand_in(server) as stand_in:
        env = check.environment(stand_in.url, folder)
        run_folder = pathlib.Path(folder, "run")
        command = [program, "--offline", "--output", str(run_folder), *extra]
        check.run(command, env, "compare-models")
        result.equal(stand_in.get("requests"), [], "requests of an offline run")
        comparison = json.loads((run_folder / "comparison.json").read_text())
        archives = sorted(run_folder.glob("**/*.zip"))
        result.equal(len(archives), len(comparison["models"]), "number of archives")
        # The variables would take the place of what the archive says.
        for name in ("COMET_WORKSPACE", "COMET_PROJECT"):
            del env[name]
        for archive in archives:
            said = check.run([uploader, "upload", str(archive)], env, "comet upload")
            for word in ("WARNING", "ERROR"):
                result.true(word not in said, f"{archive.name}: {said[-600:]}")
        for request in stand_in.refused():
            result.equal(request["status"], 200, f"{request['method']} {request['path']}")
        experiments = {e["experimentKey"]: e for e in stand_in.experiments}
        for archive in archives:
            key = archive.stem
            result.true(key in experiments, f"{archive.name}: an experiment of this key")
            if key in experiments:
                compare(archive, experiments[key], comparison, result)
    result.finish()


def compare(archive, experiment, comparison, result):
    with zipfile.ZipFile(archive) as file:
        description = json.loads(file.read("experiment.json"))
        messages = [json.loads(line) for line in file.read("messages.json").splitlines()]
        contents = {name: file.read(name) for name in file.namelist()}
    by_type = collections.defaultdict(list)
    for message in messages:
        by_type[message["type"]].append(message["payload"])
    name = experiment["name"]
    model = next((m for m in comparison["models"] if m["name"] == name), None)
    result.true(model is not None, f"{archive.name}: the name {name} is a model's")
    if model is None:
        return
    result.equal(experiment["workspaceName"], check.WORKSPACE, f"{name}: workspace")
    result.equal(experiment["projectName"], check.PROJECT, f"{name}: project")
    result.equal(experiment["start"], description["start_time"], f"{name}: start")
    result.equal(experiment["end"], description["stop_time"], f"{name}: end")
    every(result, f"{name}: tags", experiment["tags"], description["tags"])
    every(
        result,
        f"{name}: metrics",
        [(m["name"], m["context"], m["value"], m["step"], m["timestamp"]) for m in experiment["metrics"]],
        [
            (m["metric"]["metricName"], m["context"], m["metric"]["metricValue"], m["metric"]["step"],
             m["local_timestamp"])
            for m in by_type["metric_msg"]
        ],
    )
    parameters = [m.get("param") or m["params"] for m in by_type["parameter_msg"]]
    every(
        result,
        f"{name}: parameters",
        [(p["name"], p["value"]) for p in experiment["parameters"]],
        [(p["paramName"], p["paramValue"]) for p in parameters],
    )
    others = {o["name"]: o["value"] for o in experiment["others"]}
    for message in by_type["log_other"]:
        result.equal(others.get(message["key"]), message["value"], f"{name}: {message['key']}")
    every(
        result,
        f"{name}: assets",
        [
            (a["fileName"], a["type"], a["context"], a["groupingName"], a["fileSize"], a["crc32"])
            for a in experiment["assets"]
        ],
        [
            asset(m["additional_params"], m["upload_type"], contents[m["file_path"]])
            for m in by_type["file_upload"]
        ],
    )
    output = "".join(line["output"] for line in experiment["output"])
    for message in by_type["standard_output"]:
        result.true(message["output"] in output, f"{name}: standard output")
    for message in by_type["html"]:
        result.true(message["html"] in experiment["html"], f"{name}: HTML")
    for message in by_type["system_details"]:
        for key in ("hostname", "machine"):
            found = next(
                (v for k, v in experiment["systemDetails"].items() if k == key), None
            )
            result.equal(found, message[key], f"{name}: system detail {key}")
    # And the archive itself says what the run folder says.
    values = {f"{m['context']}_{m['name']}": m["value"] for m in experiment["metrics"]}
    for full_name, value in check.expected_metrics(model).items():
        result.equal(values.get(full_name), value, f"{name}: {full_name}")
    print(
        f"{name}: {len(experiment['metrics'])} metrics, {len(experiment['parameters'])} parameters, "
        f"{len(experiment['tags'])} tags, {len(experiment['assets'])} assets"
    )


def asset(parameters, upload_type, content):
    return (
        parameters["fileName"],
        parameters.get("type") or upload_type,
        parameters["context"],
        parameters.get("groupingName"),
        len(content),
        zlib.crc32(content),
    )


def every(result, what, found, expected):
    """Both lists have the same elements, each as often."""
    found = collections.Counter(map(repr, found))
    expected = collections.Counter(map(repr, expected))
    result.equal(sorted((expected - found).elements()), [], f"{what} that did not arrive")
    result.equal(sorted((found - expected).elements()), [], f"{what} that should not be there")
    for element in expected:
        result.equal(found[element], expected[element], f"{what}: {element}")


main()
