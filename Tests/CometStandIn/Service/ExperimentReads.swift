extension Endpoint {
  /// What was logged, read back.
  static let experimentReads: [Endpoint] = [
    .get("experiment/metadata", [.experimentKey]) { state, call throws(Refusal) in
      .json(state.json(of: try state.experiment(of: call)))
    },
    .get("experiment/metrics/summary", [.experimentKey]) { state, call throws(Refusal) in
      .json(["values": .array(try state.experiment(of: call).metricSummaries)])
    },
    .get(
      "experiment/metrics/get-metric", [.experimentKey, .required("metricName", .name)]
    ) { state, call throws(Refusal) in
      let name = try call.required("metricName")
      let points = try state.experiment(of: call).points.filter { $0.fullName == name }
      return .json(["metrics": .array(points.map(\.json))])
    },
    .get("experiment/metrics/get-all", [.experimentKey]) { state, call throws(Refusal) in
      .json(["metrics": .array(try state.experiment(of: call).points.map(\.json))])
    },
    .get("experiment/parameters", [.experimentKey]) { state, call throws(Refusal) in
      .json(["values": .array(try state.experiment(of: call).parameters.map(\.summary))])
    },
    .get("experiment/log-other", [.experimentKey]) { state, call throws(Refusal) in
      .json(["values": .array(try state.experiment(of: call).others.map(\.summary))])
    },
    .get("experiment/tags", [.experimentKey]) { state, call throws(Refusal) in
      .json(["tags": .init(try state.experiment(of: call).tags)])
    },
    .get("experiment/html", [.experimentKey]) { state, call throws(Refusal) in
      .json(["html": .string(try state.experiment(of: call).html)])
    },
    .get("experiment/code", [.experimentKey]) { state, call throws(Refusal) in
      .json(["code": .string(try state.experiment(of: call).code)])
    },
    .get("experiment/graph", [.experimentKey]) { state, call throws(Refusal) in
      .json(["graph": .string(try state.experiment(of: call).graph)])
    },
    .get("experiment/output", [.experimentKey]) { state, call throws(Refusal) in
      let lines = try state.experiment(of: call).output
      return .json(["output": .string(lines.map(\.text).joined())])
    },
    .get("experiment/system-details", [.experimentKey]) { state, call throws(Refusal) in
      .json(.object(try state.experiment(of: call).systemDetails))
    },
    .get("experiment/git/metadata", [.experimentKey]) { state, call throws(Refusal) in
      .json(.object(try state.experiment(of: call).git))
    },
    .get("experiment/git/patch", [.experimentKey]) { state, call throws(Refusal) in
      let patch = try state.experiment(of: call).gitPatch
      return patch.map(HTTPResponse.bytes) ?? .json(["msg": "no git patch"])
    },
  ]
}

extension Experiment.Point {
  var fullName: String { Experiment.fullName(name, context: context) }

  var json: JSONValue {
    [
      "metricName": .string(fullName),
      "metricValue": .string(value.plainText),
      "timestamp": .init(timestamp),
      "step": step,
      "epoch": epoch,
      "runContext": .init(context),
      "offset": .init(offset),
    ]
  }
}

extension Experiment.Entry {
  /// All three values are the newest one: nobody reads the extremes of a parameter.
  var summary: JSONValue {
    Experiment.summary(name: fullName, least: point, greatest: point, current: point)
  }

  private var point: Experiment.Point {
    Experiment.Point(
      name: name, value: value, step: step, epoch: .null, context: context, timestamp: timestamp,
      offset: 0)
  }
}

extension Experiment {
  /// Smallest, largest and newest value of every metric, by full name in order of appearance.
  fileprivate var metricSummaries: [JSONValue] {
    var names: [String] = []
    var groups: [String: [Point]] = [:]
    for point in points {
      if groups[point.fullName] == nil { names.append(point.fullName) }
      groups[point.fullName, default: []].append(point)
    }
    return names.map { name in
      let group = groups[name] ?? []
      let numbers = group.filter { !(Double($0.value.plainText) ?? .nan).isNaN }
      func number(_ point: Point) -> Double { Double(point.value.plainText) ?? .nan }
      let last = group[group.count - 1]
      return Self.summary(
        name: name, least: numbers.min { number($0) < number($1) } ?? last,
        greatest: numbers.max { number($0) < number($1) } ?? last, current: last)
    }
  }

  fileprivate static func summary(
    name: String, least: Point, greatest: Point, current: Point
  ) -> JSONValue {
    var members: [JSONValue.Member] = [.init("name", .string(name))]
    for (suffix, point) in [("Max", greatest), ("Min", least), ("Current", current)] {
      members.append(.init("value\(suffix)", .string(point.value.plainText)))
      members.append(.init("timestamp\(suffix)", .init(point.timestamp)))
      members.append(.init("step\(suffix)", point.step))
      members.append(.init("runContext\(suffix)", .init(point.context)))
    }
    members.append(.init("editable", false))
    return .object(members)
  }
}
