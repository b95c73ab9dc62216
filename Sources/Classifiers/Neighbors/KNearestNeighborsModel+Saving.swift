package import LinearAlgebra

extension KNearestNeighborsModel {
  /// The training samples, one a row, in the order in which they were learned.
  package var samples: Matrix { search.samples }
}

extension KNearestNeighbors {
  /// Rebuilds a model from samples that nobody has checked yet.
  package func model(
    checking samples: Matrix, labels: [Int32], classCount: Int
  ) throws(ModelContentError) -> KNearestNeighborsModel {
    guard samples.rowCount < Int(Int32.max), samples.columnCount > 0,
      labels.count == samples.rowCount
    else {
      throw ModelContentError(
        "training_labels: expected one for each of \(samples.rowCount) samples, found "
          + "\(labels.count)")
    }
    if let odd = labels.first(where: { $0 < 0 || Int($0) >= classCount }) {
      throw ModelContentError("training_labels: expected one below \(classCount), found \(odd)")
    }
    if let odd = samples.elements.firstIndex(where: { !$0.isFinite }) {
      throw ModelContentError(
        "training_samples: sample \(odd / samples.columnCount) has \(samples.elements[odd])")
    }
    guard neighborCount <= samples.rowCount else {
      throw ModelContentError(
        "training_samples: \(neighborCount) neighbours need as many samples, found "
          + "\(samples.rowCount)")
    }
    return KNearestNeighborsModel(
      search: NeighborSearch(samples, distance: power == 1 ? .manhattan : .euclidean),
      labels: labels, classCount: classCount, neighborCount: neighborCount, weighting: weighting,
      isEuclidean: power == 2)
  }
}
