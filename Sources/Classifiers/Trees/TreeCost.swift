extension RandomForest {
  public func fittingSeconds(for size: DataSize) -> Double {
    let training = size.trainingRows
    let drawn =
      switch drawnSamples {
      case _ where !bootstrap: training
      case nil: training * 0.63
      case .count(let count): min(training, Double(count))
      case .share(let share): min(training, share * training)
      }
    let trees = Double(treeCount)
    let outOfBag = scoresOutOfBag ? trees * training * 0.4 * 100e-9 : 0
    return trees
      * (training * 12e-9 + parameters.growing(rows: drawn, size, splitter: .best)) + outOfBag
  }

  public func predictingSeconds(for size: DataSize) -> Double {
    parameters.walking(trees: Double(treeCount), size)
  }

  public func shufflingSeconds(for size: DataSize) -> Double {
    parameters.shuffling(trees: Double(treeCount), size)
  }
}

extension DecisionTree {
  public func fittingSeconds(for size: DataSize) -> Double {
    parameters.growing(rows: size.trainingRows, size, splitter: splitter)
  }

  public func predictingSeconds(for size: DataSize) -> Double {
    parameters.walking(trees: 1, size)
  }

  public func shufflingSeconds(for size: DataSize) -> Double {
    parameters.shuffling(trees: 1, size)
  }
}

extension TreeParameters {
  /// Every level of a tree moves all rows, and reads them once per feature that is tried.
  fileprivate func growing(rows: Double, _ size: DataSize, splitter: Splitter) -> Double {
    let features = size.features
    let tried: Double =
      switch candidateFeatures {
      case .all: features
      case .squareRoot: features.squareRoot()
      case .logarithm: max(1, DataSize.log2(features))
      case .amount(.count(let count)): min(features, Double(count))
      case .amount(.share(let share)): max(1, share * features)
      }
    let perRow: Double =
      if classWeight != .equal {
        20e-9 * tried
      } else if splitter == .random {
        35e-9 + 2e-9 * tried
      } else {
        (12e-9 + 2.2e-9 * tried) * criterion.cost
      }
    return rows * levels(rows: rows) * perRow
  }

  fileprivate func walking(trees: Double, _ size: DataSize) -> Double {
    trees * size.testRows * levels(rows: size.trainingRows) * 2.5e-9
  }

  /// Most trees need not be walked again.
  fileprivate func shuffling(trees: Double, _ size: DataSize) -> Double {
    walking(trees: trees, size) * 0.2 + size.testRows * 15e-9
  }

  private func levels(rows: Double) -> Double {
    let leaf =
      switch minimumLeafSize {
      case .count(let count): Double(count)
      case .share(let share): max(1, share * rows)
      }
    var levels = max(1, DataSize.log2(max(2, rows / leaf)))
    if let depth = maximumDepth { levels = min(levels, Double(depth)) }
    if let leaves = maximumLeafCount {
      levels = min(levels, max(1, DataSize.log2(Double(leaves))))
    }
    return levels
  }
}

extension Criterion {
  /// The time of searching splits, relative to Gini.
  fileprivate var cost: Double {
    switch self {
    case .gini: 1
    case .entropy, .logLoss: 1.5
    }
  }
}
