import LinearAlgebra

/// Numbers of which a few are wanted by their place in ascending order.
///
/// The numbers are thrown into equally wide bins, and only the bins that are asked for are sorted.
struct OrderStatistics {
  private var values: [Double]
  /// Where each bin begins in `values`, and where the last one ends.
  private let starts: [Int]
  private var isSorted: [Bool]

  /// - Parameter values: at least one; none is not a number.
  init(_ values: [Double]) {
    precondition(!values.isEmpty, "there must be a number")
    let binCount = max(1, values.count / 8)
    let least = values.min() ?? 0
    let width = ((values.max() ?? 0) - least) / Double(binCount)
    guard width > 0, width.isFinite else {
      self.values = values.ascending
      starts = [0, values.count]
      isSorted = [true]
      return
    }
    // Subtraction, division and rounding keep the order.
    let bins = values.map { min(Int(($0 - least) / width), binCount - 1) }
    var starts = [Int](repeating: 0, count: binCount + 1)
    for bin in bins { starts[bin + 1] += 1 }
    for bin in 0..<binCount { starts[bin + 1] += starts[bin] }
    var ends = starts
    var grouped = values
    for (value, bin) in zip(values, bins) {
      grouped[ends[bin]] = value
      ends[bin] += 1
    }
    self.values = grouped
    self.starts = starts
    isSorted = [Bool](repeating: false, count: binCount)
  }

  /// The number at a place, counted from 0.
  mutating func value(at place: Int) -> Double {
    var (low, high) = (0, isSorted.count - 1)
    // The last bin that begins at the place or before it.
    while low < high {
      let middle = (low + high + 1) / 2
      if starts[middle] <= place { low = middle } else { high = middle - 1 }
    }
    if !isSorted[low] {
      values[starts[low]..<starts[low + 1]].sort()
      isSorted[low] = true
    }
    return values[place]
  }

  /// The number at that share of the way from the first to the last, between two by proportion.
  mutating func quantile(_ share: Double) -> Double {
    let place = share * Double(values.count - 1)
    let index = min(Int(place), values.count - 1)
    let lower = value(at: index)
    let upper = value(at: min(index + 1, values.count - 1))
    return lower + (place - Double(index)) * (upper - lower)
  }
}
