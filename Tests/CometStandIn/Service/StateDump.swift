extension ServiceState {
  /// The whole store, without the files' bytes: a checksum stands for them.
  var dump: JSONValue {
    [
      "workspaces": .init(workspaces),
      "projects": .array(
        projects.map {
          [
            "projectId": .string($0.id), "projectName": .string($0.name),
            "workspaceName": .string($0.workspace),
          ]
        }),
      "experiments": .array(experimentKeys.compactMap { experiments[$0]?.dump }),
      "registry": .array(registry.map(\.dump)),
    ]
  }
}

extension Experiment {
  fileprivate var dump: JSONValue {
    [
      "experimentKey": .string(key), "workspaceName": .string(workspace),
      "projectName": .string(projectName), "name": .init(name), "tags": .init(tags),
      "metrics": .array(points.map(\.dump)), "parameters": .array(parameters.map(\.dump)),
      "others": .array(others.map(\.dump)), "html": .string(html), "code": .string(code),
      "graph": .string(graph),
      "output": .array(
        output.map {
          [
            "output": .string($0.text), "stderr": .init($0.isError), "context": .init($0.context),
            "localTimestamp": $0.timestamp,
          ]
        }),
      "systemDetails": .object(systemDetails), "git": .object(git),
      "filePath": .init(filePath), "assets": .array(assets.map(\.dump)),
      "models": .array(
        models.map { ["modelName": .string($0.name), "experimentModelId": .string($0.id)] }),
      "start": .init(start), "end": .init(end), "running": .init(isRunning),
      "crashed": .init(hasCrashed), "error": error, "archived": .init(isArchived),
      "heartbeats": .init(heartbeats),
    ]
  }
}

extension Experiment.Point {
  fileprivate var dump: JSONValue {
    [
      "name": .string(name), "value": value, "step": step, "epoch": epoch,
      "context": .init(context), "timestamp": .init(timestamp),
    ]
  }
}

extension Experiment.Entry {
  fileprivate var dump: JSONValue {
    [
      "name": .string(name), "value": value, "step": step, "context": .init(context),
      "timestamp": .init(timestamp), "writes": .init(writes),
    ]
  }
}

extension Asset {
  fileprivate var dump: JSONValue {
    [
      "assetId": .string(id), "fileName": .string(name), "type": .string(type),
      "extension": .init(fileExtension), "fileSize": .init(bytes.count),
      "crc32": .init(crc32(of: bytes)), "link": .init(remoteLink),
      "step": .init(step), "epoch": .init(epoch), "context": .init(context),
      "groupingName": .init(modelName), "metadata": .init(metadata),
    ]
  }
}

extension RegistryModel {
  fileprivate var dump: JSONValue {
    [
      "modelName": .string(name), "workspaceName": .string(workspace),
      "description": .string(description), "isPublic": .init(isPublic), "notes": .string(notes),
      "versions": .array(
        versions.map {
          [
            "version": .string($0.number.description), "registryModelItemId": .string($0.id),
            "comment": .string($0.comment), "stages": .init($0.stages),
            "status": .init($0.status), "metadata": $0.metadata,
            "experimentKey": .string($0.experimentKey),
            "experimentModelName": .string($0.experimentModelName),
          ]
        }),
    ]
  }
}
