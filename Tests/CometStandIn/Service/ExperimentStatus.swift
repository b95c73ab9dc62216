extension Endpoint {
  /// Whether an experiment lives, when it began and ended, and where it is kept.
  static let experimentStatus: [Endpoint] = [
    .getThatWrites("write/experiment/set-status", [.experimentKey]) { state, call throws(Refusal) in
      try state.change(call) { experiment in
        experiment.isRunning = true
        experiment.heartbeats += 1
      }
      return .json([
        "isAliveBeatDurationMillis": 10000, "gpuMonitorIntervalMillis": 60000,
        "cpuMonitorIntervalMillis": 60000,
      ])
    },
    .post(
      "write/experiment/update-status",
      [
        .experimentKey, .required("isAlive", .flag), .nullable("error", .text),
        .nullable("hasCrashed", .flag),
      ]
    ) { state, call throws(Refusal) in
      try state.change(call) { experiment in
        experiment.isRunning = call.flag("isAlive") ?? false
        experiment.hasCrashed = call.flag("hasCrashed") ?? false
        experiment.error = .init(call.text("error"))
        if !experiment.isRunning, experiment.end == nil { experiment.end = call.now }
      }
      return .saved
    },
    .post(
      "write/experiment/set-start-end-time",
      [
        .experimentKey, .nullable("startTimeMillis", .integer),
        .nullable("endTimeMillis", .integer),
      ]
    ) { state, call throws(Refusal) in
      try state.change(call) { experiment in
        if let start = call.int("startTimeMillis") { experiment.start = start }
        if let end = call.int("endTimeMillis") { experiment.end = end }
      }
      return .saved
    },
    .getThatWrites("write/experiment/stop", [.experimentKey]) { state, call throws(Refusal) in
      try state.change(call) { $0.isRunning = false }
      return .json(["msg": "Stop Requested"])
    },
    .getThatWrites("write/experiment/archive", [.experimentKey]) { state, call throws(Refusal) in
      try state.change(call) { $0.isArchived = true }
      return .json(["msg": "Archived"])
    },
    .getThatWrites("write/experiment/restore", [.experimentKey]) { state, call throws(Refusal) in
      try state.change(call) { $0.isArchived = false }
      return .json(["msg": "Restore"])
    },
    .getThatWrites("write/experiment/delete", [.experimentKey]) { state, call throws(Refusal) in
      let key = try call.required("experimentKey")
      guard state.experiments.removeValue(forKey: key) != nil else { throw .noWriteAccess(key) }
      state.experimentKeys.removeAll { $0 == key }
      return .json(["msg": "Deleted"])
    },
  ]
}
