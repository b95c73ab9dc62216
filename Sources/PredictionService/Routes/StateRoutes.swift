import Hummingbird
import JSON
import Support

/// The routes about the state of the service.
enum StateRoutes {
  static let all = [
    Route(.get, "/health") { _, _, _ in .json(["status": "ok"]) },
    Route(.get, "/ready") { _, _, state in ready(state) },
    Route(.get, "/metrics") { _, _, state in metrics(state) },
  ]

  private static func ready(_ state: ServiceState) -> Response {
    if state.isStopping { return .json(["status": "stopping"], status: .serviceUnavailable) }
    guard let model = state.model else {
      return .json(["status": "no model is loaded yet"], status: .serviceUnavailable)
    }
    return .json([
      "status": "ready", "model": .string(model.name), "version": .string(model.origin.version),
    ])
  }

  private static func metrics(_ state: ServiceState) -> Response {
    var text = MetricsText()
    state.metrics.write(to: &text)
    state.refreshes.write(to: &text)
    if let model = state.model { write(model, to: &text) }
    text.family("diamonds_ready", .gauge, "1 while the service is ready.", state.isReady ? 1 : 0)
    if let bytes = ProcessFigures.residentBytes {
      text.family("process_resident_memory_bytes", .gauge, "Memory in use.", Double(bytes))
    }
    text.family(
      "process_cpu_seconds_total", .counter, "Processor time used.",
      ProcessFigures.processorSeconds)
    return Response(.ok, MediaType.metrics, Array(text.text.utf8))
  }

  private static func write(_ model: ServedModel, to text: inout MetricsText) {
    text.family("diamonds_model_info", .gauge, "The model that is served.")
    text.sample(
      ["model": model.name, "version": model.origin.version, "from": model.origin.place], 1)
    text.family(
      "diamonds_model_since_timestamp_seconds", .gauge, "When the model was loaded.",
      model.since.seconds)
    text.family(
      "diamonds_predictions_total", .counter, "Rows predicted by the model, by their class.")
    for (name, count) in zip(model.classNames, model.driftCounters.predictionCounts) {
      text.sample(["class": name, "version": model.origin.version], Double(count))
    }
    text.family(
      "diamonds_feature_stability_index", .gauge,
      "Population stability index of the requests against training.")
    for drift in model.driftCounters.drifts {
      if let index = drift.index { text.sample(["feature": drift.name], index) }
    }
    if let index = model.driftCounters.classDrift.index {
      text.family(
        "diamonds_class_stability_index", .gauge,
        "Population stability index of the predicted classes against training.", index)
    }
  }
}
