public import Evaluation
public import LinearAlgebra
public import ModelFiles
import Support

/// How a new model was compared with the one in use, as it is kept in the run's folder.
public struct Promotion: Codable, Hashable, Sendable {
  public let rule: PromotionRule
  public let attempt: PromotionAttempt
  /// The probability of a lead beyond the bound by chance.
  public let risk: Double
  /// How many models the new one was chosen from by the same test rows: each had a chance to be the
  /// luckiest, so that each has a part of the risk only. 1 where it was chosen by folds.
  public let candidates: Int
  public let testRows: Int
  /// The SHA-256 of the test rows' places in the table, and of the table's own.
  public let testRowsSHA256: String
  public let oldVersion: String
  public let newVersion: String
  /// `nil` until the rows are scored.
  public var result: Result?

  /// What the test rows said.
  public struct Result: Codable, Hashable, Sendable {
    /// `nil` where the metric is not defined for both models, or a class has too few rows.
    public let lead: PairedLead?
    /// The lead must be above this.
    public let bound: Double?
    /// The lead of each guarded metric, below 0 where it fell.
    public let guards: [PairedLead?]
    public let isPromoted: Bool
    /// Why, in a sentence.
    public let reason: String

    private enum CodingKeys: String, CodingKey {
      case lead, bound, guards, reason
      case isPromoted = "promoted"
    }
  }

  public static let fileName = "promotion.json"

  private enum CodingKeys: String, CodingKey {
    case rule, attempt, risk, candidates, result
    case testRows = "test_rows"
    case testRowsSHA256 = "test_rows_sha256"
    case oldVersion = "old_version"
    case newVersion = "new_version"
  }

  public init(
    _ rule: PromotionRule, _ attempt: PromotionAttempt, candidates: Int, testRows: [Int],
    dataSHA256: String, oldVersion: String, newVersion: String
  ) {
    self.rule = rule
    self.attempt = attempt
    self.candidates = candidates
    risk = PromotionRule.yearlyRisk / Double(rule.comparisonsPerYear * candidates)
    self.testRows = testRows.count
    let text = dataSHA256 + testRows.map { "\n\($0)" }.joined()
    testRowsSHA256 = SHA256.hexDigest(of: Array(text.utf8))
    self.oldVersion = oldVersion
    self.newVersion = newVersion
  }

  /// Scores the rows, and decides.
  ///
  /// - Parameters:
  ///   - actual: the true class of each test row.
  ///   - groups: the group of each test row; `nil` where rows are independent.
  ///   - costs: what mistakes cost in the run of the new model.
  public mutating func decide(
    actual: [Int], classNames: [String], groups: SampleGroups? = nil, costs: MistakeCosts? = nil,
    old: PairedLead.Predictions, new: PairedLead.Predictions
  ) {
    func lead(_ metric: Metric) -> PairedLead? {
      try? PairedLead(
        by: metric, actual: actual, classNames: classNames, groups: groups, costs: costs, old: old,
        new: new)
    }
    let own = lead(rule.metric)
    let guards = rule.guards.map { lead($0.metric) }
    let bound = own?.bound(risk: risk)
    let report = ClassificationReport(
      actual: actual, predicted: new.labels, probabilities: new.probabilities,
      classNames: classNames, costs: costs)
    var obstacles = [Self.scarcity(actual, classNames, groups), obstacle(own, bound)]
    obstacles += zip(rule.guards, guards).map { Self.obstacle($0, $1) }
    obstacles.append(rule.unmet(by: report.shown.values))
    let obstacle = obstacles.compactMap(\.self).first
    result = Result(
      lead: own, bound: bound, guards: guards, isPromoted: obstacle == nil,
      reason: obstacle ?? "its lead is larger than chance makes one in "
        + "\(NumberText.plain(1 / risk, digits: 0)) comparisons of equal models")
  }

  private static func scarcity(
    _ actual: [Int], _ classNames: [String], _ groups: SampleGroups?
  ) -> String? {
    let sizes = classNames.indices.map { label in
      groups.map { $0.count { actual[$0] == label } } ?? actual.count { $0 == label }
    }
    let unit = groups == nil ? "test rows" : "groups of test rows"
    return zip(classNames, sizes).first { $1 < PromotionRule.fewestRows }.map {
      "“\($0)” has \($1) \(unit), and a comparison needs \(PromotionRule.fewestRows)"
    }
  }

  private func obstacle(_ lead: PairedLead?, _ bound: Double?) -> String? {
    let name = rule.metric.rawValue
    guard let lead, let bound else { return "\(name) is not defined for both on these rows" }
    guard lead.lead > 0 else { return "it is not better by \(name)" }
    guard lead.lead > bound else {
      return "its lead of \(Self.text(lead.lead)) is within what chance can do: it takes more than "
        + Self.text(bound)
    }
    return nil
  }

  /// A guarded metric may not have fallen by its margin, with a confidence of 95 %.
  private static func obstacle(_ limit: PromotionRule.Limit, _ lead: PairedLead?) -> String? {
    let name = limit.metric.rawValue
    guard let lead else { return "the guarded \(name) is not defined for both on these rows" }
    let least = lead.lead - 1.645 * lead.standardError
    guard least > -limit.value else {
      return "\(name) may have become worse by \(text(-least)), and \(limit.value) is allowed"
    }
    return nil
  }

  // MARK: Words

  private static func text(_ value: Double) -> String { NumberText.plain(value, digits: 4) }

  /// What was compared, in lines; the decision is the last one.
  public var lines: [String] {
    guard let result else { return [] }
    var lines: [String] = []
    if let lead = result.lead, let bound = result.bound {
      lines.append(
        "\(lead.metric.title) on the \(testRows) test rows: in use \(Self.text(lead.old)), new "
          + "\(Self.text(lead.new)); lead \(Self.text(lead.lead)), standard error "
          + Self.text(lead.standardError))
      lines.append(
        "Comparison \(attempt.number) of \(rule.comparisonsPerYear) in \(attempt.year): the lead must "
          + "be above \(Self.text(bound)), which equal models reach with a probability of "
          + NumberText.plain(risk, digits: 5))
      if bound > Self.largeBound, rule.comparisonsPerYear > 12 {
        lines.append(
          "So few rows show large leads only; with --comparisons-per-year 12 it would take "
            + "\(Self.text(lead.bound(risk: risk * Double(rule.comparisonsPerYear) / 12)))")
      }
    }
    for case let lead? in result.guards {
      lines.append(
        "\(lead.metric.title): in use \(Self.text(lead.old)), new \(Self.text(lead.new)); guarded")
    }
    return lines + [
      (result.isPromoted ? "The new model is put into use: " : "The model in use stays: ")
        + result.reason
    ]
  }

  /// A lead that one would not wait for.
  private static let largeBound = 0.05

  /// How the decision is made, in three sentences with this comparison's numbers.
  public var explanation: [String] {
    let name = rule.metric.rawValue
    let guards = rule.guards.map { "\($0.metric.rawValue) by \($0.value)" }
    return [
      (candidates == 1
        ? "The new model was chosen without the \(testRows) rows that it is judged on."
        : "The new model was chosen as the best of \(candidates) by the \(testRows) rows that it is "
          + "judged on, so that its risk is divided by \(candidates); a run with --cross-validate "
          + "chooses without them."),
      "It takes over if, on rows that neither model learned from, its lead by \(name) minus a margin "
        + "for chance is above zero"
        + (guards.isEmpty
          ? "."
          : ", and none may have fallen by more than its allowance: "
            + "\(guards.joined(separator: ", "))."),
      "All comparisons of \(attempt.year) share one 5 % risk of a wrong promotion; this is the "
        + "\(Self.ordinal(attempt.number)), which takes 1/\(rule.comparisonsPerYear) of it, and with it "
        + "\(NumberText.plain(100 * attempt.riskUsed, digits: 1)) % of the risk are used up.",
    ]
  }

  private static func ordinal(_ number: Int) -> String {
    let isTeen = 11...13 ~= number % 100
    return "\(number)" + (isTeen ? "th" : [1: "st", 2: "nd", 3: "rd"][number % 10] ?? "th")
  }
}

extension PairedLead.Predictions {
  /// A model's predictions with its classes in the order of others; `nil` where it has not the same.
  ///
  /// - Parameters:
  ///   - labels: the predicted classes, as the model's own order numbers them.
  ///   - probabilities: one column for each of the model's own classes.
  public init?(
    _ labels: [Int], _ probabilities: Matrix, of own: [String], as classNames: [String]
  ) {
    let order = classNames.compactMap { name in
      own.firstIndex { $0.hasBytes(of: name) }
    }
    guard order.count == classNames.count, own.count == classNames.count else { return nil }
    var elements: [Double] = []
    elements.reserveCapacity(probabilities.rowCount * order.count)
    for row in 0..<probabilities.rowCount {
      let shares = probabilities.row(row)
      for place in order { elements.append(shares[shares.startIndex + place]) }
    }
    self.init(
      labels: labels.map { order.firstIndex(of: $0) ?? 0 },
      probabilities: Matrix(
        rowCount: probabilities.rowCount, columnCount: order.count, elements: elements))
  }
}

extension ModelDescription.TrainingData.Split {
  /// As it is asked for.
  fileprivate var words: String {
    switch self {
    case .random: "--split random"
    case .stable: "--split stable"
    case .groups(let column): "--group \(column)"
    case .time(let column): "--time \(column)"
    case .testData(let fileName, let sha256):
      "--test-data \(fileName), SHA-256 \(sha256.prefix(12))…"
    }
  }
}

extension ModelDescription.TrainingData {
  /// Why a model that learned from these rows may have seen some of another split's test rows;
  /// `nil` where it has not.
  public func sawTestRows(of other: Self) -> String? {
    // Its training rows are none whose hash is below its fraction, in whatever file.
    if split == .stable, other.split == .stable, seed == other.seed,
      testFraction >= other.testFraction
    {
      return nil
    }
    // Both have learned from other files than that of the test rows, in whatever form these are divided.
    if case .testData(_, let mine) = split, case .testData(_, let theirs) = other.split,
      mine == theirs, sha256 != mine
    {
      return nil
    }
    if split != other.split { return "another train/test split (\(split.words))" }
    if sha256 != other.sha256 { return "another file (\(fileName), SHA-256 \(sha256.prefix(12))…)" }
    // Times alone divide the rows, whatever the seed.
    var isByTime = false
    if case .time = split { isByTime = true }
    if !isByTime, seed != other.seed { return "another train/test split (seed \(seed))" }
    if testFraction != other.testFraction {
      return "another train/test split (test fraction \(testFraction))"
    }
    return nil
  }
}
