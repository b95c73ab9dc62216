import Classifiers
import Evaluation
import Support

/// The ranking as people read it.
extension SweepResults {
  /// The candidates in aligned columns or as Markdown, best first.
  ///
  /// - Parameters:
  ///   - limit: at most that many candidates.
  ///   - width: how many characters fit on a line of the terminal; `nil` for any number.
  public func rendered(
    as format: TableFormat, limit: Int = .max, bold: Bool = false, width: Int? = nil
  ) -> String {
    let table = TextTable(rows: tableRows(limit: limit))
    return format == .markdown ? table.markdown : table.aligned(bold: bold, width: width)
  }

  private func tableRows(limit: Int) -> [[TextTable.Cell]] {
    let names = plan.parameterNames
    // The metric of the ranking comes first.
    let order =
      metrics.indices.filter { metrics[$0] == plan.sortBy }
      + metrics.indices.filter { metrics[$0] != plan.sortBy }
    let best = metrics.indices.map { index in
      metrics[index].best(ranking.map { $0.moments[index]?.mean })
    }
    let header = ["Rank", "Candidate"] + names + ["Runs"] + order.map { metrics[$0].title }
    var rows = [header.map { TextTable.Cell($0) }]
    for (rank, ranked) in ranking.prefix(limit).enumerated() {
      var cells = ["\(rank + 1)", ranked.candidate.name]
      cells += names.map { ranked.candidate[$0]?.description ?? "" } + ["\(ranked.runCount)"]
      rows.append(
        cells.map { TextTable.Cell($0) }
          + order.map { index in
            let moments = ranked.moments[index]
            let isKey = metrics[index] == plan.sortBy && ranked.runCount > 1
            return TextTable.Cell(
              moments?.mean, spread: isKey ? moments?.deviation : nil,
              isBest: moments?.mean == best[index])
          })
    }
    return rows
  }

  /// A notice about runs without scores, as scikit-learn gives; `nil` if there are none.
  public var notice: String? {
    let empty = outcomes.indices.filter { outcomes[$0].problem != nil }
    guard let first = empty.first, let problem = outcomes[first].problem else { return nil }
    return
      "No score for \(empty.count) of \(SweepPlan.words(outcomes.count)), which cannot be fitted, such as "
      + "\(plan.run(first).words): \(problem)"
  }

  /// The best candidate in a sentence; `nil` where the metric is not defined for any.
  public var finding: String? {
    guard let best = ranking.first, let key = metrics.firstIndex(of: plan.sortBy),
      let moments = best.moments[key]
    else { return nil }
    let settings = best.candidate.settings.map(\.description).joined(separator: ", ")
    let mean = NumberText.plain(moments.mean, digits: 4)
    let over =
      best.runCount == 1
      ? "1 run"
      : "the mean of \(best.runCount) runs, ± \(NumberText.plain(moments.deviation, digits: 4))"
    return "\(best.candidate.algorithm.rawValue)"
      + (settings.isEmpty ? " with its defaults" : " with \(settings)")
      + " has the best \(plan.sortBy.title.lowercasedFirst), \(mean) (\(over)). "
      + (nestedFinding
        ?? "The best of \(ranking.count) candidates is partly best by chance: evaluate it again with other "
        + "seeds, or with --nested.")
  }

  /// What the choice is worth, in a sentence or two.
  var nestedFinding: String? {
    guard let folds = plan.nested else { return nil }
    let name = plan.sortBy.title.lowercasedFirst
    let choice = "What this choice of the best of \(ranking.count) candidates is worth"
    let times =
      nested.count > folds ? " (\(folds) for each of \(plan.seeds.seeds.count) seeds)" : ""
    guard let moments = nestedMoments(plan.sortBy) else {
      return
        "\(choice) is not known: the \(name) is not defined on all \(nested.count) outer folds\(times)."
    }
    let value = NumberText.plain(moments.mean, digits: 4)
    let spread = NumberText.plain(moments.deviation, digits: 4)
    return
      "\(choice): \(name) \(value) ± \(spread), mean and standard deviation over \(nested.count) outer "
      + "folds\(times), whose rows had no part in it. The best candidate's own mean does not say that: it "
      + "is partly luck."
  }
}

extension String {
  /// With a small first letter, unless the first word is an abbreviation.
  fileprivate var lowercasedFirst: String {
    guard let first, dropFirst().first?.isLowercase == true else { return self }
    return first.lowercased() + dropFirst()
  }
}
