import Comet
import Comparison
import Evaluation
import JSON
import Support

/// ROC curves as Comet draws them: a file each.
enum CurveFiles {
  /// Writes a run's curves, and returns the events that log them.
  ///
  /// The curve of the predicted labels, the original's, is named `roc-curve`, that of the probabilities
  /// `roc-curve-probabilities`; with more than two classes there is one of each for every class, and with
  /// very many none: `roc-curve.json` is sent in their place.
  ///
  /// - Parameters:
  ///   - folder: where the files go.
  ///   - prefix: the path to there from where the events' paths begin.
  ///   - context: of which rows the curves are.
  static func write(
    _ run: ScoredPredictions, to folder: String, prefix: String, context: String, _ timestamp: Int
  ) throws -> [ExperimentEvent] {
    guard run.classNames.count <= ConfusionMatrix.fullLimit else { return [] }
    let sets = [("roc-curve", run.labelCurves), ("roc-curve-probabilities", run.probabilityCurves)]
    var events: [ExperimentEvent] = []
    for (title, set) in sets {
      for (index, named) in set.curves.enumerated() {
        let isOnly = set.curves.count == 1
        let name = isOnly ? title : "\(title)-\(named.className)"
        // A class may have any name, a file not.
        let file = (isOnly ? title : "\(title)-\(index)") + ".json"
        try Files.write(content(of: named.curve, name), to: folder + "/" + file)
        let asset = AssetUpload(
          name, type: "curve", context: context, metadata: ["auc": .real(named.curve.area)])
        events.append(.asset(asset, path: prefix + "/" + file, timestamp: timestamp))
      }
    }
    return events
  }

  private static func content(of curve: ROCCurve, _ name: String) -> [UInt8] {
    JSONValue.object([
      .init("x", .array(curve.falsePositiveRates.map(JSONValue.real))),
      .init("y", .array(curve.truePositiveRates.map(JSONValue.real))),
      .init("name", .string(name)),
    ]).bytes
  }
}
