"""Reads the registry back with the official SDK, and downloads a model from it.

`compare-models --register --stage production` registers a run at the stand-in, and a second run with
`--promote-if-better` takes its place. `comet_ml.api.API` (comet_ml 3.58.8) must list the five models, their
versions and stages, and download files that are, byte for byte, those of the run folder and those that
`get-models` fetches.
"""

import os
import pathlib

import check

FILES = {
    "diamonds-model": "model.safetensors",
    "diamonds-scaler": "scaler.json",
    "diamonds-label-encoder": "labelEncoder.json",
    "diamonds-color-feature-label-encoder": "colorFeatureLabelEncoder.json",
    "diamonds-clarity-feature-label-encoder": "clarityFeatureLabelEncoder.json",
}


def main():
    program, server, extra = check.arguments()
    get_models = str(pathlib.Path(program).parent / "get-models")
    result = check.Check()
    with check.temporary_folder() as folder, check.stand_in(server) as stand_in:
        env = check.environment(stand_in.url, folder)
        folder = pathlib.Path(folder)
        runs = {"1.0.0": folder / "first" / "GaussianNB", "1.1.0": folder / "second" / "RandomForest"}
        for (version, run), option in zip(runs.items(), (["--stage", "production"], ["--promote-if-better"])):
            command = [program, "--output", str(run.parent), "--models", run.name, "--register"]
            check.run(command + option + extra, env, "compare-models")
        said = check.run([get_models, "--output", str(folder / "models")], env, "get-models")
        result.true("diamonds 1.1.0 (production)" in said, f"get-models: {said}")
        for request in stand_in.refused():
            # No such model, before the first is registered.
            result.true("registry-model" not in request["path"], f"{request['method']} {request['path']}")
        os.environ.update(env)
        # Only now: the SDK reads its settings when it is loaded.
        from comet_ml.api import API

        api = API(cache=False)
        names = api.get_registry_model_names(check.WORKSPACE)
        result.equal(sorted(names), sorted(FILES), "names of the registry's models")
        result.equal(api.get_registry_model_count(check.WORKSPACE), 5, "number of models")
        for name, file in FILES.items():
            versions = api.get_registry_model_versions(check.WORKSPACE, name)
            result.equal(sorted(versions), ["1.0.0", "1.1.0"], f"{name}: versions")
            for version, run in runs.items():
                details = api.get_registry_model_details(check.WORKSPACE, name, version)
                stages = [s for s in details["stages"] if ":" not in s]
                result.equal(
                    stages, ["production"] if version == "1.1.0" else [], f"{name} {version}: stages"
                )
                result.true(run.name in details["comment"], f"{name} {version}: comment")
                download(api, name, file, run, {"version": version}, folder, result)
            download(api, name, file, runs["1.1.0"], {"stage": "production"}, folder, result)
            result.equal(
                (folder / "models" / file).read_bytes(), (runs["1.1.0"] / file).read_bytes(),
                f"{name}: what get-models fetched",
            )
            model = api.get_model(check.WORKSPACE, name)
            result.equal(
                list(model.find_versions(tag="production")), ["1.1.0"],
                f"{name}: versions by tag",
            )
    result.finish()


def download(api, name, file, run, choice, folder, result):
    target = folder / "-".join([name, *choice.values()])
    api.download_registry_model(check.WORKSPACE, name, output_path=str(target), **choice)
    found = {p.name: p.read_bytes() for p in target.rglob("*") if p.is_file()}
    result.equal(list(found), [file], f"{name} {choice}: files")
    result.equal(found.get(file), (run / file).read_bytes(), f"{name} {choice}: bytes")


if __name__ == "__main__":
    main()
