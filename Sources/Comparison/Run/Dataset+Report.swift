import Classifiers
import Datasets
import Evaluation
import LinearAlgebra

extension PreparedData {
  /// The data as a classifier takes it: with missing numbers as such where that is asked for and it accepts them.
  func taken(by classifier: some Classifier) -> PreparedData {
    missingPolicy == .native && lacksNumbers && type(of: classifier).acceptsMissing
      ? withMissingNumbers() : self
  }

  /// The groups of the test rows; `nil` where rows stand alone.
  var testGroups: SampleGroups? {
    groups.map {
      let numbered = $0.numbered(test.rows)
      return SampleGroups(ofSample: numbered.ofRow, count: numbered.count)
    }
  }

  /// The name of each test row's group; `nil` where rows stand alone.
  var testGroupNames: [String]? {
    groups.map { groups in test.rows.map { groups.names[groups.ofRow[$0]] } }
  }
}

extension Dataset {
  /// How well labels and probabilities that were predicted for the samples fit them.
  ///
  /// - Parameters:
  ///   - probabilities: one row per sample, one column per class.
  ///   - costs: what mistakes cost; `nil` where there is no cost to report.
  func report(
    _ predicted: [Int], _ probabilities: Matrix, _ costs: MistakeCosts?
  ) -> ClassificationReport {
    ClassificationReport(
      actual: labels, predicted: predicted, probabilities: probabilities, classNames: classNames,
      costs: costs)
  }

  /// How many samples each class has.
  var classCounts: [Int] {
    var counts = [Int](repeating: 0, count: classCount)
    for label in labels { counts[label] += 1 }
    return counts
  }
}
