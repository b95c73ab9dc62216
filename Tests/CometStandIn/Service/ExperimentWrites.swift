extension Endpoint {
  /// Logging to an experiment.
  static let experimentWrites: [Endpoint] = [
    .post(
      "write/experiment/create",
      [
        .required("workspaceName", .name), .required("projectName", .name),
        .nullable("experimentName", .text), .optional("disableHeartBeat", .flag),
      ]
    ) { state, call throws(Refusal) in
      let project = try state.ensureProject(
        workspace: try call.required("workspaceName"), name: try call.required("projectName"),
        now: call.now)
      var experiment = Experiment(key: Identifier.random(), project: project, now: call.now)
      if let name = call.text("experimentName") {
        experiment.logOther(name: "Name", value: .string(name), timestamp: call.now)
      }
      try state.insert(experiment)
      return .json([
        "experimentKey": .string(experiment.key),
        "workspaceName": .string(project.workspace),
        "projectName": .string(project.name),
        "name": .init(experiment.name),
        "link": .string(experiment.link(root: call.root)),
      ])
    },
    .post(
      "write/experiment/log-other",
      [
        .experimentKey, .required("key", .name), .required("value", .anything),
        .optional("timestamp", .integer),
      ]
    ) { state, call throws(Refusal) in
      try state.change(call) { experiment throws(Refusal) in
        experiment.logOther(
          name: try call.required("key"), value: call.body["value"] ?? .null,
          timestamp: call.int("timestamp") ?? call.now)
      }
      return .saved
    },
    .post(
      "write/experiment/tags", [.experimentKey, .required("addedTags", .texts)]
    ) { state, call throws(Refusal) in
      try state.change(call) { $0.addTags(call.texts("addedTags")) }
      return .saved
    },
    .post(
      "write/experiment/tags/delete", [.experimentKey, .required("tags", .texts)]
    ) { state, call throws(Refusal) in
      let tags = call.texts("tags")
      try state.change(call) { $0.tags.removeAll(where: tags.contains) }
      return .saved
    },
    .post(
      "write/experiment/metric",
      [
        .experimentKey, .required("metricName", .name), .required("metricValue", .measure),
        .optional("step", .integer), .optional("epoch", .integer), .optional("context", .name),
        .optional("timestamp", .integer),
      ]
    ) { state, call throws(Refusal) in
      try state.change(call) { experiment throws(Refusal) in
        experiment.logPoint(
          name: try call.required("metricName"), value: call.body["metricValue"] ?? .null,
          step: call.body["step"], epoch: call.body["epoch"], context: call.text("context"),
          timestamp: call.int("timestamp") ?? call.now)
      }
      return .saved
    },
    .post(
      "write/experiment/parameter",
      [
        .experimentKey, .required("parameterName", .name), .required("parameterValue", .scalar),
        .optional("step", .integer), .optional("context", .name), .optional("timestamp", .integer),
      ]
    ) { state, call throws(Refusal) in
      try state.change(call) { experiment throws(Refusal) in
        experiment.logParameter(
          name: try call.required("parameterName"), value: call.body["parameterValue"] ?? .null,
          step: call.body["step"], context: call.text("context"),
          timestamp: call.int("timestamp") ?? call.now)
      }
      return .saved
    },
    .post(
      "write/experiment/parameter/delete", [.experimentKey, .required("parameterName", .name)]
    ) { state, call throws(Refusal) in
      try state.change(call) { experiment in
        experiment.parameters.removeAll { $0.fullName == call.text("parameterName") }
      }
      return .saved
    },
    .post(
      "write/experiment/html",
      [
        .experimentKey, .required("html", .text), .optional("override", .flag),
        .optional("timestamp", .integer),
      ]
    ) { state, call throws(Refusal) in
      try state.change(call) { experiment throws(Refusal) in
        let html = try call.required("html")
        experiment.html = call.flag("override") ?? false ? html : experiment.html + html
      }
      return .saved
    },
    .post(
      "write/experiment/output",
      [
        .experimentKey,
        // Documented as required, sent as null by the SDKs, called `context` by one of them.
        .nullable("runContext", .text), .nullable("context", .text),
        .required(
          "outputLines",
          .objects([
            .required("output", .text), .required("stderr", .flag),
            .optional("localTimestamp", .integer), .optional("offset", .integer),
          ])),
      ]
    ) { state, call throws(Refusal) in
      try state.change(call) { experiment in
        for line in call.body["outputLines"]?.array ?? [] {
          experiment.output.append(
            Experiment.Line(
              text: line["output"]?.string ?? "", isError: line["stderr"]?.bool ?? false,
              context: call.text("runContext") ?? call.text("context"),
              timestamp: line["localTimestamp"] ?? .null))
        }
      }
      return .saved
    },
    .post(
      "write/experiment/code", [.experimentKey, .required("code", .text)]
    ) { state, call throws(Refusal) in
      try state.change(call) { experiment throws(Refusal) in
        experiment.code = try call.required("code")
      }
      return .saved
    },
    .post(
      "write/experiment/graph", [.experimentKey, .required("graph", .text)]
    ) { state, call throws(Refusal) in
      try state.change(call) { experiment throws(Refusal) in
        experiment.graph = try call.required("graph")
      }
      return .saved
    },
    .post(
      "write/experiment/file-path", [.experimentKey, .required("filePath", .text)]
    ) { state, call throws(Refusal) in
      try state.change(call) { $0.filePath = call.text("filePath") }
      return .saved
    },
    .post("write/experiment/system-details", systemFields) { state, call throws(Refusal) in
      try state.change(call) { $0.merge(call.body, into: \.systemDetails) }
      return .saved
    },
    .post(
      "write/experiment/git/metadata",
      [
        .experimentKey, .nullable("user", .text), .nullable("root", .text),
        .nullable("branch", .text), .nullable("parent", .text), .nullable("origin", .text),
      ]
    ) { state, call throws(Refusal) in
      try state.change(call) { $0.merge(call.body, into: \.git) }
      return .saved
    },
  ]

  private static let systemFields: [Field] =
    [
      .experimentKey, .nullable("pid", .integer), .nullable("totalRam", .integer),
      .nullable("env", .object),
      .nullable("osPackages", .texts), .nullable("installedPackages", .texts),
      .nullable("networkInterfaceIps", .texts), .nullable("systemMetricNames", .texts),
      // Several words in Java's answers, a list of them in Python's requests.
      .nullable("command", .anything),
      .nullable(
        "gpuStaticInfoList",
        .objects([
          .required("gpuIndex", .integer), .optional("name", .text), .optional("uuid", .text),
          .optional("totalMemory", .integer), .optional("powerLimit", .integer),
        ])),
      .nullable(
        "logAdditionalSystemInfoList",
        .objects([.required("key", .name), .required("value", .text)])),
    ]
    + [
      "user", "pythonVersion", "pythonVersionVerbose", "osType", "os", "osRelease", "machine",
      "processor", "ip", "hostname", "executable",
    ].map { .nullable($0, .text) }
}

extension Call {
  func texts(_ name: String) -> [String] { body[name]?.array?.compactMap(\.string) ?? [] }
}
