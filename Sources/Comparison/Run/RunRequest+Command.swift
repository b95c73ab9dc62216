import Classifiers
import Datasets

extension RunRequest {
  /// The options with at most one value that results, or their order, depend on; `nil` where one is not given,
  /// empty for a flag.
  private var values: [(option: String, value: String?)] {
    [
      ("--positive", target.positive), ("--encode", encoding?.rawValue),
      ("--max-categories", maximumCategories.map { "\($0)" }),
      ("--decimal", decimalMark.decimal), ("--thousands", decimalMark.thousands),
      ("--no-header", format?.hasHeader == false ? "" : nil),
      ("--separator", format?.separator?.rawValue), ("--encoding", format?.encoding?.rawValue),
      ("--drop-unlabelled", dropsUnlabelled ? "" : nil),
      ("--missing", missing?.rawValue),
      ("--missing-values", missingWords?.joined(separator: ",")),
      ("--cross-validate", folds.map { "\($0.count)" }),
      ("--repeats", folds.flatMap { $0.repeats == 1 ? nil : "\($0.repeats)" }),
      ("--seed", "\(seed)"), ("--test-fraction", "\(testFraction)"),
      ("--split", split.method == .random ? nil : split.method.rawValue),
      ("--test-data", testData), ("--group", group), ("--time", time),
      // Which rows it is follows from a second file.
      ("--fit-preprocessing", testData == nil ? preprocessingFit.rawValue : nil),
      ("--learning-curve", learningCurveParts == 0 ? nil : "\(learningCurveParts)"),
      ("--divisions", divisions.map { "\($0)" }),
      ("--rope", rope.map { "\($0)" }),
      ("--sort-by", sortBy?.rawValue),
      ("--permutation-repeats", permutationRepeats.map { "\($0)" }),
    ]
  }

  /// The shortest command that makes this request, word by word.
  public var command: [String] {
    let standard = RunRequest.standard
    var words = ["compare-models"]
    if data != standard.data { words += ["--data", data] }
    if target.column != standard.target.column || target.classes != standard.target.classes {
      // Classes alone are those of the cut.
      if target.classes.isEmpty || target.column != standard.target.column {
        words += ["--target", target.column]
      }
      words += target.classes.flatMap { ["--classes", $0.description] }
    }
    words += dropped.flatMap { ["--drop", $0] } + categorical.flatMap { ["--categorical", $0] }
    words += (ignoredFindings ?? []).flatMap { ["--ignore", $0.rawValue] }
    words += modelWords + (costs ?? []).flatMap { ["--cost", $0.text] }
    for (own, usual) in zip(values, standard.values) where own.value != usual.value {
      if let value = own.value { words += [own.option, value].filter { !$0.isEmpty } }
    }
    return words
  }

  /// The options that choose models, and their hyper-parameters that are not the standard ones.
  private var modelWords: [String] {
    var words = ModelChoice.words(for: candidates.map(\.algorithm))
    for candidate in candidates {
      let usual = Candidate(candidate.algorithm.classifier(seed: seed)).hyperparameters
      for (name, value) in candidate.sorted where value != usual[name] {
        words += ["--set", "\(candidate.algorithm.rawValue).\(name)=\(value)"]
      }
    }
    return words
  }

  /// An option on which two requests differ, as it would be typed for each.
  struct Difference: Hashable {
    let first: String
    let second: String

    /// - Parameter sign: what stands between the option and its value.
    init(_ option: String, _ first: String?, _ second: String?, sign: String = " ") {
      func words(_ value: String?) -> String {
        value.map { $0.isEmpty ? option : option + sign + $0 } ?? "no \(option)"
      }
      self.first = words(first)
      self.second = words(second)
    }
  }

  /// The options that may be repeated, and that name a column, with all of their values.
  private var tableValues: [(option: String, value: String?)] {
    func words(_ list: [String]) -> String? { list.isEmpty ? nil : list.joined(separator: " ") }
    return [
      ("--target", target.column), ("--classes", words(target.classes.map(\.description))),
      ("--drop", words(dropped)), ("--categorical", words(categorical)),
      ("--cost", costs.map { words($0.map(\.text)) } ?? nil),
    ]
  }

  /// Every option on which the results of another request may differ from those of this one.
  func differences(from other: RunRequest) -> [Difference] {
    func options(_ request: RunRequest) -> [(option: String, value: String?)] {
      request.tableValues + request.values.filter { $0.option != "--sort-by" }
        + [("--models", ModelChoice.list(request.candidates.map(\.algorithm)))]
    }
    var found = zip(options(self), options(other)).filter { $0.value != $1.value }.map {
      Difference($0.option, $0.value, $1.value)
    }
    for candidate in candidates {
      let others = other.candidates.first { $0.algorithm == candidate.algorithm }
      guard let others else { continue }
      for (name, value) in candidate.sorted where others.hyperparameters[name] != value {
        found.append(
          Difference(
            "--set \(candidate.algorithm.rawValue).\(name)", "\(value)",
            others.hyperparameters[name]?.description, sign: "="))
      }
    }
    return found
  }
}

extension RunRequest.Candidate {
  /// The hyper-parameters by name.
  fileprivate var sorted: [(key: String, value: HyperparameterValue)] {
    hyperparameters.sorted { $0.key < $1.key }
  }
}
