import Classifiers
import Evaluation
import JSON
import ModelFiles
import Support

/// The files of a finished sweep. All but `timings.csv` are the same bytes wherever the runs were made.
extension SweepResults {
  static let documentName = "results.json"
  static let rankingName = "ranking.csv"
  static let runsName = "runs.csv"
  static let timingsName = "timings.csv"

  /// Writes them into the sweep's folder.
  func write(to folder: SweepFolder) throws {
    try folder.write(Self.rankingName) { try writeRanking(to: $0) }
    try folder.write(Self.runsName) { try writeRuns(to: $0) }
    try folder.write(Self.timingsName) { try writeTimings(to: $0) }
    // Last: it says that the sweep is whole.
    try folder.write(Self.documentName) { try writeDocument(to: $0) }
  }

  // MARK: CSV

  private var foldTitles: [String] {
    (plan.nested == nil ? [] : ["outer"]) + (plan.request.folds == nil ? [] : ["repeat", "fold"])
  }

  /// A line per candidate, best first.
  func writeRanking(to file: AtomicFile) throws(FileError) {
    let names = plan.parameterNames
    try file.append(
      CSVWriter.row(
        ["rank", "candidate", "model"] + names + ["runs"]
          + metrics.flatMap { ["mean_" + $0.rawValue, "std_" + $0.rawValue] }))
    for (index, ranked) in ranking.enumerated() {
      let candidate = ranked.candidate
      try file.append(
        CSVWriter.row(
          ["\(index + 1)", candidate.name, candidate.algorithm.rawValue]
            + names.map { candidate[$0]?.description ?? "" } + ["\(ranked.runCount)"]
            + ranked.moments.flatMap { moments in
              [moments?.mean.description ?? "", moments?.deviation.description ?? ""]
            }))
    }
  }

  /// A line per run, best first.
  func writeRuns(to file: AtomicFile) throws(FileError) {
    let names = plan.parameterNames
    try file.append(
      CSVWriter.row(
        ["rank", "run", "candidate", "model", "seed"] + foldTitles + names
          + ["training_rows", "test_rows"] + metrics.map(\.rawValue)))
    for (index, number) in rankedRuns.enumerated() {
      let run = plan.run(number)
      var cells = ["\(index + 1)"] + identity(of: run)
      cells += names.map { run.candidate[$0]?.description ?? "" }
      cells += ["\(outcomes[number].trainingRows)", "\(outcomes[number].testRows)"]
      cells += metrics.indices.map { score(of: number, $0)?.description ?? "" }
      try file.append(CSVWriter.row(cells))
    }
  }

  /// How long each run took, and where, in the order of the plan.
  func writeTimings(to file: AtomicFile) throws(FileError) {
    try file.append(
      CSVWriter.row(
        ["run", "candidate", "model", "seed"] + foldTitles
          + ["fit_seconds", "predict_seconds", "host"]))
    for number in 0..<plan.runCount {
      let timing = outcomes[number].timing
      try file.append(
        CSVWriter.row(
          identity(of: plan.run(number)) + [
            timing?.fitSeconds.description ?? "", timing?.predictSeconds.description ?? "",
            timing?.host ?? "",
          ]))
    }
  }

  private func identity(of run: SweepRun) -> [String] {
    var cells = ["\(run.number + 1)", run.candidate.name, run.candidate.algorithm.rawValue]
    cells.append("\(run.seed)")
    guard let part = run.part else { return cells }
    let folds = (plan.nested == nil ? [] : [part.outer]) + [part.repetition, part.fold]
    return cells + folds.map { $0?.description ?? "" }
  }

  // MARK: JSON

  /// The plan, and every candidate with its runs, best first.
  func writeDocument(to file: AtomicFile) throws {
    try file.append("{\n  \"plan\": ")
    try file.append(
      String(decoding: try plan.file.dropLast(), as: UTF8.self).replacing("\n", with: "\n  "))
    try file.append(",\n  \"candidates\": [")
    let indices = Dictionary(
      uniqueKeysWithValues: plan.candidates.enumerated().map { ($0.element, $0.offset) })
    for (rank, ranked) in ranking.enumerated() {
      try file.append(rank > 0 ? ",\n    {" : "\n    {")
      let candidate = ranked.candidate
      try file.append("\n      \"candidate\": \(JSONValue.string(candidate.name)),")
      try file.append("\n      \"hyperparameters\": \(Self.settings(of: candidate)),")
      try file.append("\n      \"mean\": \(object { ranked.moments[$0]?.mean }),")
      try file.append("\n      \"model\": \(JSONValue.string(candidate.algorithm.rawValue)),")
      try file.append("\n      \"rank\": \(rank + 1),")
      try file.append("\n      \"runs\": [")
      let runs = plan.seeds.seeds.indices.flatMap { seed in
        plan.runs(of: indices[candidate] ?? 0, seed: seed, 0..<plan.rankedPerSeed)
      }
      for (place, number) in runs.enumerated() {
        try file.append((place > 0 ? ",\n        " : "\n        ") + "\(document(ofRun: number))")
      }
      try file.append("\n      ],")
      try file.append("\n      \"std\": \(object { ranked.moments[$0]?.deviation })\n    }")
    }
    try file.append("\n  ]")
    if let folds = plan.nested { try writeNested(folds, to: file) }
    try file.append("\n}\n")
  }

  private func document(ofRun number: Int) -> JSONValue {
    let run = plan.run(number)
    var members: [JSONValue.Member] = []
    if let fold = run.part?.fold { members.append(.init("fold", .integer(fold))) }
    if let problem = outcomes[number].problem { members.append(.init("problem", .string(problem))) }
    if let repetition = run.part?.repetition {
      members.append(.init("repeat", .integer(repetition)))
    }
    return .object(
      members + [
        .init("run", .integer(number + 1)), .init("seed", .integer(Int(run.seed))),
        .init("validate", object { score(of: number, $0) }),
      ])
  }

  /// What was chosen in each outer fold, and what it scored there.
  private func writeNested(_ folds: Int, to file: AtomicFile) throws {
    let moments = metrics.map { nestedMoments($0) }
    try file.append(",\n  \"nested\": {\n    \"folds\": \(folds),")
    try file.append("\n    \"mean\": \(object { moments[$0]?.mean }),\n    \"scores\": [")
    for (place, score) in nested.enumerated() {
      let members: [JSONValue.Member] = [
        .init("candidate", .string(score.candidate.name)),
        .init("hyperparameters", Self.settings(of: score.candidate)),
        .init("inner_mean", score.innerMean.map { .real($0) } ?? .null),
        .init("model", .string(score.candidate.algorithm.rawValue)),
        .init("outer", .integer(score.outer)), .init("run", .integer(score.run + 1)),
        .init("seed", .integer(Int(score.seed))),
        .init("validate", object { self.score(of: score.run, $0) }),
      ]
      try file.append((place > 0 ? ",\n      " : "\n      ") + "\(JSONValue.object(members))")
    }
    try file.append("\n    ],\n    \"std\": \(object { moments[$0]?.deviation })\n  }")
  }

  private static func settings(of candidate: Candidate) -> JSONValue {
    .object(candidate.settings.map { JSONValue.Member($0.name, JSONValue($0.value)) })
  }

  private func object(_ value: (Int) -> Double?) -> JSONValue {
    .object(
      metrics.enumerated().map { index, metric in
        JSONValue.Member(metric.rawValue, value(index).map { .real($0) } ?? .null)
      })
  }
}
