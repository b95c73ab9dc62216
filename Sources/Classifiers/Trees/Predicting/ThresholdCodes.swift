/// The distinct thresholds of one feature in ascending order. The code of a value is the number of thresholds that it
/// exceeds.
struct ThresholdCodes: Sendable {
  private let thresholds: [Float]
  /// The first threshold of each bucket, followed by the number of thresholds. Buckets are equally wide parts of the
  /// range.
  private let starts: [UInt16]
  private let lowest: Float
  private let highest: Float
  private let bucketsPerUnit: Float

  /// - Parameter thresholds: ascending and finite; fewer than 2¹⁶.
  init(_ thresholds: [Float]) {
    self.thresholds = thresholds
    lowest = thresholds.first ?? 0
    highest = thresholds.last ?? 0
    var bucketCount = 1
    while bucketCount < 2 * thresholds.count { bucketCount *= 2 }
    let width = highest - lowest
    bucketsPerUnit = width > 0 ? Float(bucketCount - 1) / width : 0
    var starts = [UInt16](repeating: 0, count: bucketCount + 1)
    var bucket = 0
    for (number, threshold) in thresholds.enumerated() {
      let own = Int((threshold - lowest) * bucketsPerUnit)
      while bucket < own {
        bucket += 1
        starts[bucket] = UInt16(number)
      }
    }
    while bucket < bucketCount {
      bucket += 1
      starts[bucket] = UInt16(thresholds.count)
    }
    self.starts = starts
  }

  /// How many thresholds there are.
  var count: Int { thresholds.count }

  /// Calls `body` with a function that returns the code of a value, which is zero for NaN.
  @inline(__always)
  func withCodes(_ body: ((Float) -> UInt16) -> Void) {
    thresholds.withUnsafeBufferPointer { thresholds in
      starts.withUnsafeBufferPointer { starts in
        guard let thresholds = thresholds.baseAddress else { return body { _ in 0 } }
        let starts = starts.baseAddress!
        body { value in
          guard value > lowest else { return 0 }
          guard value <= highest else { return UInt16(truncatingIfNeeded: self.thresholds.count) }
          // Rounding keeps the order: thresholds in earlier buckets are smaller, in later ones larger.
          let bucket = Int((value - lowest) * bucketsPerUnit)
          var code = Int(starts[bucket])
          var end = Int(starts[bucket &+ 1])
          while code < end {
            let middle = (code &+ end) &>> 1
            if thresholds[middle] < value { code = middle &+ 1 } else { end = middle }
          }
          return UInt16(truncatingIfNeeded: code)
        }
      }
    }
  }
}
