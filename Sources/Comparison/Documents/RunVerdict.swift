public import Evaluation
public import Support

/// Whether a run's best model is worse than another run's, on the same test rows.
public struct RunVerdict: Sendable {
  public enum Outcome: String, Sendable {
    case better, worse
    /// Worse by more than chance, and by no more than the margin.
    case tolerable
    /// The lead is within what chance can do.
    case unclear
  }

  /// The runs and their best models.
  public let new: (run: String, model: String)
  public let old: (run: String, model: String)
  public let lead: PairedLead
  /// How much worse the new one may be.
  public let margin: Double

  /// The probability that equal models seem to differ, on either side.
  static let risk = 0.05

  /// - Throws: ``RequestError`` where the runs were not judged on the same rows, the metric is not
  ///   defined, or a class has too few rows.
  public init(
    of new: FinishedRun, against old: FinishedRun, by metric: Metric, margin: Double = 0
  ) throws(RequestError) {
    let (newName, newRows) = try Self.best(of: new, metric)
    let (oldName, oldRows) = try Self.best(of: old, metric)
    let classNames = new.document.data.classes
    guard new.document.data.judgedSHA256 == old.document.data.judgedSHA256,
      newRows.rows == oldRows.rows,
      classNames == old.document.data.classes, newRows.actual == oldRows.actual
    else {
      throw RequestError(
        .badData,
        "\(new.path) and \(old.path) were not judged on the same test rows, so that a verdict would "
          + "compare rows and not models; run both with the same file, --seed, --test-fraction, --split, "
          + "--group, --time, --test-data, --classes and --positive")
    }
    do throws(PairedLead.Absence) {
      lead = try PairedLead(
        by: metric, actual: newRows.actual, classNames: classNames,
        groups: newRows.sampleGroups ?? oldRows.sampleGroups,
        costs: new.document.costs == old.document.costs ? new.document.mistakeCosts : nil,
        old: PairedLead.Predictions(
          labels: oldRows.predicted, probabilities: oldRows.probabilities),
        new: PairedLead.Predictions(
          labels: newRows.predicted, probabilities: newRows.probabilities))
    } catch {
      throw RequestError(.badData, "no verdict of \(new.path) and \(old.path): \(error)")
    }
    self.new = (new.name, newName)
    self.old = (old.name, oldName)
    self.margin = margin
  }

  /// Reads two finished runs, and judges the first by the second.
  public init(
    of new: String, against old: String, by metric: Metric, margin: Double
  ) throws {
    try self.init(
      of: FinishedRun(contentsOf: new), against: FinishedRun(contentsOf: old), by: metric,
      margin: margin)
  }

  private static func best(
    of run: FinishedRun, _ metric: Metric
  ) throws(RequestError) -> (model: String, rows: TestPredictions) {
    guard let place = run.document.ranking(by: metric).first, let rows = run.predictions[place]
    else {
      throw RequestError(
        .missingFile, "\(run.path): expected predictions.csv of the run's best model")
    }
    return (run.document.models[place].name, rows)
  }

  public var outcome: Outcome {
    let bound = lead.bound(risk: Self.risk)
    if lead.lead > bound { return .better }
    guard -lead.lead > bound else { return .unclear }
    return -lead.lead > bound + margin ? .worse : .tolerable
  }

  /// Ends a program with status 1 where the run is worse, after the verdict was told.
  public func checkIsNotWorse() throws(ToldFailure) {
    if outcome == .worse { throw ToldFailure(exitStatus: 1) }
  }

  /// The verdict in two sentences.
  public var text: String {
    func value(_ number: Double) -> String { NumberText.plain(number, digits: 4) }
    let models =
      new.model == old.model ? " (\(new.model))" : " (\(new.model) instead of \(old.model))"
    let numbers =
      "\(lead.metric.title) \(value(lead.new)) instead of \(value(lead.old)) on the same test rows, a "
      + "lead of \(value(lead.lead)) where chance makes \(value(lead.bound(risk: Self.risk))) in one of "
      + "20 comparisons"
    let verdict =
      switch outcome {
      case .better: "\(new.run) is better than \(old.run)"
      case .worse: "\(new.run) is worse than \(old.run)"
      case .tolerable: "\(new.run) is worse than \(old.run), but within the margin"
      case .unclear: "No clear difference between \(new.run) and \(old.run)"
      }
    return "\(verdict)\(models): \(numbers)"
      + (margin > 0 ? "; \(margin) less is allowed." : ".")
  }
}
