import Classifiers
import Datasets

extension RunRequest {
  /// The shortest command that makes this request, word by word.
  public var command: [String] {
    let standard = RunRequest(seed: seed)
    var words = ["compare-models"]
    func add(_ option: String, _ value: String?, unless standardValue: String? = nil) {
      if let value, value != standardValue { words += [option, value] }
    }
    add("--data", data, unless: standard.data)
    if target != .diamonds {
      // Classes alone are those of the cut.
      if target.classes.isEmpty || target.column != standard.target.column {
        add("--target", target.column)
      }
      for rule in target.classes { add("--classes", rule.description) }
    }
    for name in dropped { add("--drop", name) }
    for name in categorical { add("--categorical", name) }
    words += modelWords(standard)
    add("--seed", "\(seed)", unless: "\(RunRequest.standard.seed)")
    add("--test-fraction", "\(testFraction)", unless: "\(standard.testFraction)")
    add(
      "--fit-preprocessing", preprocessingFit.rawValue, unless: standard.preprocessingFit.rawValue)
    add("--learning-curve", "\(learningCurveParts)", unless: "0")
    if let folds {
      add("--cross-validate", "\(folds.count)")
      add("--repeats", "\(folds.repeats)", unless: "1")
    }
    add("--sort-by", sortBy?.rawValue)
    add("--permutation-repeats", permutationRepeats.map { "\($0)" })
    return words
  }

  /// The options that choose models, and their hyper-parameters that are not the standard ones.
  private func modelWords(_ standard: RunRequest) -> [String] {
    var words: [String] = []
    let all = standard.candidates.map(\.algorithm)
    let chosen = candidates.map(\.algorithm)
    let left = all.filter { !chosen.contains($0) }
    if chosen == all.filter({ !left.contains($0) }) {
      if !left.isEmpty, left.count < chosen.count {
        words += ["--exclude", Self.list(left)]
      } else if !left.isEmpty {
        words += ["--models", Self.list(chosen)]
      }
    } else {
      words += ["--models", Self.list(chosen)]
    }
    for candidate in candidates {
      let usual = Candidate(candidate.algorithm.classifier(seed: seed)).hyperparameters
      for (name, value) in candidate.hyperparameters.sorted(by: { $0.key < $1.key })
      where value != usual[name] {
        words += ["--set", "\(candidate.algorithm.rawValue).\(name)=\(value)"]
      }
    }
    return words
  }

  private static func list(_ algorithms: [Algorithm]) -> String {
    algorithms.map(\.rawValue).joined(separator: ",")
  }
}

extension RunRequest {
  /// An option on which two requests differ, with its value in each.
  struct Difference: Hashable {
    let option: String
    /// `nil` where the option was not given.
    let first: String?
    let second: String?
  }

  /// Every option on which the results of another request may differ from those of this one.
  func differences(from other: RunRequest) -> [Difference] {
    var found: [Difference] = []
    func compare(_ option: String, _ value: (RunRequest) -> String?) {
      let (first, second) = (value(self), value(other))
      if first != second { found.append(Difference(option: option, first: first, second: second)) }
    }
    func words(_ list: [String]) -> String? { list.isEmpty ? nil : list.joined(separator: " ") }
    compare("--target") { $0.target.column }
    compare("--classes") { words($0.target.classes.map(\.description)) }
    compare("--drop") { words($0.dropped) }
    compare("--categorical") { words($0.categorical) }
    compare("--seed") { "\($0.seed)" }
    compare("--test-fraction") { "\($0.testFraction)" }
    compare("--fit-preprocessing") { $0.preprocessingFit.rawValue }
    compare("--learning-curve") { $0.learningCurveParts == 0 ? nil : "\($0.learningCurveParts)" }
    compare("--cross-validate") { $0.folds.map { "\($0.count)" } }
    compare("--repeats") { $0.folds.map { "\($0.repeats)" } }
    compare("--permutation-repeats") { $0.permutationRepeats.map { "\($0)" } }
    compare("--models") { Self.list($0.candidates.map(\.algorithm)) }
    for candidate in candidates {
      let others = other.candidates.first { $0.algorithm == candidate.algorithm }
      guard let others else { continue }
      for (name, value) in candidate.hyperparameters.sorted(by: { $0.key < $1.key })
      where others.hyperparameters[name] != value {
        let setting = "--set \(candidate.algorithm.rawValue).\(name)"
        found.append(
          Difference(
            option: setting, first: "\(value)",
            second: others.hyperparameters[name].map(\.description)))
      }
    }
    return found
  }
}
