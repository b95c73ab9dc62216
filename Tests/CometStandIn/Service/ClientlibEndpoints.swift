extension Endpoint {
  /// The private calls with which the official SDK opens an experiment and sends archives, below
  /// `clientlib/`. They fill the same store, so what came by them can be compared with what came
  /// by REST. Fields that nobody here reads are not checked.
  static let clientlib: [Endpoint] = [
    .private("logger/add/run") { state, call throws(Refusal) in
      let project = try state.ensureProject(
        workspace: call.text("teamName") ?? state.workspaces[0],
        name: call.text("projectName") ?? "general", now: call.now)
      let experiment = Experiment(
        key: try call.required("experimentKey"), project: project, now: call.now)
      try state.insert(experiment)
      return .json(handshake(experiment, call))
    },
    .private("logger/get/run") { state, call throws(Refusal) in
      .json(handshake(try state.experiment(of: call), call))
    },
    .private("tags/add-tags-to-experiment") { state, call throws(Refusal) in
      try state.change(call) { $0.addTags(call.texts("addedTags")) }
      return .saved
    },
    .private("status-report/update") { state, call throws(Refusal) in
      try state.change(call) { experiment in
        experiment.isRunning = call.flag("is_alive") ?? false
        experiment.heartbeats += 1
      }
      return .json([
        "is_alive_beat_duration_millis": 10000, "gpu_monitor_interval_millis": 60000,
        "cpu_monitor_interval_millis": 60000, "parameter_update_interval_millis": 60000,
        "pending_rpcs": false, "code": 200, "msg": "OK",
      ])
    },
    .private("status-report/offline-metadata") { state, call throws(Refusal) in
      try state.change(call) { experiment in
        if let start = call.int("startTimestamp") { experiment.start = start }
        if let end = call.int("endTimestamp") { experiment.end = end }
      }
      return .saved
    },
    .private("batch/logger/experiment/metric") { state, call throws(Refusal) in
      try metricFields.check(call.body)
      try state.change(call) { experiment throws(Refusal) in
        for value in call.body["values"]?.array ?? [] {
          experiment.logPoint(
            name: value["metricName"]?.string ?? "", value: value["metricValue"] ?? .null,
            step: value["step"], epoch: value["epoch"], context: value["context"]?.string,
            timestamp: value["timestamp"]?.int ?? call.now)
        }
      }
      return .saved
    },
    .private("batch/logger/experiment/parameter") { state, call throws(Refusal) in
      try parameterFields.check(call.body)
      try state.change(call) { experiment throws(Refusal) in
        for value in call.body["values"]?.array ?? [] {
          experiment.logParameter(
            name: value["parameterName"]?.string ?? "", value: value["parameterValue"] ?? .null,
            step: value["step"], context: value["context"]?.string,
            timestamp: value["timestamp"]?.int ?? call.now)
        }
      }
      return .saved
    },
    Endpoint(
      method: "POST", path: "asset/upload",
      query: [.required("experimentId", .name), .optional("projectId", .name)]
        + [.optional("runId", .name)] + AssetUpload.fields,
      body: .form,
      action: .write { state, call throws(Refusal) in
        let asset = try AssetUpload.asset(call)
        try state.change(experiment: try call.required("experimentId")) {
          experiment throws(Refusal) in
          try experiment.store(
            asset, overwrite: call.flag("overwrite") ?? false, isImmutable: false)
        }
        return .json(["msg": "Saved", "code": 200, "assetId": .string(asset.id)])
      }),
    .private("notification/experiment") { _, _ in .saved },
    .private("asset/3d-limits") { _, _ in .json([:]) },
    .private("log/error") { _, _ in .saved },
    .get("health/ping") { _, _ in .json(["msg": "OK"]) },
  ]

  /// Any fields: the checks that matter are made by the caller.
  private static func `private`(
    _ path: String,
    _ write: @escaping @Sendable (inout ServiceState, Call) throws(Refusal) -> HTTPResponse
  ) -> Endpoint {
    Endpoint(method: "POST", path: path, query: [], body: .anyJSON, action: .write(write))
  }

  private static func handshake(_ experiment: Experiment, _ call: Call) -> JSONValue {
    [
      "runId": .string("run-" + experiment.key),
      "project_id": .string(experiment.projectID),
      "focusUrl": .string(
        "\(call.root)/\(experiment.workspace)/\(experiment.projectName)/"),
      "lastOffset": .init(experiment.points.count),
      "upload_file_size_limit_in_mb": 200,
      "asset_upload_file_size_limit_in_mb": 5000,
      "uploadVideoMaxSizeMB": 200,
      "featureToggles": [],
      "githubEnabled": false,
      "s3DirectAccessEnabled": false,
      "cometWebAssetUrl": .string(call.root + "/api/asset/download"),
      "cometWebImageUrl": .string(call.root + "/api/image/download"),
      "cometRestApiAssetUrl": .string(call.root + "/api/rest/v2/experiment/asset/get-asset"),
      "cometRestApiImageUrl": .string(call.root + "/api/rest/v2/image"),
      "name": .init(experiment.name),
      "msg": nil,
    ]
  }

  private static let metricFields: [Field] = [
    .experimentKey,
    .required(
      "values",
      .objects([
        .required("metricName", .name), .required("metricValue", .scalar),
        .nullable("step", .integer), .nullable("epoch", .integer), .nullable("context", .name),
        .required("timestamp", .integer),
      ])),
  ]
  private static let parameterFields: [Field] = [
    .experimentKey,
    .required(
      "values",
      .objects([
        .required("parameterName", .name), .nullable("parameterValue", .anything),
        .nullable("step", .integer), .nullable("context", .name), .nullable("source", .name),
        .required("timestamp", .integer),
      ])),
  ]
}
