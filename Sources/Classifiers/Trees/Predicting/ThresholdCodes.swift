/// The distinct thresholds of one feature in ascending order. The code of a value is the number of thresholds that it
/// exceeds.
struct ThresholdCodes<Value: CodedValue>: Sendable {
  private let thresholds: [Value]
  /// The first threshold of each bucket, followed by the number of thresholds. Buckets are equally wide parts of the
  /// range.
  private let starts: [UInt16]
  private let lowest: Value
  /// The highest one but for the largest finite number, which only separates missing values.
  private let highest: Value
  /// The code of values above `highest`.
  private let highestCode: UInt16
  private let missingCode: UInt16
  private let bucketsPerUnit: Value

  /// - Parameters:
  ///   - thresholds: ascending and finite; fewer than 2¹⁶.
  ///   - missingCode: the code of NaN.
  init(_ thresholds: [Value], missingCode: Int = 0) {
    self.thresholds = thresholds
    self.missingCode = UInt16(missingCode)
    let compared =
      thresholds.last == .greatestFiniteMagnitude ? thresholds.dropLast() : thresholds[...]
    lowest = compared.first ?? 0
    highest = compared.last ?? 0
    highestCode = UInt16(compared.count)
    var bucketCount = 1
    while bucketCount < 2 * thresholds.count { bucketCount *= 2 }
    let width = highest - lowest
    let bucketsPerUnit = width > 0 ? Value(bucketCount - 1) / width : 0
    // Of a range that is too wide or too narrow for that, all is one bucket.
    let isDivided = width.isFinite && bucketsPerUnit.isFinite
    self.bucketsPerUnit = isDivided ? bucketsPerUnit : 0
    var starts = [UInt16](repeating: 0, count: bucketCount + 1)
    var bucket = 0
    for (number, threshold) in compared.enumerated() {
      let own = isDivided ? ((threshold - lowest) * bucketsPerUnit).wholePart : 0
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

  /// Calls `body` with a function that returns the code of a value.
  @inline(__always)
  func withCodes(_ body: ((Value) -> UInt16) -> Void) {
    thresholds.withUnsafeBufferPointer { thresholds in
      starts.withUnsafeBufferPointer { starts in
        guard let thresholds = thresholds.baseAddress else {
          return body { $0.isNaN ? missingCode : 0 }
        }
        let starts = starts.baseAddress!
        body { value in
          if value <= lowest { return 0 }
          guard value <= highest else { return value.isNaN ? missingCode : highestCode }
          // Rounding keeps the order: thresholds in earlier buckets are smaller, in later ones larger.
          let bucket = bucketsPerUnit > 0 ? ((value - lowest) * bucketsPerUnit).wholePart : 0
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

/// A type of values that have codes. The conversion is a requirement, since that of the standard library is slow where
/// the type is generic.
protocol CodedValue: BinaryFloatingPoint, Sendable {
  /// The number without its fraction.
  var wholePart: Int { get }
}

extension Float: CodedValue {
  var wholePart: Int { Int(self) }
}

extension Double: CodedValue {
  var wholePart: Int { Int(self) }
}
