import Evaluation
import Support

/// What other divisions of the rows, costs and a choice before the run mean.
extension FindingsText {
  /// What the thresholds save, where mistakes have costs.
  var costs: [String] {
    let models = document.models.compactMap { model in model.threshold.map { (model, $0) } }
    guard let first = models.first?.1 else { return [] }
    let savings = models.map { model, threshold -> String in
      let half = NumberText.plain(threshold.costAtHalf, digits: 4)
      guard let value = threshold.value, let cost = model.validate.values[.cost] else {
        return "\(model.name) has the same probability for all rows of a fold, and stays at 0.5 "
          + "(\(half))"
      }
      return "\(model.name) \(NumberText.plain(value, digits: 4)) ("
        + "\(NumberText.plain(cost, digits: 4)) instead of \(half))"
    }
    return [
      "With \(first.costs.joined(separator: ", ")), “\(first.positiveClass)” is predicted from the "
        + "probability on that was cheapest on folds of the training rows (cost per test row instead of "
        + "that at 0.5): \(savings.joined(separator: "; "))."
    ]
  }

  /// What it means that a sweep has chosen the model.
  var choice: [String] {
    document.chosenFrom.map {
      [
        "It is the best of \($0) candidates of a sweep, which was judged on rows that include these test rows: "
          + "its scores are partly luck, and their intervals do not allow for that."
      ]
    } ?? []
  }

  /// How often which model is the best when the rows are divided again, the most frequent winner first.
  var divisions: [String] {
    guard let divisions = document.repeatedSplits, document.models.count > 1 else { return [] }
    let models = divisions.models.compactMap { model in
      model.wins[metric].map { (name: model.name, wins: $0) }
    }
    guard let total = models.first?.wins.divisions else { return [] }
    let ranked = models.enumerated().sorted {
      (-$0.element.wins.best, -$0.element.wins.near, $0.offset)
        < (-$1.element.wins.best, -$1.element.wins.near, $1.offset)
    }.map(\.element)
    let winners = ranked.filter { $0.wins.best > 0 }.enumerated().map { place, model in
      model.name
        + (place == 0
          ? " has the \(extreme) \(metricName) in \(model.wins.best) of \(total) divisions of the rows"
          : " in \(model.wins.best)")
        + near(model.wins, divisions.margin, isFirst: place == 0)
    }
    let others = ranked.filter { $0.wins.best == 0 }
    let close = others.filter { $0.wins.near > 0 }.map { model in
      model.name + " in none" + near(model.wins, divisions.margin, isFirst: false)
    }
    let far = others.filter { $0.wins.near == 0 }.map(\.name)
    return [
      (winners + close + (far.isEmpty ? [] : ["\(list(far)) in none"])).joined(separator: "; ")
        + "."
        + (total < divisions.count ? " (\(divisions.count) divisions were asked for.)" : "")
    ]
  }

  private func near(_ wins: Wins, _ margin: Double, isFirst: Bool) -> String {
    guard wins.near > 0 else { return "" }
    return ", within \(margin)\(isFirst ? " of the \(extreme)" : "") in \(wins.near)"
  }
}
