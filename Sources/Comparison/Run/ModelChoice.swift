public import Classifiers
import Datasets

/// Models and hyper-parameters as a command line names them.
public enum ModelChoice {
  /// What stands for every model of the roster.
  static let all = "all"

  /// What the option of a comparison that names models tells of itself, and that of a sweep.
  public static let help = "The models to compare, \(names). (default: \(standard))"
  public static let sweepHelp =
    "The models to fit, \(names). (default: those of --grid, else \(standard))"
  private static let names = "separated by commas: \(Algorithm.names); or \(all)"
  private static let standard = "the first \(Algorithm.standard.count)"

  /// The algorithms of a list of names, separated by commas.
  private static func algorithms(in list: String) throws(RequestError) -> [Algorithm] {
    try list.split(separator: ",", omittingEmptySubsequences: false).map {
      name throws(RequestError) in
      name.lowercased() == all ? Algorithm.allCases : [try algorithm(named: String(name))]
    }.flatMap(\.self)
  }

  /// The algorithm of a name, in capitals or not.
  private static func algorithm(named name: String) throws(RequestError) -> Algorithm {
    guard let algorithm = Algorithm(named: name) else {
      throw RequestError(
        .badRequest, "There is no model \"\(name)\"; there are \(Algorithm.names).")
    }
    return algorithm
  }

  /// The algorithms to compare: those that are named, else the usual ones, without those that are excluded.
  public static func algorithms(
    named list: String?, without excluded: String?, usually usual: [Algorithm] = Algorithm.standard
  ) throws(RequestError) -> [Algorithm] {
    let named = if let list { try algorithms(in: list) } else { usual }
    guard Set(named).count == named.count else {
      throw RequestError(.badRequest, "--models must name each model once.")
    }
    let left = if let excluded { try algorithms(in: excluded) } else { [Algorithm]() }
    for algorithm in left where !named.contains(algorithm) {
      throw RequestError(
        .badRequest,
        "--exclude \(algorithm.rawValue): it is not among the models of --models.")
    }
    let chosen = named.filter { !left.contains($0) }
    guard !chosen.isEmpty else {
      throw RequestError(.badRequest, "--exclude leaves no model to compare.")
    }
    return chosen
  }

  /// The fewest words of a command line that choose these algorithms, in this order.
  static func words(
    for chosen: [Algorithm], standard: [Algorithm] = Algorithm.standard,
    of roster: [Algorithm] = Algorithm.allCases
  ) -> [String] {
    let whole = chosen.allSatisfy(standard.contains) ? standard : roster
    let left = whole.filter { !chosen.contains($0) }
    guard left.count < chosen.count, chosen == whole.filter(chosen.contains) else {
      return ["--models", list(chosen)]
    }
    return (whole == standard ? [] : ["--models", all])
      + (left.isEmpty ? [] : ["--exclude", list(left)])
  }

  static func list(_ algorithms: [Algorithm]) -> String {
    algorithms.map(\.rawValue).joined(separator: ",")
  }

  /// The algorithm of a setting such as `RandomForest.max_depth=8`, and what follows it.
  public static func setting(
    _ text: String, form: String
  ) throws(RequestError) -> (algorithm: Algorithm, name: String, value: String) {
    guard let equals = text.firstIndex(of: "="), let dot = text.firstIndex(of: "."), dot < equals
    else { throw RequestError(.badRequest, "--set must be \(form), was \"\(text)\".") }
    return (
      try algorithm(named: String(text[..<dot])),
      String(text[text.index(after: dot)..<equals]), String(text[text.index(after: equals)...])
    )
  }
}

extension RunRequest {
  /// Chooses models and sets hyper-parameters; what is not named stays as it is.
  ///
  /// - Parameters:
  ///   - named: names of models, separated by commas.
  ///   - excluded: the same of models to leave out.
  ///   - settings: hyper-parameters such as `RandomForest.max_depth=8`.
  public mutating func choose(
    models named: String?, without excluded: String?, settings: [String]
  ) throws(RequestError) {
    let chosen =
      named == nil && excluded == nil
      ? candidates.map(\.algorithm)
      : try ModelChoice.algorithms(named: named, without: excluded)
    var choice = chosen.map { algorithm in
      candidates.first { $0.algorithm == algorithm } ?? Candidate(algorithm.classifier(seed: seed))
    }
    for text in settings {
      let (algorithm, name, value) = try ModelChoice.setting(text, form: "MODEL.NAME=VALUE")
      guard let place = chosen.firstIndex(of: algorithm) else {
        throw RequestError(
          .badRequest,
          "--set \(text): \(algorithm.rawValue) is not among the models to compare.")
      }
      do throws(ParameterError) {
        var classifier = try choice[place].classifier()
        try classifier.set(name, to: HyperparameterValue(parsing: value))
        try classifier.validate()
        choice[place] = Candidate(classifier)
      } catch {
        throw RequestError(.badRequest, "--set \(text): \(error).")
      }
    }
    candidates = choice
  }

  /// Gives the split and every random draw another seed, except draws with a seed of their own.
  public mutating func reseed(_ seed: UInt32) {
    let own = HyperparameterValue.integer(Int(self.seed))
    self.seed = seed
    candidates = candidates.map { candidate in
      candidate.hyperparameters["random_state"] != own
        ? candidate : candidate.setting("random_state", to: .integer(Int(seed)))
    }
  }
}

extension RunRequest {
  /// Chooses the target as a command line names it; what is not named stays as it is.
  ///
  /// - Parameters:
  ///   - classes: rules such as `Gold=Ideal,Premium`.
  ///   - positive: which of two classes precision and recall are about.
  ///   - keepsClasses: whether the same target without rules keeps those that it has.
  public mutating func choose(
    _ column: String?, classes: [String], positive: String? = nil, keepsClasses: Bool
  ) throws(RequestError) {
    defer { target.positive = positive ?? target.positive }
    guard column != nil || !classes.isEmpty else { return }
    do throws(DatasetError) {
      let rules = try classes.map { text throws(DatasetError) in try ClassRule(parsing: text) }
      let column = column ?? target.column
      if rules.isEmpty, keepsClasses, column == target.column { return }
      target = TargetRule(
        column: column, classes: rules,
        positive: keepsClasses && column == target.column ? target.positive : nil)
      try target.validate()
    } catch {
      throw RequestError(.badRequest, "--classes: \(error).")
    }
  }
}
