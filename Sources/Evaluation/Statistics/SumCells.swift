import LinearAlgebra

/// A number that is a start plus the mean of one term per sample, from samples with about the same
/// term.
///
/// The mean loss is one with a start of 0. An area under the ROC curve is nearly one: each sample's
/// term is its influence times the number of samples.
struct SumCells: CellStatistic {
  /// Up to that many different terms have cells of their own; more are cut into so many ranges of equal
  /// width and so many of equal size.
  private static let mostTerms = 256

  private let start: Double
  private let terms: [Double]
  let counts: [Int]

  init(start: Double = 0, _ terms: [Double]) {
    let sorted = terms.ascending
    var distinct = sorted.isEmpty ? 0 : 1
    for index in sorted.indices.dropFirst() where sorted[index] != sorted[index - 1] {
      distinct += 1
    }
    let width = ((sorted.last ?? 0) - (sorted.first ?? 0)) / Double(Self.mostTerms)
    func band(_ index: Int) -> (Int, Int) {
      (index * Self.mostTerms / sorted.count, Int((sorted[index] - sorted[0]) / width))
    }
    var means: [Double] = []
    var counts: [Int] = []
    var first = 0
    for index in sorted.indices.dropFirst() + [sorted.count] {
      let isCut =
        index == sorted.count
        || sorted[index] != sorted[index - 1]
          && (distinct <= Self.mostTerms || band(index) != band(first))
      guard isCut, index > first else { continue }
      means.append(sorted[first..<index].reduce(0, +) / Double(index - first))
      counts.append(index - first)
      first = index
    }
    self.start = start
    self.terms = means
    self.counts = counts
  }

  var valueCount: Int { 1 }

  func evaluate(_ counts: UnsafePointer<Int32>, into values: UnsafeMutablePointer<Double>) {
    var sum = 0.0
    var total = 0.0
    for cell in 0..<terms.count {
      sum += Double(counts[cell]) * terms[cell]
      total += Double(counts[cell])
    }
    values[0] = start + sum / total
  }
}
