import LinearAlgebra

/// The rounds of boosting, as far as they have come.
struct BoostingRounds: ~Copyable {
  private let data: BoostingData
  private let parameters: HistGradientBoosting
  private let team: Team
  private let growers: [BoostingGrower]
  /// For each output the raw prediction of each row, output after output; then those of the rows held out.
  private let raw: Buffer<Double>
  private let validationRaw: Buffer<Double>
  private let derivatives: Buffer<Derivatives>
  /// The trees of each round.
  private(set) var trees: [[BoostedTree]] = []
  private(set) var losses = LossCurve()

  init(_ data: BoostingData, _ parameters: HistGradientBoosting, _ team: Team) {
    self.data = data
    self.parameters = parameters
    self.team = team
    let outputCount = data.training.loss.outputCount
    let drawing =
      parameters.candidateShare < 1
      ? FeatureDrawing(
        seed: data.featureSeed, share: parameters.candidateShare,
        featureCount: data.rows.featureCount) : nil
    // Trees of one round may grow at the same time, unless they draw features from one generator.
    let growerCount = drawing == nil ? min(team.threadCount, outputCount) : 1
    let layout = HistogramLayout(data.rows)
    let rules = BoostingRules(parameters)
    growers = (0..<growerCount).map { _ in BoostingGrower(layout, rules, drawing) }
    raw = Self.rawPredictions(data.baseline, rowCount: data.rows.rowCount)
    validationRaw = Self.rawPredictions(
      data.baseline, rowCount: data.validation?.rows.rowCount ?? 0)
    derivatives = Buffer(
      repeating: .zero, count: outputCount * data.rows.rowCount)
    evaluate()
  }

  private static func rawPredictions(_ baseline: [Double], rowCount: Int) -> Buffer<Double> {
    Buffer(baseline.flatMap { [Double](repeating: $0, count: rowCount) })
  }

  /// How many rounds are done.
  var count: Int { trees.count }

  /// Whether the last rounds did not decrease the loss.
  var shouldStop: Bool {
    guard data.stopsEarly else { return false }
    let losses = self.losses.heldOut ?? self.losses.training
    guard losses.count > parameters.patience else { return false }
    let reference = -losses[losses.count - 1 - parameters.patience] + parameters.tolerance
    return !losses.suffix(parameters.patience).contains { -$0 > reference }
  }

  /// Grows the trees of one more round.
  mutating func grow() {
    let outputCount = data.training.loss.outputCount
    let rowCount = data.rows.rowCount
    nonisolated(unsafe) let (raw, derivatives) = (raw.start, derivatives.start)
    let growers = growers
    let (teamOfAll, teamOfEach) = growers.count == 1 ? (Team.alone, team) : (team, Team.alone)
    let round = teamOfAll.map(outputCount) { output, worker in
      growers[worker].grow(
        derivatives + output * rowCount, addingTo: raw + output * rowCount, teamOfEach)
    }
    trees.append(round)
    if let held = data.validation {
      nonisolated(unsafe) let raw = validationRaw.start
      for (output, tree) in round.enumerated() {
        tree.addValues(to: raw + output * held.rows.rowCount, held.rows, team)
      }
    }
    evaluate()
  }

  /// Adds the losses of the current predictions to the curve, and finds the derivatives for the next round.
  private mutating func evaluate() {
    let loss = data.training.loss
    let training = loss.differentiate(raw.start, derivatives.start, team)
    if let held = data.validation {
      let loss = held.loss.evaluate(validationRaw.start, team)
      losses.heldOut = (losses.heldOut ?? []) + [loss]
      losses.training.append(training)
    } else {
      // What decides when to stop is rounded as in scikit-learn.
      losses.training.append(
        data.stopsEarly ? loss.evaluate(raw.start, team) : training)
    }
  }
}
