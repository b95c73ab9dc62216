public import Datasets
public import LinearAlgebra

/// A classifier that lets the nearest training samples vote.
///
/// Fitting arranges the training samples in a k-d tree, where one is of use. Predicting finds each query's `neighborCount`
/// nearest and gives each class its share of their votes.
///
///     let model = try KNearestNeighbors(neighborCount: 3).fit(training)
///     model.predictions(for: test.features)
///
/// Among samples at equal distance those are taken that scikit-learn takes (``TieOrder``), and
/// equal votes go to the lower class index, so results do not depend on the number of threads.
///
/// - SeeAlso: Cover and Hart, "Nearest neighbor pattern classification", 1967,
///   doi:10.1109/TIT.1967.1053964.
extension KNearestNeighbors: Classifier {
  public func learn(from dataset: Dataset, threads: Int) throws -> KNearestNeighborsModel {
    guard neighborCount <= dataset.sampleCount else {
      throw FitError(
        "\(neighborCount) neighbours need as many training samples, found \(dataset.sampleCount)")
    }
    return KNearestNeighborsModel(
      self, samples: dataset.features, labels: dataset.labels.map { Int32($0) },
      classCount: dataset.classCount, threads: threads)
  }

  public func model(
    of tensors: NeighborTensors, _ description: ModelDescription
  ) -> any ClassificationModel {
    KNearestNeighborsModel(
      self,
      samples: Matrix(
        rowCount: tensors.labels.count, columnCount: tensors.featureCount,
        elements: tensors.samples),
      labels: tensors.labels, classCount: description.classNames.count)
  }

  /// How scikit-learn searches these samples.
  fileprivate func tieOrder(of samples: Matrix, _ labels: [Int32]) -> TieOrder {
    let isBrute = samples.columnCount > 15 || neighborCount >= samples.rowCount / 2
    let rule: TieOrder.Rule =
      if searchAlgorithm == .ballTree {
        .tree(.balls, leafSize: leafSize)
      } else if searchAlgorithm == .kdTree || (searchAlgorithm == .auto && !isBrute) {
        .tree(.boxes, leafSize: leafSize)
      } else if power == 2 {
        .products
      } else {
        // One leaf has all rows in their order.
        .tree(.boxes, leafSize: samples.rowCount)
      }
    return TieOrder(rule, needsDistances: weighting == .distance, labels: labels)
  }

  public func fittingSeconds(for size: DataSize) -> Double {
    size.trainingRows * size.features * 25e-9
  }

  /// With few features boxes keep most samples away; from about a dozen on all distances are measured.
  public func predictingSeconds(for size: DataSize) -> Double {
    let (training, test, features) = (size.trainingRows, size.testRows, size.features)
    let kept = Double(neighborCount)
    guard features >= 12 else {
      return test * (0.5e-6 + DataSize.log2(training) * features * 14e-9 + kept * 0.52e-6)
    }
    return test * training * (features * 0.08e-9 + 0.3e-9) + test * kept * 0.52e-6
  }

  /// Shuffled rows lie apart from others, so that boxes keep fewer samples away.
  public func shufflingSeconds(for size: DataSize) -> Double {
    1.4 * predictingSeconds(for: size)
  }
}

/// Training samples, arranged to be found.
public struct KNearestNeighborsModel: ClassificationModel, Hashable {
  let search: NeighborSearch
  /// The class of each training sample.
  let labels: [Int32]
  public let classCount: Int
  let parameters: KNearestNeighbors

  /// - Precondition: there are as many samples as neighbours, finite, each with a label below
  ///   `classCount`.
  init(
    _ parameters: KNearestNeighbors, samples: Matrix, labels: [Int32], classCount: Int,
    threads: Int = Parallelism.availableThreads
  ) {
    search = NeighborSearch(
      samples, distance: parameters.power == 1 ? .manhattan : .euclidean,
      ties: parameters.tieOrder(of: samples, labels), threads: threads)
    self.labels = labels
    self.classCount = classCount
    self.parameters = parameters
  }

  public var featureCount: Int { search.featureCount }
  public var tensors: any ModelTensors {
    NeighborTensors(featureCount: featureCount, samples: samples.elements, labels: labels)
  }
  /// The training samples, one a row, in the order in which they were learned.
  var samples: Matrix { search.samples }

  public func probabilities(for features: Matrix, threads: Int) -> Matrix {
    precondition(features.columnCount == featureCount, "the model knows \(featureCount) features")
    var result = Matrix(rowCount: features.rowCount, columnCount: classCount)
    guard features.rowCount > 0 else { return result }
    result.withUnsafeMutableElements { output in
      nonisolated(unsafe) let output = output.baseAddress!
      search.forEachQuery(
        in: features, neighborCount: parameters.neighborCount, threads: threads
      ) {
        count($1, into: output + $0 * classCount)
      }
    }
    return result
  }

  /// Turns neighbours into shares of their votes.
  private func count(_ nearest: borrowing Nearest, into shares: UnsafeMutablePointer<Double>) {
    nearest.assertInvariants()
    let weighting = parameters.weighting
    let isEuclidean = parameters.power == 2
    let onlyZeros = weighting == .distance && nearest.distances[0] == 0
    for index in 0..<parameters.neighborCount {
      let distance = nearest.distances[index]
      let vote =
        switch weighting {
        case .uniform: 1.0
        case .distance where onlyZeros: distance == 0 ? 1.0 : 0.0
        case .distance: 1 / (isEuclidean ? distance.squareRoot() : distance)
        }
      shares[Int(labels[Int(nearest.rows[index])])] += vote
    }
    // Rounded as in scikit-learn: rows with the same share stay equal in a ranking.
    let total = PairwiseSum.sum(shares, classCount)
    for label in 0..<classCount { shares[label] /= total }
  }
}
