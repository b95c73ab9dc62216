import Comparison
import Evaluation
import Support

/// Maps several runs to the report that compares them.
enum RunsReportContent {
  static func content(
    of runs: [FinishedRun], sortBy: Metric?, links: (_ runFolder: String) -> [String: String]
  ) -> RunsContent {
    let ranking = sortBy ?? .accuracy
    let contents = runs.map {
      RunReportContent.content(of: $0, sortBy: sortBy, links: links($0.path))
    }
    // Metrics of many classes stand in the table where any run has them.
    let classNames = runs.map(\.document.data.classes).max { $0.count < $1.count } ?? []
    let metrics = Metric.shown(classCount: classNames.count)
    let names = distinctNames(of: runs)
    var drawn = [ranking]
    for metric in [Metric.accuracy, .f1, .rocAUC] where !drawn.contains(metric) && drawn.count < 3 {
      drawn.append(metric)
    }
    return RunsContent(
      title: "\(runs.count) runs of compare-models",
      answer: answer(runs, names, by: ranking),
      metrics: metrics.map { $0.column(classNames: classNames) },
      drawnMetrics: drawn.map(\.rawValue),
      runs: runs.indices.map { place in
        let document = runs[place].document
        var models = contents[place].models
        for index in models.indices {
          let part = document.models.first { $0.name == models[index].name }
          let intervals = document.statistics?.intervals(of: models[index].name)
          models[index].values = metrics.map { metric in
            MetricValue(
              part?.validate.values[metric],
              interval: intervals?[metric].map { $0.bca.lower...max($0.bca.lower, $0.bca.upper) })
          }
        }
        return RunsContent.Run(
          name: names[place], command: contents[place].provenance.command,
          facts: facts(of: runs[place], runs), models: models)
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
    let sign: Double = metric.higherIsBetter ? 1 : -1
    var best: (run: String, model: String, value: Double)?
    for (place, run) in runs.enumerated() {
      for model in run.document.models {
        guard let value = model.validate.values[metric] else { continue }
        if best.map({ value * sign > $0.value * sign }) ?? true {
          best = (names[place], model.name, value)
        }
      }
    }
    var remarks: [String] = []
    let first = runs[0].document
    func differ(_ part: (ComparisonDocument) -> AnyHashable) -> Bool {
      runs.contains { part($0.document) != part(first) }
    }
    if differ(\.data.sha256) {
      remarks.append("The runs used different tables, so their scores are on different rows.")
    } else if differ(\.seed)
      || differ({ $0.models[0].validate.confusionMatrix.joined().reduce(0, +) })
      || differ(\.data.classes)
    {
      remarks.append(
        "The runs split the table differently, so their scores are on different test rows, and small "
          + "differences mean little.")
    } else {
      remarks.append("All runs are evaluated on the same test rows of the same table.")
    }
    guard let best else {
      return Answer(sentence: "None of the runs has a score to rank by.", remarks: remarks)
    }
    return Answer(
      sentence: "\(best.model) in \(best.run) has the "
        + (metric.higherIsBetter ? "highest" : "lowest")
        + " \(metric.title), \(NumberText.fixed(best.value, 4)).",
      remarks: remarks)
  }

  private static func facts(
    of run: FinishedRun, _ runs: [FinishedRun]
  ) -> [(name: String, value: String)] {
    let document = run.document
    var facts: [(String, String)] = [
      ("Table", document.data.file), ("SHA-256", String(document.data.sha256.prefix(16)) + "…"),
      ("Rows", "\(document.data.rows)"), ("Features", "\(document.data.features.count)"),
      ("Classes", "\(document.data.classes.count)"), ("Seed", "\(document.seed)"),
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
