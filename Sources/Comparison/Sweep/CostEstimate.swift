import Classifiers
import Support

/// How long runs will take, before any was made.
///
/// The figures were measured on one core of a server of 2023; on another machine all of them are wrong by
/// a common factor, which does not change how a plan is divided. Only operations that every machine rounds
/// alike are used, so that all shards of a sweep divide it alike.
public struct CostEstimate: Hashable, Sendable {
  /// Seconds of one core for a run of each candidate: to fit, to predict the test rows and to judge.
  public let seconds: [Double]
  /// Seconds of one core to encode, scale and divide the rows, once per seed and fold.
  public let preparation: Double

  public init(_ plan: SweepPlan) throws(SweepError) {
    let sizes = plan.judging.sizes(rows: plan.data.rows)
    let size = Size(
      training: Double(max(1, sizes.training)), test: Double(max(1, sizes.test)),
      features: Double(plan.data.features.count), classes: Double(plan.data.classes.count))
    preparation = Double(plan.data.rows) * size.features * 60e-9
    var seconds: [Double] = []
    for candidate in plan.candidates {
      seconds.append(size.seconds(of: try candidate.classifier(seed: 0)))
    }
    self.seconds = seconds
  }

  /// How many runs these are and what they take, such as `12 runs, about 3.5 s of one core`.
  public func words(_ runs: Range<Int>, of plan: SweepPlan) -> String {
    let seconds = ProgressDisplay.text(.seconds(total(runs, of: plan)))
    return "\(SweepPlan.words(runs.count)), about \(seconds) of one core"
  }

  /// What runs with these numbers take in all, with what prepares their rows.
  public func total(_ runs: Range<Int>, of plan: SweepPlan) -> Double {
    guard !runs.isEmpty else { return 0 }
    let count = plan.candidates.count
    let divisions = (runs.upperBound - 1) / count - runs.lowerBound / count + 1
    let round = seconds.reduce(0, +)
    // Whole rounds of all candidates, then what is left over.
    let whole = runs.count / count
    let rest = (runs.lowerBound + whole * count..<runs.upperBound).reduce(0.0) {
      $0 + seconds[$1 % count]
    }
    return Double(divisions) * preparation + Double(whole) * round + rest
  }
}

/// How much data a run has to do with.
private struct Size {
  let training: Double
  let test: Double
  let features: Double
  let classes: Double

  func seconds(of classifier: any Classifier) -> Double {
    let learning =
      switch classifier {
      case let forest as RandomForest: seconds(of: forest)
      case let tree as DecisionTree:
        growing(
          rows: training, tree.parameters, isRandom: tree.splitter == .random)
          + walking(trees: 1, tree.parameters)
      case let neighbors as KNearestNeighbors: seconds(of: neighbors)
      default: (training + test) * features * classes * 2.5e-9
      }
    return learning + test * (1 + classes) * 120e-9 + 200e-6
  }

  private func seconds(of forest: RandomForest) -> Double {
    let drawn =
      switch forest.drawnSamples {
      case _ where !forest.bootstrap: training
      case nil: training * 0.63
      case .count(let count): min(training, Double(count))
      case .share(let share): min(training, share * training)
      }
    let trees = Double(forest.treeCount)
    let outOfBag = forest.scoresOutOfBag ? trees * training * 0.4 * 100e-9 : 0
    return trees
      * (training * 12e-9 + growing(rows: drawn, forest.parameters, isRandom: false))
      + walking(trees: trees, forest.parameters) + outOfBag
  }

  /// Every level of a tree moves all rows, and looks at them once per feature that is tried.
  private func growing(rows: Double, _ parameters: TreeParameters, isRandom: Bool) -> Double {
    let tried: Double =
      switch parameters.candidateFeatures {
      case .all: features
      case .squareRoot: features.squareRoot()
      case .logarithm: max(1, Self.log2(features))
      case .amount(.count(let count)): min(features, Double(count))
      case .amount(.share(let share)): max(1, share * features)
      }
    let perRow: Double =
      if parameters.classWeight != .equal {
        20e-9 * tried
      } else if isRandom {
        35e-9 + 2e-9 * tried
      } else {
        (12e-9 + 2.2e-9 * tried) * (parameters.criterion == .gini ? 1 : 1.5)
      }
    return rows * levels(rows: rows, parameters) * perRow
  }

  private func walking(trees: Double, _ parameters: TreeParameters) -> Double {
    trees * test * levels(rows: training, parameters) * 2.5e-9
  }

  private func levels(rows: Double, _ parameters: TreeParameters) -> Double {
    let leaf =
      switch parameters.minimumLeafSize {
      case .count(let count): Double(count)
      case .share(let share): max(1, share * rows)
      }
    var levels = max(1, Self.log2(max(2, rows / leaf)))
    if let depth = parameters.maximumDepth { levels = min(levels, Double(depth)) }
    if let leaves = parameters.maximumLeafCount {
      levels = min(levels, max(1, Self.log2(Double(leaves))))
    }
    return levels
  }

  /// With few features boxes keep most rows away; with many all distances are measured.
  private func seconds(of neighbors: KNearestNeighbors) -> Double {
    let kept = Double(neighbors.neighborCount)
    let building = training * features * 25e-9
    if features < 24 {
      return building + test * (0.5e-6 + Self.log2(training) * features * 14e-9 + kept * 0.52e-6)
    }
    return building + test * training * (features * 0.08e-9 + 0.3e-9) + test * kept * 0.52e-6
  }

  /// The binary logarithm, by straight lines between powers of two: the C library's may differ in its
  /// last digit from machine to machine.
  private static func log2(_ value: Double) -> Double {
    Double(value.exponent) + value.significand - 1
  }
}
