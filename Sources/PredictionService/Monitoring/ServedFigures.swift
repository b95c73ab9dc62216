/// What a model was asked and has answered so far, in numbers.
public struct ServedFigures: Sendable {
  /// How many rows were predicted, by class.
  public let predictions: [(className: String, count: Int)]
  /// The population stability index of each feature, and of the predicted class, against training: none
  /// before anything was asked.
  public let stabilityIndices: [(name: String, index: Double)]

  init(_ served: DriftCounters, classNames: [String]) {
    predictions = zip(classNames, served.predictionCounts).map { ($0, $1) }
    stabilityIndices = (served.drifts + [served.classDrift]).compactMap { drift in
      drift.index.map { (drift.name, $0) }
    }
  }

  public var rowCount: Int { predictions.reduce(0) { $0 + $1.count } }
}

extension ServedModel {
  public var figures: ServedFigures { ServedFigures(driftCounters, classNames: classNames) }
}
