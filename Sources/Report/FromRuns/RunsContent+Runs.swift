import Comparison
import Evaluation
import Support

extension RunsContent {
  /// What the report says that compares several runs.
  ///
  /// - Parameter links: the pages of the models' experiments of a run folder, by the models' names.
  init(
    of runs: [FinishedRun], sortBy: Metric?, links: (_ runFolder: String) -> [String: String]
  ) {
    let ranking = sortBy ?? .accuracy
    // Metrics of many classes stand in the table where any run has them.
    let classNames = runs.map(\.document.data.classes).max { $0.count < $1.count } ?? []
    let metrics = Metric.shown(classCount: classNames.count)
    let names = Self.distinctNames(of: runs)
    self.init(
      title: "\(runs.count) runs of compare-models",
      answer: Self.answer(runs, names, by: ranking),
      positiveClass: classNames.count == 2 ? classNames[1] : nil, metrics: metrics,
      drawnMetrics: [ranking] + [Metric.accuracy, .f1, .rocAUC].filter { $0 != ranking }.prefix(2),
      runs: runs.enumerated().map { place, run in
        let content = ReportContent(of: run, sortBy: sortBy, links: links(run.path))
        var models = content.models
        for index in models.indices {
          let values = zip(content.metrics, models[index].values).map { ($0, $1) }
          models[index].values = metrics.map { metric in
            values.first { $0.0 == metric }?.1 ?? MetricValue(nil)
          }
        }
        return Run(
          name: names[place], style: SeriesStyle(place), command: content.command,
          facts: Self.facts(of: run, runs), models: models)
      })
  }

  /// The folders' names, or their paths where two have the same name.
  private static func distinctNames(of runs: [FinishedRun]) -> [String] {
    let names = runs.map(\.name)
    guard Set(names).count < names.count else { return names }
    return runs.enumerated().map { place, run in
      runs.count { $0.path == run.path } > 1 ? "\(run.path) (\(place + 1))" : run.path
    }
  }

  private static func answer(
    _ runs: [FinishedRun], _ names: [String], by metric: Metric
  ) -> Answer {
    let first = runs[0].document
    func differ(_ part: (ComparisonDocument) -> AnyHashable) -> Bool {
      runs.contains { part($0.document) != part(first) }
    }
    let remark =
      if differ(\.data.judgedSHA256) {
        "The runs used different tables, so their scores are on different rows."
      } else if differ(\.testRowCount) || differ(\.data.classes)
        || first.data.division?.testData == nil && (differ(\.seed) || differ { $0.data.division })
      {
        "The runs split the table differently, so their scores are on different test rows, and small "
          + "differences mean little."
      } else {
        "All runs are evaluated on the same test rows of the same table."
      }
    let winners = zip(names, runs).compactMap { name, run in
      run.document.winner(by: metric).map { (run: name, model: $0.model.name, value: $0.value) }
    }
    // Of equal ones the first.
    guard
      let best = winners.max(by: {
        metric.higherIsBetter ? $0.value < $1.value : $0.value > $1.value
      })
    else {
      return Answer(sentence: "None of the runs has a score to rank by.", remarks: [remark])
    }
    return Answer(
      sentence: "\(best.model) in \(best.run) has the "
        + (metric.higherIsBetter ? "highest" : "lowest")
        + " \(metric.title), \(NumberText.fixed(best.value, 4)).",
      remarks: [remark])
  }

  private static func facts(
    of run: FinishedRun, _ runs: [FinishedRun]
  ) -> [(name: String, value: String)] {
    let document = run.document
    var facts: [(String, String)] = [
      ("Table", document.data.file), ("SHA-256", String(document.data.sha256.prefix(16)) + "…"),
      ("Rows", "\(document.data.rows)"), ("Features", "\(document.data.features.count)"),
      ("Classes", "\(document.data.classes.count)"),
      ("Rows divided", document.data.division.words), ("Seed", "\(document.seed)"),
      ("Models", document.models.map(\.name).joined(separator: ", ")),
    ]
    let versions = Set(runs.flatMap { $0.document.versions.keys }).sorted()
    for name in versions {
      facts.append(("Version of \(name)", document.versions[name] ?? "–"))
    }
    // Hyper-parameters are told only where they are not the same in all runs.
    let models = Set(runs.flatMap { $0.document.models.map(\.name) }).sorted()
    for model in models {
      func parameters(_ run: FinishedRun) -> [String: String]? {
        run.document.models.first { $0.name == model }?.hyperparameters.mapValues(\.description)
      }
      let known = runs.compactMap(parameters)
      for name in Set(known.flatMap(\.keys)).sorted()
      where known.contains(where: { $0[name] != known[0][name] }) {
        facts.append(("\(model) \(name)", parameters(run)?[name] ?? "–"))
      }
    }
    return facts
  }
}
